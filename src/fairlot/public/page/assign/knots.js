/**
 * Runs of tied seats, *knots*: seats of one task that share officers, and the bundles that tie them.
 *
 * Knots: first, stop (seats first[k] to stop[k] - 1), begin (bundles of knot k), at (where its
 * matrix lies), ptr and seat (the seats of bundle b), who and full (of the bundles).
 */

import { owners } from "./listing.js";
import { bundleOfficers } from "./network.js";

/** Return the knots in the order of their seats: a bundle ties all seats from first to last. */
export function knotsOf(network) {
  const { ptr, bundlePtr, bundleEdge, full, quota } = network;
  const seatOf = owners(ptr);
  const seat = bundleEdge.map((e) => seatOf[e]);
  const opening = Int32Array.from(full, (_, b) => seat[bundlePtr[b]]);
  const closing = Int32Array.from(full, (_, b) => seat[bundlePtr[b + 1] - 1]);
  const { first, stop } = runs(opening, closing, quota.length);
  return {
    first,
    stop,
    begin: beginnings(opening, first),
    at: squares(first, stop),
    ptr: bundlePtr,
    seat,
    who: bundleOfficers(network),
    full,
  };
}

function runs(opening, closing, seats) {
  const onward = new Int32Array(seats + 1);
  for (const s of opening) onward[s] += 1;
  for (const s of closing) onward[s] -= 1;
  const first = [];
  const stop = [];
  for (let s = 0, tied = 0; s < seats; s++) {
    const next = tied + onward[s]; // how many bundles tie this seat to the next
    if (next > 0 && tied === 0) first.push(s);
    if (next === 0 && tied > 0) stop.push(s + 1);
    tied = next;
  }
  return { first: Int32Array.from(first), stop: Int32Array.from(stop) };
}

/** Return the first bundle of each knot, and their number last; they lie knot by knot. */
function beginnings(opening, first) {
  const begin = new Int32Array(first.length + 1);
  let b = 0;
  for (let k = 0; k < first.length; k++) {
    while (opening[b] < first[k]) b += 1;
    begin[k] = b;
  }
  begin[first.length] = opening.length;
  return begin;
}

function squares(first, stop) {
  const at = new Int32Array(first.length + 1);
  for (let k = 0; k < first.length; k++) at[k + 1] = at[k] + (stop[k] - first[k]) ** 2;
  return at;
}
