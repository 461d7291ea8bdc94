/**
 * Whole amounts brought within their limits, along shortest paths of the residual network.
 *
 * What is over at one vertex is routed to where it is wanted (`evening`), forwards over arcs with
 * room and backwards over arcs with something to give. The arcs are the edges, then the arc onward
 * of every bundle and node. First every chance keeps its grain, and its grain less than 1; what is
 * still over after that may take those.
 */

import { owners } from "./listing.js";
import { WHOLE } from "./network.js";
import { NotConverged } from "./refusals.js";
import { route, waysOf } from "./routing.js";

/** Send all surplus where it is wanted, in place; chances of 0 and 1 only where there must be. */
export function repair(ptr, x, numerator, onward) {
  const { ways, way } = waysBeyond(ptr, onward);
  const routing = {
    left: roomOf(ways, way, x, numerator, onward),
    excess: onward.surplus.map((grains) => Math.max(grains, 0)),
    room: onward.surplus.map((grains) => Math.max(-grains, 0)),
  };
  route(ways, routing);
  for (let e = 0; e < x.length; e++) { // what is still over may make chances 0 and 1
    if (x[e] < 1) routing.left[way[e]] += 1;
    if (x[e] > 0) routing.left[ways.twin[way[e]]] += 1;
  }
  route(ways, routing);
  refuse(routing.excess.reduce((total, grains) => total + grains, 0));
  for (let e = 0; e < x.length; e++) numerator[e] = routing.left[ways.twin[way[e]]];
}

/** Return the ways along the edges, then along the arc onward of every other vertex but the top. */
function waysBeyond(ptr, { end, above, surplus }) {
  const tail = new Int32Array(end.length + above.length);
  tail.set(owners(ptr));
  for (let k = 0; k < above.length; k++) tail[end.length + k] = ptr.length - 1 + k;
  const head = new Int32Array(tail.length);
  head.set(end);
  head.set(above, end.length);
  return waysOf(tail, head, surplus.length);
}

function roomOf(ways, way, x, numerator, { amount, least, most }) {
  const left = new Float64Array(ways.to.length);
  x.forEach((chance, e) => {
    left[way[e]] = WHOLE - (chance < 1 ? 1 : 0) - numerator[e];
    left[ways.twin[way[e]]] = numerator[e] - (chance > 0 ? 1 : 0);
  });
  amount.forEach((grains, k) => {
    const onward = way[x.length + k];
    left[onward] = most[k] - grains;
    left[ways.twin[onward]] = grains - least[k];
  });
  return left;
}

function refuse(left) {
  if (left === 0) return;
  throw new NotConverged(
    `the limits contradict each other: ${left} grains of ${WHOLE} a place are left over`,
    `限额相互矛盾：余下 ${left} 份无处安放（每席 ${WHOLE} 份）`,
  );
}
