/**
 * Shortest paths along which one more place finds an officer, until there are none.
 *
 * The vertices of a search are the seats, then the nodes, then the top. One step leads
 *
 * - from a seat to any officer of its row whom it does not have; if the officer is in the team
 *   already, on another seat, then to that seat, the only one from which they can be had;
 * - from a node that may take one more up to the group around it, or to the top;
 * - from an officer to the seats they may give up, from a group to its nodes that may take one
 *   less.
 *
 * Search: level (vertices: steps from the nearest start, NONE if not reached), want (vertices: how
 * many paths may end here), queue, path, edge (seats: the edge whose turn it is), item (nodes and
 * top: what hangs below a node and has its turn, or UPWARDS).
 */

import { NONE } from "./network.js";
import { KEPT, OPEN, exchange, giveUp, sit } from "./seating.js";

const FAR = 2 ** 31 - 1;
/** The turn of a node that has not yet tried the way up. */
const UPWARDS = -2;

/** Return a search that wants nothing yet. */
export function searchOf({ quota, most }) {
  const vertices = quota.length + most.length + 1;
  return {
    level: new Int32Array(vertices),
    want: new Int32Array(vertices),
    queue: new Int32Array(vertices),
    path: new Int32Array(vertices),
    edge: new Int32Array(quota.length),
    item: new Int32Array(most.length + 1),
  };
}

/**
 * Move along shortest paths from `starts` to what is wanted until there is none.
 *
 * A seat starts as many as it has empty places, a node as many as there are. Afterwards `level` is
 * 0 or more at what can be reached from the starts that are left.
 */
export function augment(network, seating, search, starts) {
  const { quota, ptr } = network;
  const goesOn = (start) => start >= quota.length || seating.filled[start] < quota[start];
  while (measured(network, seating, search, starts.filter(goesOn))) {
    search.edge.set(ptr.subarray(0, quota.length));
    search.item.fill(UPWARDS);
    for (const start of starts) {
      while (goesOn(start)) {
        const length = walked(network, seating, search, start);
        if (length === NONE) break;
        move(network, seating, search, length);
      }
    }
  }
}

/** Number the vertices by their distance from the starts, as far as the nearest wanted one. */
function measured(network, seating, search, starts) {
  const { level, want, queue } = search;
  level.fill(NONE);
  for (const start of starts) level[start] = 0;
  queue.set(starts);
  let end = starts.length;
  let nearest = FAR;
  for (let at = 0; at < end && level[queue[at]] < nearest; at++) {
    const begin = end;
    const from = queue[at] < network.quota.length ? fromSeat : fromNode;
    end = from(network, seating, search, queue[at], end);
    for (let k = begin; k < end; k++) if (want[queue[k]] > 0) nearest = level[queue[k]];
  }
  return nearest < FAR;
}

function fromSeat(network, seating, { level, queue }, seat, end) {
  const { ptr } = network;
  for (let e = ptr[seat]; e < ptr[seat + 1]; e++) {
    const to = endOf(network, seating, e);
    if (to === NONE || level[to] >= 0) continue;
    level[to] = level[seat] + 1;
    queue[end++] = to;
  }
  return end;
}

function fromNode(network, seating, { level, queue }, vertex, end) {
  const node = vertex - network.quota.length;
  for (let item = UPWARDS; item !== NONE; item = itemAfter(seating, node, item)) {
    const to = leads(network, seating, node, item);
    if (to === NONE || level[to] >= 0) continue;
    level[to] = level[vertex] + 1;
    queue[end++] = to;
  }
  return end;
}

/** Return the vertex that is a step from a seat by edge e, NONE if the step is not allowed. */
function endOf({ quota, idx, bundle }, { mark, taken, seat }, e) {
  if (mark[e] !== OPEN) return NONE;
  const holder = bundle[e] === NONE ? NONE : taken[bundle[e]];
  return holder === NONE ? quota.length + idx[e] : seat[holder];
}

/** Return the vertex that is a step from a node by `item`, NONE if the step is not allowed. */
function leads({ quota }, seating, node, item) {
  const { load, floor, ceiling, above, seat, mark, edge } = seating;
  if (item === UPWARDS) return load[node] < ceiling[node] ? quota.length + above[node] : NONE;
  if (item < seat.length) return mark[edge[item]] === KEPT ? NONE : seat[item];
  const below = item - seat.length;
  return load[below] > floor[below] ? quota.length + below : NONE;
}

function itemAfter({ head, after }, node, item) {
  return item === UPWARDS ? head[node] : after[item];
}

/** Walk from `start`, a level at each step, to what is wanted; return the steps, or NONE. */
function walked(network, seating, search, start) {
  const { path, want, level } = search;
  let length = 0;
  path[0] = start;
  for (;;) {
    const vertex = path[length];
    if (want[vertex] > 0) return length;
    const turn = vertex < network.quota.length ? turnOfSeat : turnOfNode;
    const onward = turn(network, seating, search, vertex);
    if (onward !== NONE) {
      path[++length] = onward;
    } else if (length === 0) {
      return NONE;
    } else {
      level[vertex] = NONE; // no way on, until the levels are new
      length -= 1;
    }
  }
}

function turnOfSeat(network, seating, { level, edge }, seat) {
  for (; edge[seat] < network.ptr[seat + 1]; edge[seat]++) {
    const to = endOf(network, seating, edge[seat]);
    if (to !== NONE && level[to] === level[seat] + 1) return to;
  }
  return NONE;
}

function turnOfNode(network, seating, { level, item }, vertex) {
  const node = vertex - network.quota.length;
  for (; item[node] !== NONE; item[node] = itemAfter(seating, node, item[node])) {
    const to = leads(network, seating, node, item[node]);
    if (to !== NONE && level[to] === level[vertex] + 1) return to;
  }
  return NONE;
}

/** Walk the path again: every seat on it takes the officer found and gives up the one asked for. */
function move(network, seating, search, length) {
  const seats = network.quota.length;
  const { path, want } = search;
  let place = NONE;
  if (path[0] < seats) place = seating.first[path[0]] + seating.filled[path[0]]++;
  for (let k = 0; k < length; k++) {
    if (path[k] < seats) place = take(network, seating, search, path[k], place);
    else place = pass(network, seating, search, path[k] - seats, path[k + 1]);
  }
  want[path[length]] -= 1;
  seating.load[path[length] - seats] += 1;
}

/** Let a place take the edge whose turn it is; return the place that is empty then, if any. */
function take(network, seating, search, seat, place) {
  const e = search.edge[seat];
  const holder = network.bundle[e] === NONE ? NONE : seating.taken[network.bundle[e]];
  if (holder === NONE) {
    sit(network, seating, place, e);
    return NONE;
  }
  passBy(network, seating, search, holder);
  exchange(network, seating, place, e, holder);
  return holder;
}

/**
 * Step on from a node: give up a place, or change the loads; return the place that is empty then.
 */
function pass(network, seating, search, node, to) {
  const seats = network.quota.length;
  const item = search.item[node];
  if (to < seats) {
    passBy(network, seating, search, item);
    giveUp(network, seating, item);
    return item;
  }
  if (item === UPWARDS) seating.load[node] += 1;
  else seating.load[to - seats] -= 1;
  return NONE;
}

/** Give the next in the list its turn when `place` is about to leave the list. */
function passBy(network, seating, { item }, place) {
  const node = network.idx[seating.edge[place]];
  if (item[node] === place) item[node] = seating.after[place];
}
