/**
 * How many officers a team is really drawn from, in whole numbers: what a record says of a site.
 */

import { WHOLE } from "./network.js";

/** The kind of seat that does not count: an expert accompanies the officers, never replaces one. */
const EXPERT = "expert";

/** Squares are added up by halves of 15 bits, which fit in a double. */
const HALF = 2 ** 15;

/**
 * Return of each task how many officers have a chance of an officer's seat (`eligible`), and as
 * `written`, with two decimals, cut, how many that amounts to: 1 / sum (p / q)^2, p an officer's
 * chance to be in the team on such a seat, q how many places these seats have.
 */
export function effectiveOfficers({ problem, numerator }) {
  const { tasks, officers, seat_task, seat_kind, quota, ptr } = problem;
  const eligible = new Int32Array(tasks.length);
  const written = [];
  const together = new Float64Array(officers.length);
  for (let s = 0, task = 0; task < tasks.length; task++) {
    const members = new Set();
    let places = 0;
    for (; s < seat_task.length && seat_task[s] === task; s++) {
      if (seat_kind[s] === EXPERT) continue;
      places += quota[s];
      for (let e = ptr[s]; e < ptr[s + 1]; e++) {
        if (numerator[e] > 0) members.add(problem.idx[e]);
        together[problem.idx[e]] += numerator[e];
      }
    }
    eligible[task] = members.size;
    written.push(decimals(places, squared(members, together)));
    for (const o of members) together[o] = 0;
  }
  return { eligible, written };
}

function squared(members, together) {
  let [highs, mixed, lows] = [0, 0, 0];
  for (const o of members) {
    const high = Math.floor(together[o] / HALF);
    const low = together[o] % HALF;
    highs += high * high;
    mixed += high * low;
    lows += low * low;
  }
  return (BigInt(highs) << 30n) + (BigInt(mixed) << 16n) + BigInt(lows);
}

function decimals(places, squares) {
  const whole = BigInt(places) * BigInt(WHOLE);
  const hundredths = squares ? (100n * whole * whole) / squares : 0n;
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, "0")}`;
}
