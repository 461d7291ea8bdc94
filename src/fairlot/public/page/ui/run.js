// The check under way and what it came to: a bar for the eye, a sentence for everybody.

import { STEPS } from "../record/steps.js";
import { fill, h, hidden, section } from "./dom.js";
import { badge, showSteps, summed } from "./verdicts.js";

const NAME = { en: "The check", zh: "核验" };
const CHECKING = { en: "checking: the whole draw is done again", zh: "正在核验：重做整个抽取" };

const STOPPED = { en: "stopped: nothing was decided", zh: "已停止：未作结论" };

/** The section of the verdict and its steps; `stop` drops the check under way. */
export function run(stop) {
  const [sentence, bar, count] = [verdict(), meter(), h("span", { class: "count" })];
  const halt = h("button", { type: "button", click: halted }, { en: "Stop", zh: "停止" });
  const going = h("p", { class: "going" }, bar, count, halt);
  const list = h("ol", { class: "steps", role: "list", id: "steps" });
  const node = hidden(section("check", NAME, sentence, going, list));

  function begin() {
    node.hidden = false;
    fill(sentence, CHECKING);
    for (const part of [list, count]) fill(part);
    bar.removeAttribute("value");
    going.hidden = false;
  }

  function progress({ step, done, total }) {
    [bar.max, bar.value] = [total, done];
    fill(count, counted(STEPS[step], done + 1, total));
  }

  function end(verdict, words) {
    going.hidden = true;
    fill(sentence, badge(verdict), " ", words);
  }

  function halted() {
    stop();
    end("not shown", STOPPED);
  }

  function show(steps) {
    end(...summed(steps));
    showSteps(list, steps);
  }
  const refuse = (refused) => end("fails", refused);
  return { node, begin, progress, show, refuse };
}

function verdict() {
  return h("p", { role: "status", class: "verdict", id: "verdict" });
}

function meter() {
  return h("progress", { max: "1", "aria-labelledby": "verdict" });
}

function counted([en, zh], number, total) {
  return { en: `${number} of ${total}: ${en}`, zh: `${number} / ${total}：${zh}` };
}
