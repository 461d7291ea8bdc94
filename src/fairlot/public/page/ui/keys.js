// What the reader knows from elsewhere: without a key a record shows one hand, not whose.

import { field, h, section } from "./dom.js";

/** The section of what is known; `pins()` gives it as the worker wants it. */
export function keys(onCheck) {
  const key = h("input", { type: "text", ...PLAIN });
  const [logs, witnesses, stamps] = [2, 2, 3].map((rows) =>
    h("textarea", { rows: String(rows), ...PLAIN }));
  const audit = h("input", { type: "checkbox" });
  const form = h("form", { submit: (event) => (event.preventDefault(), onCheck()) },
    field("pin-key", { en: "The authority’s key", zh: "主管机关公钥" }, key),
    field("pin-logs", { en: "Keys of public logs, one a line", zh: "公开日志公钥，每行一个" }, logs),
    field("pin-witnesses", { en: "Keys of witnesses, one a line", zh: "见证人公钥，每行一个" }, witnesses),
    field("pin-stamps", { en: "Certificates of time-stamp authorities (PEM)",
                          zh: "时间戳机构证书（PEM）" }, stamps),
    field("pin-audit", { en: "I am an auditor: every row must be shown, as in the full record",
                         zh: "审计人员：须核验完整记录，每一行均应公开" }, audit),
    h("button", {}, { en: "Check with these keys", zh: "用以上公钥核验" }));
  const node = section("keys", { en: "Keys you know", zh: "您已知的公钥" },
    h("p", {}, {
      en: "Type them from the authority’s gazette or the witness’s own site, not from this page: name+hash+key.",
      zh: "请从主管机关公报或见证人网站抄录，勿从本页复制；格式为 名称+哈希+公钥。",
    }), form);
  const pins = () => ({
    ...{ key: key.value.trim(), logs: lines(logs), witnesses: lines(witnesses) },
    ...{ stamps: stamps.value.trim(), audit: audit.checked },
  });
  return { node, pins };
}

const PLAIN = { autocomplete: "off", autocapitalize: "off", spellcheck: "false" };

const lines = ({ value }) => value.split("\n").map((line) => line.trim()).filter(Boolean);
