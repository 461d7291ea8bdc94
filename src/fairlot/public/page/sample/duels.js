/**
 * Duels of whole numbers: between amounts a and b (of D), if a + b < D one takes the sum, otherwise
 * one is drawn and the other keeps a + b - D. No expectation changes.
 *
 * Deville, Tillé (1998), Biometrika 85(1), doi:10.1093/biomet/85.1.89.
 */

import { D, below } from "./whole_numbers.js";

/**
 * @typedef {object} Left what a group leaves over whose sum is not a multiple of D
 * @property {number} speaker the item that speaks for the group: no word of a duel decides it
 * @property {number} holder the item that wins or loses what is left over
 * @property {number} rest how much it is
 */

/**
 * Let the items of each group duel in their order.
 * @param {number[][]} groups items
 * @param {ArrayLike<number>} amount of each item, 0 to D
 * @param {ArrayLike<bigint>} word of each item: decides its duel with who holds when it comes
 * @returns {{drawn: number[], left: Left[]}} who is drawn at once, and what is left, by speaker
 */
export function duels(groups, amount, word) {
  const drawn = [];
  const left = groups.map((items) => duel(items, amount, word, drawn));
  const open = left.filter(({ rest }) => rest > 0);
  return { drawn, left: open.sort((a, b) => a.speaker - b.speaker) };
}

function duel(items, amount, word, drawn) {
  const left = { speaker: -1, holder: -1, rest: 0 };
  for (const item of items) {
    if (amount[item] === D) drawn.push(item);
    else if (amount[item] > 0) meet(left, item, amount[item], word[item], drawn);
  }
  return left;
}

/** Let a newcomer duel with the holder, if there is one. */
function meet(left, item, comes, word, drawn) {
  const total = left.rest + comes;
  if (left.speaker < 0) left.speaker = item;
  if (total < D) {
    const stays = below(word, left.rest, total); // never, where nobody holds
    left.holder = stays ? left.holder : item;
    left.rest = total;
  } else {
    const wins = below(word, D - comes, 2 * D - total);
    drawn.push(wins ? left.holder : item);
    left.holder = wins ? item : left.holder;
    left.rest = total - D;
  }
}
