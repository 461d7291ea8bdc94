// Two languages on one page: a node that was told something keeps both, so a switch redraws nothing.

const SPOKEN = { zh: "zh-Hans", en: "en" };

let now = "en";

/** What was asked for by ?lang= or #, else by the page, else by the browser; nothing is remembered. */
export function preferred() {
  const asked = new URLSearchParams(location.search).get("lang");
  const wished = [asked, location.hash.slice(1), document.documentElement.dataset.lang];
  const short = [...wished, ...navigator.languages].map((tag) => tag?.slice(0, 2).toLowerCase());
  return short.find((tag) => tag in SPOKEN) ?? "en";
}

/** Turn everything on the page to a language. */
export function speak(language) {
  now = language;
  document.documentElement.lang = SPOKEN[language];
  for (const node of document.querySelectorAll("[data-en]")) show(node);
}

/** Let a node say a text in the language of the page, now and after every switch. */
export function tell(node, { en, zh }) {
  Object.assign(node.dataset, { en, zh });
  show(node);
}

/** The text in the language of the page, for what is no node. */
export const spoken = (text) => text[now];

function show(node) {
  node.textContent = node.dataset[now];
}
