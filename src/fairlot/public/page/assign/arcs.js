/**
 * The chances that are left to coins, as arcs in the order of the tickets: see `rounding`.
 *
 * Arcs out of seats, in order. Nodes are bundles, officers, groups, top, each in order. value
 * (arcs, grains), head (arcs: the node an arc leads to), edge (arcs: which edge of the problem it
 * is), first (the k-th seat has the arcs first[k] to first[k + 1] - 1), above (nodes: where the arc
 * out of a node leads; the top, which is last, has none).
 */

import { listed, placed } from "./listing.js";
import { NONE, WHOLE } from "./network.js";

/**
 * Return the arcs out of seats, in the order of the tickets.
 * @param {Uint32Array} taskWords a word for each task, as its high and its low half
 * @param {Uint32Array} officerWords a word for each officer, likewise
 */
export function arcsOf(network, seat_task, numerator, taskWords, officerWords) {
  const place = placesByWord(officerWords);
  const taskPlace = placesByWord(taskWords);
  const { place: seatPlace } = placed(seat_task.map((task) => taskPlace[task]), taskPlace.length);
  const { edge, first } = ordered(network, numerator, place, seatPlace);
  const { head, above } = nodes(network, edge, place);
  return { value: edge.map((e) => numerator[e]), head, edge, first, above };
}

/** Return the places of things in the order of (word, position). */
function placesByWord(words) {
  const order = Uint32Array.from({ length: words.length / 2 }, (_, i) => i);
  order.sort((i, j) => words[2 * i] - words[2 * j] || words[2 * i + 1] - words[2 * j + 1] || i - j);
  const place = new Uint32Array(order.length);
  order.forEach((i, k) => {
    place[i] = k;
  });
  return place;
}

/**
 * Return the edges neither 0 nor 1 by place of the seat, then of the officer; where seats begin.
 */
function ordered({ ptr, idx }, numerator, place, seatPlace) {
  const open = [];
  const seat = [];
  for (let s = 0; s + 1 < ptr.length; s++) {
    for (let e = ptr[s]; e < ptr[s + 1]; e++) {
      if (numerator[e] % WHOLE === 0) continue;
      open.push(e);
      seat.push(seatPlace[s]);
    }
  }
  const at = Int32Array.from(open, (_, k) => k);
  const byOfficer = listed(open.map((e) => place[idx[e]]), at, place.length).items;
  const bySeat = listed(byOfficer.map((k) => seat[k]), byOfficer, ptr.length - 1);
  return { edge: bySeat.items.map((k) => open[k]), first: bySeat.ptr };
}

/** Number the nodes; return the head of every arc, and the node above every node. */
function nodes({ idx, bundle, full, parent }, edge, place) {
  const bundles = full.length;
  const above = new Int32Array(bundles + parent.length + 1).fill(bundles + parent.length);
  parent.forEach((group, k) => {
    const node = k < place.length ? place[k] : k;
    if (group !== NONE) above[bundles + node] = bundles + group;
  });
  const number = new Int32Array(bundles).fill(NONE);
  let seen = 0;
  const head = edge.map((e) => {
    const officer = bundles + place[idx[e]];
    const b = bundle[e];
    if (b === NONE) return officer;
    if (number[b] === NONE) {
      above[seen] = officer;
      number[b] = seen++;
    }
    return number[b];
  });
  return { head, above };
}
