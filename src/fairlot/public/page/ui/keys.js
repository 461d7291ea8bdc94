// Keys that the reader knows from elsewhere: without them a record shows one hand, not whose.

import { field, h, section } from "./dom.js";

/** The section of known keys; `pins()` gives them as the worker wants them. */
export function keys(onCheck) {
  const key = h("input", { type: "text", ...PLAIN });
  const [logs, witnesses] = [0, 1].map(() => h("textarea", { rows: "2", ...PLAIN }));
  const form = h("form", { submit: (event) => (event.preventDefault(), onCheck()) },
    field("pin-key", { en: "The authority’s key", zh: "主管机关公钥" }, key),
    field("pin-logs", { en: "Keys of public logs, one a line", zh: "公开日志公钥，每行一个" }, logs),
    field("pin-witnesses", { en: "Keys of witnesses, one a line", zh: "见证人公钥，每行一个" }, witnesses),
    h("button", {}, { en: "Check with these keys", zh: "用以上公钥核验" }));
  const node = section("keys", { en: "Keys you know", zh: "您已知的公钥" },
    h("p", {}, {
      en: "Type them from the authority’s gazette or the witness’s own site, not from this page: name+hash+key.",
      zh: "请从主管机关公报或见证人网站抄录，勿从本页复制；格式为 名称+哈希+公钥。",
    }), form);
  const pins = () => ({ key: key.value.trim(), logs: lines(logs), witnesses: lines(witnesses) });
  return { node, pins };
}

const PLAIN = { autocomplete: "off", autocapitalize: "off", spellcheck: "false" };

const lines = ({ value }) => value.split("\n").map((line) => line.trim()).filter(Boolean);
