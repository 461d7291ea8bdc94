/** `substitute/1`: for a closed site stands in one of its own cell that had a chance, by lot. */

import { Infeasible } from "../assign/refusals.js";
import { ceil, units } from "../sample/decimals.js";
import { D } from "../sample/whole_numbers.js";

export const SUBSTITUTE = "substitute/1";

const LEVELS = { cell: ["bureau_id", "sector", "class"], bureau: ["bureau_id"] };

/** Return how many drawn sites of a bureau may be stood in for: a share of them, rounded up. */
export function allowed(share, drawn) {
  return ceil(BigInt(drawn) * units(share));
}

/**
 * @typedef {object} Candidates
 * @property {"cell"|"bureau"} level those of the site's own bureau, sector and class; or its bureau
 * @property {number[]} index positions in the roster
 * @property {number[]} numerators their chances in the draw, in units of 2^-40
 */

/**
 * Return who may stand in for the site at `closed`; draws nothing.
 *
 * Candidates had a chance and were left to it, 0 < numerator < 2^40. Those of the site's own cell,
 * as the view shows it; where there are none, those of its bureau.
 * @param {import("./standings.js").Standing[]} standings
 * @param {number[]} numerator
 * @param {number[]} out positions that cannot be taken: all that were drawn, and every one that
 *   stands in for one of them already
 * @param {number} closed
 * @returns {Candidates}
 */
export function candidates(standings, numerator, out, closed) {
  const barred = new Set([...out, closed]);
  const able = (i) => numerator[i] > 0 && numerator[i] < D && !barred.has(i);
  const own = standings[closed];
  for (const [level, columns] of Object.entries(LEVELS)) {
    const alike = (i) => columns.every((column) => standings[i][column] === own[column]);
    const index = [...standings.keys()].filter((i) => alike(i) && able(i));
    if (index.length) return { level, index, numerators: index.map((i) => numerator[i]) };
  }
  throw new Infeasible(
    `nobody is left in bureau ${own.bureau_id} to stand in for ${own.site}`,
    `监管机关 ${own.bureau_id} 已无可替补 ${own.site} 的机构`,
  );
}

/**
 * Return the position of the one who stands in: the first whose running sum of numerators exceeds
 * x = word * S / 2^64, cut, of their sum S. So each is taken with its chance, up to 2^-64.
 * @param {Candidates} among
 * @param {bigint} word 64 bits
 */
export function substitute({ index, numerators }, word) {
  const sum = numerators.reduce((all, a) => all + BigInt(a), 0n);
  const x = (word * sum) >> 64n;
  let upto = 0n;
  return index[numerators.findIndex((a) => x < (upto += BigInt(a)))];
}
