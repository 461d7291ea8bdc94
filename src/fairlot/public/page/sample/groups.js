/** Labels as small whole numbers, and items group by group in the order of their random words. */

/**
 * Return a code for each item, the same where labels are equal, and how many codes there are.
 * Codes rise with the first place of their label.
 * @param {ArrayLike<string|number>} labels
 */
export function coded(labels) {
  const seen = new Map();
  const code = Int32Array.from(labels, (label) => {
    if (!seen.has(label)) seen.set(label, seen.size);
    return seen.get(label);
  });
  return { code, groups: seen.size };
}

/** Return one code for each pair of codes, as coded() does. */
export function crossed(a, b) {
  return coded(Array.from(a.code, (code, i) => code * b.groups + b.code[i]));
}

/** Return the items of each group, in the order in which they stand. */
export function grouped({ code, groups }) {
  const members = Array.from({ length: groups }, () => []);
  code.forEach((group, item) => members[group].push(item));
  return members;
}

/**
 * Return the items of each group by rising word, ties by position.
 * @param {{code: Int32Array, groups: number}} codes
 * @param {BigUint64Array} words one for each item
 */
export function shuffled(codes, words) {
  const { high, low } = halves(words);
  const rising = (i, j) => high[i] - high[j] || low[i] - low[j] || i - j;
  const members = grouped(codes);
  for (const items of members) items.sort(rising);
  return members;
}

/** Numbers compare several times faster than big integers do. */
function halves(words) {
  const high = new Float64Array(words.length);
  const low = new Float64Array(words.length);
  words.forEach((word, i) => {
    high[i] = Number(word >> 32n);
    low[i] = Number(word & 0xffffffffn);
  });
  return { high, low };
}
