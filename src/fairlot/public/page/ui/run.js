// The check under way and what it came to: a bar for the eye, a sentence for everybody.

import { STEPS } from "../record/steps.js";
import { fill, h, hidden, section } from "./dom.js";
import { badge, showSteps, summed } from "./verdicts.js";

const CHECKING = { en: "checking: the whole draw is done again", zh: "正在核验：重做整个抽取" };

/** The section of the verdict and its steps. */
export function run() {
  const sentence = h("p", { role: "status", class: "verdict", id: "verdict" });
  const bar = h("progress", { max: "1", "aria-labelledby": "verdict" });
  const count = h("span", { class: "count" });
  const going = h("p", { class: "going" }, bar, count);
  const list = h("ol", { class: "steps", role: "list", id: "steps" });
  const node = hidden(section("check", { en: "The check", zh: "核验" }, sentence, going, list));

  function begin() {
    node.hidden = false;
    fill(sentence, CHECKING);
    fill(list);
    fill(count);
    bar.removeAttribute("value");
    going.hidden = false;
  }

  function progress({ step, done, total }) {
    const [en, zh] = STEPS[step];
    bar.max = total;
    bar.value = done;
    fill(count, { en: `${done + 1} of ${total}: ${en}`, zh: `${done + 1} / ${total}：${zh}` });
  }

  function end(verdict, words) {
    going.hidden = true;
    fill(sentence, badge(verdict), " ", words);
  }

  function show(steps) {
    end(...summed(steps));
    showSteps(list, steps);
  }

  return { node, begin, progress, show, refuse: (refused) => end("fails", refused) };
}
