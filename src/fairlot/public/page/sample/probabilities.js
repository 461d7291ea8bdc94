/**
 * From weights to inclusion probabilities, in whole numbers only.
 *
 * pi_i = clip(lambda * w_i, floor, ceiling) with the one lambda that makes the sum n. The sum grows
 * with lambda along straight pieces whose corners are floor / w and ceiling / w, so a walk over the
 * sorted corners finds lambda exactly.
 */

import { InvalidInput } from "../errors.js";
import { ONE, units } from "./decimals.js";
import { D } from "./whole_numbers.js";

/**
 * @typedef {{top: bigint[], bottom: bigint}} Probabilities unit i has top[i] / bottom
 * @typedef {{weight: bigint, count: bigint}} Kind units of the same weight
 * @typedef {{low: bigint, high: bigint}} Bounds of every unit, in units of 10^-12
 */

/**
 * Return pi_i = clip(lambda * w_i, floor, ceiling) with sum exactly n.
 * @param {string[]} weights decimals; a unit of weight 0 gets the floor
 * @param {number} n how many units to draw
 * @param {string} floor decimal in [0, 1], for all units, at most the ceiling
 * @param {string} ceiling decimal in [0, 1]
 * @returns {Probabilities}
 */
export function clipProbabilities(weights, n, floor, ceiling) {
  const bounds = { low: units(floor), high: units(ceiling) };
  const kinds = kindsOf(weights);
  const wanted = BigInt(n) * ONE;
  refuseUnreachable([...kinds.values()], wanted, bounds);
  const { top, bottom } = multiplier([...kinds.values()], wanted, bounds);
  const share = ({ weight }) => clip(top * weight, bounds.low * bottom, bounds.high * bottom);
  const shares = new Map([...kinds].map(([text, kind]) => [text, share(kind)]));
  return { top: weights.map((text) => shares.get(text)), bottom: bottom * ONE };
}

function clip(value, low, high) {
  return value < low ? low : value > high ? high : value;
}

/** Return units alike, once each. */
function kindsOf(weights) {
  const kinds = new Map();
  for (const text of weights) {
    if (!kinds.has(text)) kinds.set(text, { weight: units(text), count: 0n });
    kinds.get(text).count += 1n;
  }
  return kinds;
}

/** Return lambda as a fraction: at x the sum is fixed + slope * x. */
function multiplier(kinds, wanted, { low, high }) {
  let fixed = kinds.reduce((sum, { count }) => sum + low * count, 0n);
  let [slope, corner] = [0n, null];
  for (corner of corners(kinds, low, high)) {
    if (fixed * corner.weight + slope * corner.bound >= wanted * corner.weight) break;
    fixed += corner.fixed;
    slope += corner.slope;
  }
  return slope
    ? { top: wanted - fixed, bottom: slope }
    : { top: corner.bound, bottom: corner.weight };
}

/** Return where units leave their floor or meet their ceiling, by rising bound / weight. */
function corners(kinds, low, high) {
  const weighty = kinds.filter(({ weight }) => weight > 0n);
  const found = weighty.flatMap(({ weight, count }) => [
    { bound: low, weight, fixed: -low * count, slope: weight * count },
    { bound: high, weight, fixed: high * count, slope: -weight * count },
  ]);
  return found.sort((a, b) => Number(clip(a.bound * b.weight - b.bound * a.weight, -1n, 1n)));
}

function refuseUnreachable(kinds, wanted, { low, high }) {
  const sum = (bound) => kinds.reduce((total, kind) => total + bound(kind) * kind.count, 0n);
  const least = sum(() => low);
  const most = sum(({ weight }) => (weight ? high : low));
  if (least <= wanted && wanted <= most && kinds.some(({ weight }) => weight)) return;
  const [n, from, to] = [wanted, least, most].map((amount) => Number(amount) / Number(ONE));
  throw new InvalidInput(
    `n is ${n}; of the weights and bounds given, want a weight above 0 and n from ${from} to ${to}`,
    `n 为 ${n}，应有大于 0 的权重，且 n 应在 ${from} 与 ${to} 之间`,
  );
}

/**
 * Return whole numbers a_i with sum exactly n * D: every pi_i * D rounded down, and one more for
 * the largest remainders, ties by position.
 * @param {Probabilities} pi with sum exactly n
 * @param {number} n
 * @returns {number[]}
 */
export function numerators({ top, bottom }, n) {
  const exact = top.map((value) => value * BigInt(D));
  const down = exact.map((value) => Number(value / bottom));
  const sum = down.reduce((total, value) => total + BigInt(value), 0n); // may pass 2^53
  const short = Number(BigInt(n) * BigInt(D) - sum);
  for (const i of byRemainder(exact.map((value) => value % bottom)).slice(0, short)) down[i] += 1;
  refuseNewCertainty(down, { top, bottom });
  return down;
}

/** Return the units by falling remainder, ties by position. */
function byRemainder(remainder) {
  const falling = [...new Set(remainder)].sort((a, b) => Number(a < b) - Number(a > b));
  const rank = new Map(falling.map((value, k) => [value, k]));
  const ranks = remainder.map((value) => rank.get(value));
  return [...remainder.keys()].sort((i, j) => ranks[i] - ranks[j] || i - j);
}

/** A probability of 0 or 1 must have been decided, not rounded to. */
function refuseNewCertainty(rounded, { top, bottom }) {
  const unsure = (a, i) => top[i] > 0n && top[i] < bottom && (a === 0 || a === D);
  const lost = rounded.findIndex(unsure);
  if (lost < 0) return;
  throw new InvalidInput(
    `pi[${lost}] is ${top[lost]}/${bottom}, which rounds to ${rounded[lost] / D} over 2^40`,
    `pi[${lost}] 为 ${top[lost]}/${bottom}，以 2^40 为分母将化为 ${rounded[lost] / D}`,
  );
}
