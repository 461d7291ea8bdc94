/**
 * Where the search for balanced chances stands, and how the loads there follow the factors.
 *
 * Parts: a network taken apart: single edges by seat (seats), bundles by knot (knots), limits by
 * node (limits), people.
 * Point: the factors v of the nodes; w (officers), the product of v over the officer and the groups
 * around; fit; matrices of the knots, eliminated; load (nodes); the largest relative miss of a
 * limit, at `node`.
 */

import { answeredKnots, fitKnots } from "./balance_knots.js";
import { addedDown, addedUp, limitsOf, multipliedDown, worstMiss } from "./balance_nodes.js";
import { answeredSeats, emptyFit, fitSeats } from "./balance_seats.js";
import { knotsOf } from "./knots.js";
import { positions } from "./listing.js";
import { NONE } from "./network.js";

/** Return `network` taken apart; without bundles, its edges are not copied. */
export function partsOf(network, low, high) {
  const knots = knotsOf(network);
  const tied = new Uint8Array(network.quota.length);
  knots.first.forEach((a, k) => tied.fill(1, a, knots.stop[k]));
  const edges = knots.first.length ? singleEdges(network) : network;
  const quota = Float64Array.from(network.quota);
  return {
    seats: { ptr: edges.ptr, idx: edges.idx, quota, tied },
    knots,
    limits: limitsOf(network, low, high),
    people: network.people,
  };
}

function singleEdges({ ptr, idx, bundle }) {
  const single = positions(bundle, (b) => b === NONE);
  const fewer = new Int32Array(ptr.length);
  for (let s = 0, at = 0; s < ptr.length; s++) {
    while (at < single.length && single[at] < ptr[s]) at += 1;
    fewer[s] = at;
  }
  return { ptr: fewer, idx: single.map((e) => idx[e]) };
}

/** Return the point of the factors v; the fit of the knots begins at u. */
export function pointAt({ seats, knots, limits, people }, v, u) {
  const w = multipliedDown(v, limits.parent, people);
  const fit = emptyFit(u, people);
  const matrices = new Float64Array(knots.at[knots.first.length]);
  fitSeats(seats, w, fit);
  fitKnots(seats, knots, w, fit, matrices);
  const load = addedUp(w.map((weight, o) => weight * fit.live[o] + fit.held[o]), limits.parent);
  return { v, w, fit, matrices, load, ...worstMiss(v, load, limits) };
}

/** Return how the loads (nodes) follow when the logs of the factors change by p. */
export function followed({ seats, knots, limits, people }, { w, fit, matrices }, p) {
  const down = addedDown(p, limits.parent, people);
  const push = w.map((weight, o) => weight * down[o]);
  const answer = new Float64Array(people);
  answeredSeats(seats, w, fit, push, answer);
  answeredKnots(seats, knots, w, fit, matrices, push, answer);
  return addedUp(push.map((by, o) => by * fit.live[o] - w[o] * answer[o]), limits.parent);
}
