// The lists that the record publishes, one at a time.

import { field, fill, h, hidden, section } from "./dom.js";
import { tell } from "./language.js";
import { table } from "./table.js";
import { listName } from "./words.js";

/** The section of the lists; `show` fills it from the summary. */
export function lists(onSite) {
  let found = {};
  const rows = table(onSite);
  const choice = h("select", { change: turn });
  const node = hidden(section("lists", { en: "The lists", zh: "公布的名单" },
    field("list", { en: "List", zh: "名单" }, choice), ...rows.nodes));

  function show(summary) {
    found = summary?.lists ?? {};
    const names = Object.keys(found);
    node.hidden = names.length === 0;
    if (node.hidden) return;
    fill(choice, ...names.map(option));
    choice.value = names[0];
    turn();
  }

  function turn() {
    rows.show(listName(choice.value), found[choice.value]);
  }

  return { node, show };
}

function option(name) {
  const node = h("option", { value: name });
  tell(node, listName(name));
  return node;
}
