/** The lottery of officers: one whole assignment, every pair with exactly its published chance. */

import { arcsOf } from "./arcs.js";
import { BITS, WHOLE, networkOf } from "./network.js";
import { COINS, room, split, turn } from "./rounding.js";
import { teamsOf } from "./teams.js";

export const DESIGN = "dyadic/1";

const LOW = 0xffffffffn;

/**
 * Draw an officer for every place.
 *
 * @param {object} problem the problem that `chances` were asked of
 * @param {object} chances of `probabilities`
 * @param {{ words: function(number): BigUint64Array }} stream gives the next n words: one for each
 *   task, one for each officer, then the coins of 30 levels
 * @param {function(string, number, number): void} progress
 */
export function drawTeams(problem, chances, stream, progress = () => {}) {
  const { problem: of, numerator } = chances;
  const words = (n) => halves(stream.words(n));
  const taskWords = words(of.tasks.length);
  const officerWords = words(of.officers.length);
  const arcs = arcsOf(networkOf(of), of.seat_task, numerator, taskWords, officerWords);
  const level = room(arcs);
  for (let bit = 0; bit < BITS; bit++) {
    progress("lottery", bit, BITS);
    const { odd, cycles } = split(arcs, level, bit);
    turn(arcs, level, odd, bit, words(Math.ceil(cycles / COINS)));
  }
  progress("lottery", BITS, BITS);
  const used = numerator.slice();
  arcs.edge.forEach((e, a) => {
    used[e] = arcs.value[a];
  });
  return teamsOf(problem, of.idx.filter((_, e) => used[e] === WHOLE), DESIGN);
}

/** Return each word as its high and its low half. */
function halves(words) {
  const found = new Uint32Array(2 * words.length);
  words.forEach((word, i) => {
    found[2 * i] = Number(word >> 32n);
    found[2 * i + 1] = Number(word & LOW);
  });
  return found;
}
