// Elements without markup: whatever comes out of a record becomes text, never HTML.

import { tell } from "./language.js";

/**
 * Make an element.
 * @param {string} tag
 * @param {Object} attributes functions listen, true and false set or leave out
 * @param {...(Node|string|number|{en: string, zh: string}|null)} children both languages at once
 *   become a span that says the one of the page
 */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(node, name, value);
  node.append(...children.filter((child) => child !== null).map(grown));
  return node;
}

/** Put these children, see `h`, in the place of those that a node has. */
export function fill(node, ...children) {
  node.replaceChildren(...children.filter((child) => child !== null).map(grown));
}

/** A section of the page under its heading; it is named by it. */
export function section(id, heading, ...children) {
  const labelled = { id, "aria-labelledby": `${id}-heading` };
  return h("section", labelled, h("h2", { id: `${id}-heading` }, heading), ...children);
}

/** Pairs of what and how much; a pair without a value is left out. */
export function facts(pairs) {
  const told = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h("dl", { class: "facts" }, ...told.map(([name, value]) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

/** A field under its label. */
export function field(id, label, control) {
  control.id = id;
  return h("div", { class: "field" }, h("label", { for: id }, label), control);
}

/** Leave a section out of sight, and out of reach, until there is something in it. */
export function hidden(node) {
  node.hidden = true;
  return node;
}

function set(node, name, value) {
  if (typeof value === "function") node.addEventListener(name, value);
  else if (typeof value === "boolean") node.toggleAttribute(name, value);
  else node.setAttribute(name, value);
}

function grown(child) {
  if (child instanceof Node) return child;
  if (typeof child !== "object") return String(child);
  const span = document.createElement("span");
  tell(span, child);
  return span;
}
