// What takes big integers, called with whatever whole numbers JSON brings.

import { schedule } from "/plan/schedule.js";
import { candidates, substitute } from "/plan/substitute.js";
import { numerators as exactly } from "/sample/probabilities.js";
import { below as decided } from "/sample/whole_numbers.js";

export const below = (word, top, bottom) => decided(BigInt(word), top, bottom);

export const numerators = (top, bottom, n) =>
  exactly({ top: top.map(BigInt), bottom: BigInt(bottom) }, n);

export const scheduled = (sites, order, start, world) =>
  schedule(sites, ...[order, start].map((words) => BigUint64Array.from(words, BigInt)), world);

export const stoodIn = (among, word) => substitute(among, BigInt(word));

/** Who may stand in, or why nobody can. */
export function standIns(...given) {
  try {
    return candidates(...given);
  } catch (error) {
    return { refused: error.name, zh: error.zh };
  }
}
