/** Strongly connected components of a residual network: vertices that lead to each other. */

import { NONE } from "./network.js";

/**
 * Return the component of every vertex (Tarjan 1972, doi:10.1137/0201010, without recursion).
 *
 * Seat s leads to to[ptr[s]] to to[ptr[s + 1] - 1], where NONE leads nowhere; any other vertex v to
 * onward[v], if that is not NONE, and back to behind[behindPtr[v]] to behind[behindPtr[v + 1] - 1].
 */
export function components(residual) {
  const vertices = residual.onward.length;
  const walk = {
    number: new Int32Array(vertices).fill(NONE), // when a vertex was met
    lowest: new Int32Array(vertices), // the first vertex met that it leads back to
    turn: new Int32Array(vertices), // how many of its ways have been tried
    component: new Int32Array(vertices).fill(NONE),
    path: new Int32Array(vertices),
    waiting: new Int32Array(vertices),
    met: 0,
    wait: 0,
    closed: 0,
  };
  for (let root = 0; root < vertices; root++) {
    if (walk.number[root] === NONE) walkFrom(residual, walk, root);
  }
  return walk.component;
}

function walkFrom(residual, walk, root) {
  const { path, lowest, number } = walk;
  let length = 0;
  let onward = root;
  while (onward !== NONE || length > 0) {
    if (onward !== NONE) {
      meet(walk, onward);
      path[length++] = onward;
    } else {
      const vertex = path[--length];
      if (lowest[vertex] === number[vertex]) close(walk, vertex);
      else lowest[path[length - 1]] = Math.min(lowest[path[length - 1]], lowest[vertex]);
    }
    onward = length > 0 ? nextOf(residual, walk, path[length - 1]) : NONE;
  }
}

function meet(walk, vertex) {
  walk.number[vertex] = walk.lowest[vertex] = walk.met++;
  walk.waiting[walk.wait++] = vertex;
}

/** Give those met since `vertex` that still wait for a component one of their own. */
function close(walk, vertex) {
  let member;
  do {
    member = walk.waiting[--walk.wait];
    walk.component[member] = walk.closed;
  } while (member !== vertex);
  walk.closed += 1;
}

/** Return the next vertex from here that was not met yet, or NONE; mind those that still wait. */
function nextOf(residual, { number, lowest, turn, component }, vertex) {
  const isSeat = vertex < residual.ptr.length - 1;
  const ways = isSeat ? seatWays(residual, vertex) : otherWays(residual, vertex);
  while (turn[vertex] < ways) {
    const k = turn[vertex]++;
    const to = isSeat ? residual.to[residual.ptr[vertex] + k] : wayOf(residual, vertex, k);
    if (to === NONE) continue;
    if (number[to] === NONE) return to;
    if (component[to] === NONE && number[to] < lowest[vertex]) lowest[vertex] = number[to];
  }
  return NONE;
}

function seatWays({ ptr }, seat) {
  return ptr[seat + 1] - ptr[seat];
}

function otherWays({ behindPtr }, vertex) {
  return 1 + behindPtr[vertex + 1] - behindPtr[vertex];
}

function wayOf({ onward, behind, behindPtr }, vertex, k) {
  return k === 0 ? onward[vertex] : behind[behindPtr[vertex] + k - 1];
}
