/**
 * Who takes which place, and the moves by which places change hands.
 *
 * The nodes are those of the network, and after them the *top*. What hangs below a node is a linked
 * list: the places an officer takes, or the nodes of a group, numbered on from the places; what
 * comes last is first in the list.
 *
 * Seating: mark (edges: OPEN, BARRED, USED, KEPT), first and filled (places of seat s: first[s] on,
 * of which filled[s] are taken), seat and edge (places), taken (bundles: the place that takes one
 * of its edges), load, floor, ceiling, above, head (nodes and top), after and before (items of
 * lists).
 */

import { starts } from "./listing.js";
import { NONE } from "./network.js";

/** KEPT is used, and given up only for another edge of its bundle. */
export const [OPEN, BARRED, USED, KEPT] = [0, 1, 2, 3];

/** Return the seating in which every place is empty; loads may rise to `most`. */
export function seated(network) {
  const { ptr, most, parent } = network;
  const nodes = most.length;
  const quota = network.quota.map((count, s) => Math.min(count, ptr[s + 1] - ptr[s]));
  const first = starts(quota);
  const places = first[quota.length];
  const none = (size) => new Int32Array(size).fill(NONE);
  const seating = {
    mark: new Uint8Array(network.idx.length),
    first,
    filled: new Int32Array(quota.length),
    seat: new Int32Array(places),
    edge: none(places),
    taken: none(network.full.length),
    load: new Int32Array(nodes + 1),
    floor: new Int32Array(nodes + 1),
    ceiling: Int32Array.from([...most, 0]), // nothing is above the top
    above: Int32Array.from([...parent.map((node) => (node === NONE ? nodes : node)), NONE]),
    head: none(nodes + 1),
    after: none(places + nodes),
    before: none(places + nodes),
  };
  for (let s = 0; s < quota.length; s++) seating.seat.fill(s, first[s], first[s + 1]);
  for (let node = 0; node < nodes; node++) link(seating, seating.above[node], places + node);
  return seating;
}

/** Let an empty place take an edge; the loads are the caller's. */
export function sit(network, seating, place, e) {
  seating.edge[place] = e;
  seating.mark[e] = USED;
  if (network.bundle[e] !== NONE) seating.taken[network.bundle[e]] = place;
  link(seating, network.idx[e], place);
}

/** Empty a place; the loads are the caller's. */
export function giveUp(network, seating, place) {
  const e = seating.edge[place];
  seating.edge[place] = NONE;
  seating.mark[e] = OPEN;
  if (network.bundle[e] !== NONE) seating.taken[network.bundle[e]] = NONE;
  unlink(seating, network.idx[e], place);
}

/** Let an empty place take an edge of the bundle that the `other` place has, and gives up. */
export function exchange(network, seating, place, e, other) {
  const given = seating.edge[other];
  seating.mark[e] = seating.mark[given];
  seating.mark[given] = OPEN;
  seating.edge[other] = NONE;
  seating.edge[place] = e;
  seating.taken[network.bundle[e]] = place;
  unlink(seating, network.idx[e], other);
  link(seating, network.idx[e], place);
}

function link({ head, after, before }, node, item) {
  const below = head[node];
  before[item] = NONE;
  after[item] = below;
  if (below !== NONE) before[below] = item;
  head[node] = item;
}

function unlink({ head, after, before }, node, item) {
  const [last, then] = [before[item], after[item]];
  if (last !== NONE) after[last] = then;
  else head[node] = then;
  if (then !== NONE) before[then] = last;
}
