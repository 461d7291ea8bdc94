// The frame around the sections: the way past the head, the two languages, what the page promises.

import { h } from "./dom.js";
import { speak } from "./language.js";

const LANGUAGES = { zh: "中文", en: "English" };

/** Header, main part with these sections, footer. */
export function frame(sections, language) {
  return [
    h("a", { class: "skip", href: "#verdict" }, { en: "To the verdict", zh: "跳到结论" }),
    h("header", {}, h("span", { class: "brand" }, "fairlot"), switcher(language)),
    h("main", {}, ...sections),
    h("footer", {}, h("p", {}, {
      en: "This page is a program of its own: it does the whole draw again in this browser, asks nobody and sends nothing. The mark and the word of a step are its verdict.",
      zh: "本页是独立的程序：在浏览器中重做整个抽取，不询问任何人，也不外传任何内容。各步的符号与文字即其结论。",
    })),
  ];
}

function switcher(language) {
  const buttons = Object.entries(LANGUAGES).map(([tag, name]) =>
    h("button", { type: "button", lang: tag, "data-language": tag, "aria-pressed": `${tag === language}` },
      name));
  const turn = ({ target: { dataset } }) => {
    if (!dataset.language) return;
    speak(dataset.language);
    for (const one of buttons) one.setAttribute("aria-pressed", `${one.lang === dataset.language}`);
  };
  return h("div", { class: "languages", role: "group", "aria-label": "语言 Language", click: turn },
    ...buttons);
}
