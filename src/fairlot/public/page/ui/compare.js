// Two checkpoints of a log: one history that has grown, or two stories?

import { badge } from "./verdicts.js";
import { field, fill, h, section } from "./dom.js";

/** The section in which two checkpoints are compared. */
export function compare(ask, pins) {
  const [one, two, proof] = [5, 5, 2].map((rows) =>
    h("textarea", { rows: String(rows), autocomplete: "off", spellcheck: "false" }));
  one.required = two.required = true;
  const sentence = h("p", { role: "status", class: "verdict" });
  const form = h("form", { submit: (event) => (event.preventDefault(), look()) },
    h("div", { class: "pair" },
      field("checkpoint-one", { en: "A checkpoint", zh: "一个检查点" }, one),
      field("checkpoint-two", { en: "Another of the same log", zh: "同一日志的另一检查点" }, two)),
    field("checkpoint-proof", { en: "Consistency proof, one hash a line (if the sizes differ)",
                                zh: "一致性证明，每行一个哈希（大小不同时需要）" }, proof),
    h("button", {}, { en: "Compare", zh: "比较" }));
  const node = section("compare", { en: "Two checkpoints of a log", zh: "比较日志的两个检查点" },
    form, sentence);

  async function look() {
    const hashes = proof.value.split(/\s+/).filter(Boolean);
    const { logs, witnesses } = pins();
    const { value, refused } = await ask("compare", [{
      one: noted(one.value), two: noted(two.value),
      proof: hashes.length ? hashes : null, keys: [...logs, ...witnesses],
    }]);
    const { verdict, note } = value ?? { verdict: "fails", note: refused };
    fill(sentence, badge(verdict), " ", note);
  }

  return { node };
}

/** The text of a note ends with a line end, which pasting may lose, and has no others but LF. */
const noted = (text) => `${text.replaceAll("\r\n", "\n").trim()}\n`;
