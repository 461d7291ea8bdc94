/** What a file of a stranger's makes a step say: one line without controls and marks of direction. */

const LONGEST = 500; // characters of a note

/** Return a step whose note may repeat hostile text, fit to be read. */
export function readable(step) {
  const plain = (text) => text.slice(0, LONGEST).replace(/\p{C}|(?! )\p{Z}/gu, "\ufffd");
  const note = Object.entries(step.note).map(([lang, text]) => [lang, plain(text)]);
  return { ...step, note: Object.fromEntries(note) };
}
