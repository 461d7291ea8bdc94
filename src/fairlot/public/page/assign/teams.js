/** The teams that were drawn: who takes every place; the officers of one seat ascending. */

import { NONE } from "./network.js";
import { placeSeat } from "./problem.js";

/** Return the teams {problem, officer (places), borrowed (places), design} of these officers. */
export function teamsOf(problem, officer, design) {
  const seat = placeSeat(problem);
  const borrowed = Uint8Array.from(officer, (o, place) => {
    const e = entry(problem, seat[place], o);
    return e !== NONE && problem.tier[e] > 0 ? 1 : 0;
  });
  return { problem, officer, borrowed, design };
}

/** Return which edge an officer has in the row of a seat, NONE if none. */
export function entry({ ptr, idx }, seat, officer) {
  let [low, high] = [ptr[seat], ptr[seat + 1]];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (idx[middle] < officer) low = middle + 1;
    else high = middle;
  }
  return low < ptr[seat + 1] && idx[low] === officer ? low : NONE;
}

/** Return the number of places that each officer of `problem` takes. */
export function loadsOf(problem, officer) {
  const load = new Int32Array(problem.officers.length);
  for (const o of officer) load[o] += 1;
  return load;
}
