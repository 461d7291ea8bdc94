/**
 * nested_pivotal/1: units duel in cells (bureau x sector x class), the left-overs of cells duel in
 * bureau x sector, and what is then left over is rounded over the whole table.
 */

import { InvalidInput } from "../errors.js";
import { duels } from "./duels.js";
import { coded, crossed, shuffled } from "./groups.js";
import { roundTwoWay } from "./two_way.js";
import { D } from "./whole_numbers.js";

/**
 * Return the drawn positions, rising: of every bureau exactly the sum of its numerators over D.
 * @param {ArrayLike<number>} numerators whole, 0 to D = 2^40; a bureau's sum is a multiple of D
 * @param {ArrayLike<string>} bureau labels, here and below: only whether two are equal matters
 * @param {ArrayLike<string>} sector
 * @param {ArrayLike<string>} credit
 * @param {Iterable<bigint>[]} words five columns of 64-bit words: order 1, duel 1, order 2, duel 2,
 *   rounding; unit i consumes the i-th word of each
 * @returns {number[]}
 */
export function nestedPivotal(numerators, bureau, sector, credit, words) {
  const labels = { bureau: coded(bureau), sector: coded(sector) };
  refuseBrokenSums(numerators, labels.bureau, bureau);
  const [order1, duel1, ...later] = words.map(asWords);
  const pair = crossed(labels.bureau, labels.sector);
  const cells = shuffled(crossed(pair, coded(credit)), order1);
  const { drawn, left } = duels(cells, numerators, duel1);
  return drawn.concat(winners(left, pair, labels, later)).sort((a, b) => a - b);
}

/** Return the units that win the left-overs of their cells. */
function winners(cells, pair, labels, words) {
  const speakers = cells.map(({ speaker }) => speaker);
  const [order, duel, rounding] = words.map((word) => speakers.map((unit) => word[unit]));
  const groups = shuffled(coded(speakers.map((unit) => pair.code[unit])), order);
  const { drawn, left } = duels(groups, cells.map(({ rest }) => rest), duel);
  const entries = left.map(({ speaker, rest }) => ({
    amount: rest,
    row: `bureau ${labels.bureau.code[speakers[speaker]]}`,
    column: `sector ${labels.sector.code[speakers[speaker]]}`,
    order: order[speaker],
    word: rounding[speaker],
  }));
  const rounded = roundTwoWay(entries);
  const won = left.filter((_, k) => rounded[k] === D).map(({ holder }) => holder);
  return [...drawn, ...won].map((cell) => cells[cell].holder);
}

function asWords(column) {
  return column instanceof BigUint64Array ? column : BigUint64Array.from(column, BigInt);
}

/** What follows is promised to whole sums only. */
function refuseBrokenSums(numerators, { code, groups }, bureau) {
  const rest = new Float64Array(groups);
  code.forEach((group, unit) => {
    const amount = numerators[unit];
    const fits = Number.isInteger(amount) && amount >= 0 && amount <= D;
    rest[group] = fits ? (rest[group] + amount) % D : NaN;
  });
  const unit = code.findIndex((group) => rest[group] !== 0);
  if (unit < 0) return;
  throw new InvalidInput(
    `bureau ${bureau[unit]}: want whole numerators of 0 to 2^40 that add up to a multiple of it`,
    `监管机关 ${bureau[unit]}：分子应为 0 至 2^40 的整数，且其和为 2^40 的倍数`,
  );
}
