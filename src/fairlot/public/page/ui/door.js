// The proof of one site as officers carry it, or that a site is not there: dropped, chosen, pasted.

import { fill, h, section, field } from "./dom.js";
import { showSteps, summed, badge } from "./verdicts.js";

/** The section of the door proof; `check` takes the bytes of one. */
export function door(ask, pins) {
  const file = h("input", { type: "file", accept: ".json,application/json",
    change: async () => file.files[0] && check(await bytesOf(file.files[0])) });
  const pasted = h("textarea", { rows: "3", autocomplete: "off", spellcheck: "false" });
  const form = h("form", { submit: (event) => (event.preventDefault(), check(written(pasted.value))) },
    field("door-file", { en: "The file (door.json or absence.json); it may be dropped anywhere here",
                         zh: "证明文件（door.json 或 absence.json），也可直接拖入本页" }, file),
    field("door-text", { en: "or its text", zh: "或粘贴其内容" }, pasted),
    h("button", {}, { en: "Check the proof", zh: "核验证明" }));
  const sentence = h("p", { role: "status", class: "verdict" });
  const list = h("ol", { class: "steps", role: "list" });
  const heading = { en: "The proof of one site, or of none", zh: "单个机构的现场证明或不在名录证明" };
  const node = section("door", heading, form, sentence, list);

  async function check(bytes) {
    const now = Math.floor(Date.now() / 1000);
    const { value, refused } = await ask("door", [{ file: bytes, now, pins: pins() }]);
    const [verdict, words] = refused ? ["fails", refused] : summed(value.steps);
    fill(sentence, badge(verdict), " ", words);
    showSteps(list, value?.steps ?? []);
  }

  return { node, check };
}

const bytesOf = async (file) => new Uint8Array(await file.arrayBuffer());

/** A proof is one line with its line end, which pasting loses. */
const written = (text) => new TextEncoder().encode(`${text.trim()}\n`);
