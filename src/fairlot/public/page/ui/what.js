// What is being checked: whose draw, of what, when, by which randomness.

import { facts, fill, h, hidden } from "./dom.js";
import { viewName } from "./words.js";

const NAME = { en: "Check of a public inspection draw", zh: "公开抽查核验" };

/** The head of the page; `show` fills it from the summary of a record. */
export function what() {
  const heading = h("h1", {}, NAME);
  const told = hidden(h("div"));
  const node = h("section", { id: "what", "aria-label": "fairlot" }, heading, told);

  function show(summary) {
    told.hidden = summary === null;
    if (summary === null) return fill(heading, NAME);
    fill(heading, named(summary.task));
    fill(told, h("p", { class: "who" }, summary.authority), facts(factsOf(summary)), h("details", {},
      h("summary", {}, { en: "Keys, seed and randomness", zh: "密钥、种子与随机数" }),
      facts(proofsOf(summary))));
    document.title = `${summary.task} · fairlot`;
  }

  return { node, show };
}

const named = (task) => ({ en: `Check of the draw ${task}`, zh: `核验抽取 ${task}` });

function factsOf({ scope, period, window: { first, last }, people, ...more }) {
  return [
    [{ en: "Scope", zh: "抽查范围" }, scope],
    [{ en: "Period", zh: "抽查期间" }, period],
    [{ en: "Visits between", zh: "检查时段" }, `${first} – ${last}`],
    [{ en: "Announced (the authority’s word)", zh: "公告时间（主办方自述）" }, more.announced_at],
    [{ en: "Announcement number", zh: "公告序号" }, more.sequence],
    [{ en: "Sites in the roster", zh: "名录机构数" }, more.sites],
    [{ en: "Sites drawn", zh: "抽中机构数" }, more.drawn ?? { en: "not drawn yet", zh: "尚未抽取" }],
    [{ en: "Officers, experts", zh: "检查人员、专家" }, `${people.officers}, ${people.experts}`],
    [{ en: "Randomness from", zh: "随机数来源" }, sourceOf(more.beacon)],
    [{ en: "View", zh: "公开方式" }, viewName(more.view)],
    [{ en: "Custodians", zh: "保管人" }, more.custodians.join(", ")],
  ];
}

function proofsOf({ key, hash, seed, value, beacon }) {
  return [
    [{ en: "The authority’s key, as the record names it", zh: "记录自述的主管机关公钥" }, code(key)],
    [{ en: "Hash", zh: "哈希算法" }, hash],
    [{ en: "Beacon", zh: "信标" }, code(JSON.stringify(beacon))],
    [{ en: "Its value", zh: "信标值" }, value && code(JSON.stringify(value))],
    [{ en: "Seed", zh: "种子" }, seed && code(seed)],
  ];
}

/** A beacon in a line: its name, what it was asked for, the moment it came out. */
function sourceOf({ source, round, issues, time }) {
  const moment = Number.isSafeInteger(time) ? new Date(1000 * time).toISOString().slice(0, 19) : null;
  return [source, round, issues?.join("+"), moment && `${moment}Z`].filter(Boolean).join(" · ");
}

const code = (text) => h("code", {}, text);
