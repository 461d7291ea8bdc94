// A list of thousands: a part of it at a time, those rows that hold what one looks for.

import { field, fill, h } from "./dom.js";
import { tell } from "./language.js";
import { columnName } from "./words.js";

const SHOWN = 50;
const SITE = ["site", "site_id"];

/** A table with its filter and pages; `onSite` is called with the site that was chosen. */
export function table(onSite) {
  const state = { name: { en: "", zh: "" }, columns: [], rows: [], at: 0 };
  const wanted = h("input", { type: "search", autocomplete: "off", input: () => turn(0) });
  const grid = h("table");
  const place = h("span", { role: "status" });
  const back = button({ en: "Back", zh: "上一页" }, () => turn(state.at - SHOWN));
  const on = button({ en: "On", zh: "下一页" }, () => turn(state.at + SHOWN));

  function matching() {
    const text = wanted.value.trim().toLowerCase();
    return state.rows.filter((row) => row.some((cell) => cell.toLowerCase().includes(text)));
  }

  function turn(at, shown = SHOWN) {
    const rows = matching();
    state.at = at;
    back.disabled = at === 0;
    on.disabled = at + shown >= rows.length;
    const last = Math.min(at + shown, rows.length);
    tell(place, placed(rows.length && at + 1, last, rows.length));
    fill(grid, h("caption", {}, state.name), head(state.columns),
      body(state.columns, rows.slice(at, last), onSite));
  }

  // On paper nobody turns pages.
  addEventListener("beforeprint", () => turn(0, Infinity));
  addEventListener("afterprint", () => turn(0));

  return {
    nodes: [tools(wanted, back, place, on), scrolled(grid)],
    show(name, { columns, rows }) {
      Object.assign(state, { name, columns, rows });
      turn(0);
    },
  };
}

function tools(wanted, ...pages) {
  return h("div", { class: "tools" },
    field("filter", { en: "Only rows with", zh: "筛选" }, wanted),
    h("div", { class: "pages" }, ...pages));
}

function scrolled(grid) {
  const region = { tabindex: "0", role: "region", "aria-labelledby": "lists-heading" };
  return h("div", { class: "scroll", ...region }, grid);
}

function head(columns) {
  return h("thead", {}, h("tr", {}, ...columns.map((name) =>
    h("th", { scope: "col" }, columnName(name)))));
}

function body(columns, rows, onSite) {
  const sites = columns.map((name) => SITE.includes(name));
  return h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map((cell, i) =>
    h("td", {}, sites[i] ? link(cell, onSite) : cell)))));
}

function link(site, onSite) {
  return h("button", { type: "button", class: "link", click: () => onSite(site) }, site);
}

function button(name, click) {
  return h("button", { type: "button", click }, name);
}

function placed(first, last, all) {
  return { en: `${first}–${last} of ${all}`, zh: `第 ${first}–${last} 行，共 ${all} 行` };
}
