/**
 * Amounts routed through a network, as much as can be: Dinic's method, in whole numbers.
 *
 * Which of the greatest routings is found depends on the order. The ways from a node are those
 * along the arcs that begin there, in order, then those back along the arcs that end there, in
 * order. Until no room can be reached: nodes are numbered by breadth from all that have excess, in
 * order, as far as the first that is come to and has room; then each node with excess, in order,
 * routes what it can along its first path of rising numbers to room, again and again. A way that
 * led nowhere is not tried twice.
 *
 * Ways: ptr, to (the ways from node v lead to to[ptr[v]] to to[ptr[v + 1] - 1]), twin (the way
 * back). Routing: left (ways: how much more can go), excess and room (nodes: not yet routed; may
 * end here).
 */

import { placed } from "./listing.js";
import { NONE } from "./network.js";

/** Return the ways along arcs from `tail` to `head`, and which one each arc is. */
export function waysOf(tail, head, nodes) {
  const arcs = tail.length;
  const ends = new Int32Array(2 * arcs);
  ends.set(tail);
  ends.set(head, arcs);
  const { ptr, place } = placed(ends, nodes);
  const to = new Int32Array(2 * arcs);
  const twin = new Int32Array(2 * arcs);
  for (let i = 0; i < arcs; i++) {
    const [way, back] = [place[i], place[arcs + i]];
    to[way] = head[i];
    to[back] = tail[i];
    twin[way] = back;
    twin[back] = way;
  }
  return { ways: { ptr, to, twin }, way: place.subarray(0, arcs) };
}

/** Route what can be, in place; return 1 at the nodes that the excess left over can reach. */
export function route(ways, routing) {
  const nodes = routing.excess.length;
  const search = {
    level: new Int32Array(nodes),
    path: new Int32Array(nodes),
    queue: new Int32Array(nodes),
    at: new Int32Array(nodes),
  };
  while (numbered(ways, routing, search)) {
    search.at.set(ways.ptr.subarray(0, nodes));
    for (let node = 0; node < nodes; node++) {
      while (routing.excess[node] > 0 && push(ways, routing, search, node));
    }
  }
  return Uint8Array.from(search.level, (level) => (level >= 0 ? 1 : 0));
}

/** Let an amount go one way. */
export function go(left, twin, way, amount) {
  left[way] -= amount;
  left[twin[way]] += amount;
}

/** Number nodes by their distance from excess, as far as the nearest room; is there any? */
function numbered({ ptr, to }, { left, excess, room }, { level, queue }) {
  level.fill(NONE);
  let [begin, end] = [0, 0];
  for (let node = 0; node < level.length; node++) {
    if (excess[node] === 0) continue;
    level[node] = 0;
    queue[end++] = node;
  }
  while (begin < end && room[queue[begin]] === 0) {
    const node = queue[begin++];
    for (let k = ptr[node]; k < ptr[node + 1]; k++) {
      if (level[to[k]] >= 0 || left[k] <= 0) continue;
      level[to[k]] = level[node] + 1;
      queue[end++] = to[k];
    }
  }
  return begin < end;
}

/** Route some of the excess of `start` to room, level by level; false if none gets there. */
function push(ways, { left, excess, room }, search, start) {
  const { length, node } = walked(ways, left, room, search, start);
  if (node === NONE) return false;
  let amount = Math.min(excess[start], room[node]);
  for (let i = 0; i < length; i++) amount = Math.min(amount, left[search.path[i]]);
  for (let i = 0; i < length; i++) go(left, ways.twin, search.path[i], amount);
  excess[start] -= amount;
  room[node] -= amount;
  return true;
}

/** Walk to the first room by ways of rising numbers; return the steps and where, or NONE. */
function walked({ ptr, to, twin }, left, room, { level, at, path }, start) {
  let node = start;
  let length = 0;
  while (room[node] === 0) {
    let k = at[node];
    while (k < ptr[node + 1] && (level[to[k]] !== level[node] + 1 || left[k] <= 0)) k += 1;
    at[node] = k;
    if (k < ptr[node + 1]) {
      path[length++] = k;
      node = to[k];
    } else if (length > 0) {
      node = to[twin[path[--length]]];
      at[node] += 1;
    } else {
      return { length: 0, node: NONE };
    }
  }
  return { length, node };
}
