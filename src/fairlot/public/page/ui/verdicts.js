// Verdicts: a mark, a word and a colour, never the colour alone.

import { fill, h } from "./dom.js";

const WORDS = {
  holds: ["✓", { en: "holds", zh: "成立" }],
  fails: ["✗", { en: "fails", zh: "不成立" }],
  "not shown": ["?", { en: "not shown", zh: "未证明" }],
};

/** The verdict as a badge. */
export function badge(verdict) {
  const [mark, word] = WORDS[verdict];
  return h("span", { class: "badge", "data-verdict": verdict },
    h("span", { "aria-hidden": "true" }, mark), " ", word);
}

/** The numbered steps with their verdicts into a list. */
export function showSteps(list, steps) {
  fill(list, ...steps.map(step));
}

function step({ number, title, verdict, note }) {
  return h("li", { "data-verdict": verdict },
    h("span", { class: "number" }, number),
    h("span", { class: "title" }, title),
    badge(verdict),
    note.en ? h("span", { class: "note" }, note) : null);
}

/** What all steps together come to: a verdict and a sentence. */
export function summed(steps) {
  const [failed, unshown] = ["fails", "not shown"].map((verdict) =>
    steps.filter((each) => each.verdict === verdict));
  if (failed.length) return ["fails", failedOf(failed, steps.length)];
  if (unshown.length) return ["not shown", {
    en: `nothing fails; ${unshown.length} of ${steps.length} steps are not shown, see what would show them`,
    zh: `没有不成立的步骤；${steps.length} 步中有 ${unshown.length} 步未证明，所需证据见各步说明`,
  }];
  return ["holds", { en: `all ${steps.length} steps hold`, zh: `${steps.length} 步全部成立` }];
}

function failedOf(failed, all) {
  const [{ number, title }] = failed;
  return {
    en: `${failed.length} of ${all} steps fail; first: ${number}, ${title.en}`,
    zh: `${all} 步中有 ${failed.length} 步不成立；首先是第 ${number} 步：${title.zh}`,
  };
}
