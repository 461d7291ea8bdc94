/**
 * The factors of officers and groups: which limit holds each of them back, and by how much.
 *
 * A factor below 1 holds a load down to its upper limit, one above 1 lifts it to its lower limit,
 * and 1 says that neither binds. Where both limits are one number, it takes any value above 0.
 *
 * Limits: low, high (nodes, in places), parent.
 */

import { grown } from "./arithmetic.js";
import { NONE, WHOLE } from "./network.js";

/** Which limit a factor answers to. */
export const [NEITHER, UPPER, LOWER, BOTH] = [0, 1, 2, 3];

/** Factors and weights are kept between these; whoever needs others will not converge. */
const SMALLEST = 2 ** -900;
const LARGEST = 2 ** 900;

/** Return the limits, given in grains, in places. */
export function limitsOf(network, low, high) {
  const places = (grains) => Float64Array.from(grains, (value) => value / WHOLE);
  return { low: places(low), high: places(high), parent: network.parent };
}

/** Return the sum at every node, from the amounts at the officers. */
export function addedUp(amount, parent) {
  const total = new Float64Array(parent.length);
  total.set(amount);
  for (let node = 0; node < parent.length; node++) {
    if (parent[node] !== NONE) total[parent[node]] += total[node];
  }
  return total;
}

/** Return for every officer the sum over the officer and the groups around. */
export function addedDown(amount, parent, people) {
  const total = amount.slice();
  for (let node = parent.length - 1; node >= 0; node--) {
    if (parent[node] !== NONE) total[node] += total[parent[node]];
  }
  return total.subarray(0, people);
}

/** Return for every officer the product over the officer and the groups around. */
export function multipliedDown(factor, parent, people) {
  const total = factor.slice();
  for (let node = parent.length - 1; node >= 0; node--) {
    if (parent[node] !== NONE) total[node] = kept(total[node] * total[parent[node]]);
  }
  return total.subarray(0, people);
}

/**
 * Return the factors after one proportional sweep of the nodes, inner ones first.
 *
 * A factor becomes the one nearest to 1 that would put the load of its node within the limits if
 * the load followed it in proportion; groups see the loads that their members then have.
 */
export function proportional(v, load, { low, high, parent }) {
  const next = v.slice();
  const change = new Float64Array(v.length);
  for (let node = 0; node < v.length; node++) {
    let seen = load[node] + change[node];
    if (seen > 0) {
      const least = (v[node] * low[node]) / seen;
      const most = (v[node] * high[node]) / seen;
      const lifted = least > 1 ? least : 1;
      next[node] = kept(most < lifted ? most : lifted);
      seen *= next[node] / v[node];
    }
    if (parent[node] !== NONE) change[parent[node]] += seen - load[node];
  }
  return next;
}

/** Return which limit every factor answers to: one that binds or is missed. */
export function sides(v, load, { low, high }) {
  return Uint8Array.from(v, (factor, node) => {
    if (load[node] <= 0) return NEITHER;
    if (low[node] === high[node]) return BOTH;
    if (factor < 1 || (factor === 1 && load[node] > high[node])) return UPPER;
    return factor > 1 || load[node] < low[node] ? LOWER : NEITHER;
  });
}

/** Return the factors after a step of their logs, stopped at 1, and the steps really taken. */
export function moved(v, step, side) {
  const next = v.slice();
  const taken = new Float64Array(v.length);
  for (let node = 0; node < v.length; node++) {
    if (step[node] === 0) continue;
    const factor = kept(grown(v[node], step[node]));
    const past = side[node] === UPPER ? factor > 1 : side[node] === LOWER && factor < 1;
    next[node] = past ? 1 : factor;
    taken[node] = past ? (2 * (1 - v[node])) / (1 + v[node]) : step[node];
  }
  return { v: next, taken };
}

/**
 * Return the largest relative miss of a limit or of its factor, and the node, NONE if none.
 *
 * A factor other than 1 misses by what its limit has to spare, or by its distance from 1,
 * whichever is less. A factor or load that is no number misses infinitely.
 */
export function worstMiss(v, load, limits) {
  let miss = 0;
  let where = NONE;
  for (let node = 0; node < v.length; node++) {
    if (!(v[node] > 0 && Math.abs(load[node]) < Infinity)) return { miss: Infinity, node };
    const here = missOf(v[node], load[node], limits.low[node], limits.high[node]);
    if (here > miss) {
      miss = here;
      where = node;
    }
  }
  return { miss, node: where };
}

function missOf(factor, load, low, high) {
  const miss = Math.max(over(load, high), over(low, load));
  if (low < high && factor < 1) return Math.max(miss, Math.min(1 - factor, over(high, load)));
  if (low < high && factor > 1) return Math.max(miss, Math.min(1 - 1 / factor, over(load, low)));
  return miss;
}

/** Return by what share of itself `amount` exceeds `limit`. */
function over(amount, limit) {
  return amount <= limit ? 0 : Math.min((amount - limit) / amount, 1);
}

function kept(factor) {
  const raised = SMALLEST > factor ? SMALLEST : factor;
  return LARGEST < raised ? LARGEST : raised;
}
