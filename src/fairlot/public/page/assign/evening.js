/**
 * Grains over and grains wanting in one row, set off against each other.
 *
 * What flows in at a vertex beyond what its arc onward takes is *surplus*, what that arc takes too
 * much is *want* (surplus below 0). A seat can take a grain from an officer with surplus and give
 * it to one in want; or to one whose arc has room, and the next vertex is in want.
 *
 * Vertices are the seats, the bundles, the nodes and the top. Onward: end (edges), the vertex an
 * edge leads to; above, least, most, amount (bundles, then nodes): the vertex after, the limits of
 * the arc to it, and the grains on it; surplus (vertices).
 */

import { NONE, WHOLE, bundleOfficers } from "./network.js";

/** Most times that all rows are gone through. */
const PASSES = 4;

/** Return the fewest grains of a chance. */
export function leastOf(x) {
  return x > 0 ? 1 : 0;
}

/** Return the most grains of a chance. */
export function mostOf(x) {
  return x < 1 ? WHOLE - 1 : WHOLE;
}

/** Return the amounts that follow from `numerator`, each as near as its limits permit. */
export function onwardOf(network, numerator, low, high) {
  const { full, idx, bundle, parent } = network;
  const seats = network.quota.length;
  const first = seats + full.length;
  const around = parent.map((group) => (group === NONE ? parent.length : group));
  const onward = {
    end: idx.map((o, e) => (bundle[e] === NONE ? first + o : seats + bundle[e])),
    above: Int32Array.from([...bundleOfficers(network), ...around], (node) => first + node),
    least: Float64Array.from([...Array.from(full, (one) => (one ? WHOLE : 0)), ...low]),
    most: Float64Array.from([...Array.from(full, () => WHOLE), ...high]),
    amount: new Float64Array(full.length + low.length),
    surplus: new Float64Array(first + low.length + 1),
  };
  flow(network, numerator, onward);
  return onward;
}

/** Seats send along their edges, then bundles and nodes, inner ones first, send onward. */
function flow({ ptr, quota }, numerator, { end, above, least, most, amount, surplus }) {
  const top = surplus.length - 1;
  for (let s = 0; s < quota.length; s++) {
    let left = quota[s] * WHOLE;
    surplus[top] -= left;
    for (let e = ptr[s]; e < ptr[s + 1]; e++) {
      left -= numerator[e];
      surplus[end[e]] += numerator[e];
    }
    surplus[s] = left;
  }
  for (let k = 0; k < above.length; k++) {
    const v = quota.length + k;
    amount[k] = Math.min(Math.max(surplus[v], least[k]), most[k]);
    surplus[v] -= amount[k];
    surplus[above[k]] += amount[k];
  }
}

/** Set off surplus against want row by row, in place; return whether all is even. */
export function evened(ptr, x, numerator, onward) {
  let left = onward.surplus.reduce((total, grains) => total + Math.max(grains, 0), 0);
  for (let passes = 0; passes < PASSES; passes++) {
    const before = left;
    for (let s = 0; s + 1 < ptr.length; s++) {
      if (left === 0) return true;
      left -= evenRow(ptr[s], ptr[s + 1], x, numerator, onward);
    }
    if (left === before) break;
  }
  return left === 0;
}

/** Pair givers and takers of a row, in their order; return how many pairs there were. */
function evenRow(begin, stop, x, numerator, onward) {
  let taker = begin;
  let moved = 0;
  for (let giver = begin; giver < stop; giver++) {
    if (numerator[giver] <= leastOf(x[giver])) continue;
    const source = giving(onward, onward.end[giver]);
    if (source === NONE) continue;
    while (taker < stop && !takes(x, numerator, onward, taker)) taker += 1;
    if (taker === stop) break;
    numerator[giver] -= 1;
    numerator[taker] += 1;
    carry(onward, onward.end[giver], source, -1);
    carry(onward, onward.end[taker], taking(onward, onward.end[taker]), 1);
    taker += 1;
    moved += 1;
  }
  return moved;
}

function takes(x, numerator, onward, e) {
  return numerator[e] < mostOf(x[e]) && taking(onward, onward.end[e]) !== NONE;
}

/** Return the first vertex with surplus on the way up from v, if arcs can carry less; or NONE. */
function giving({ above, amount, least, surplus }, v) {
  const seats = surplus.length - 1 - above.length;
  while (surplus[v] <= 0) {
    const k = v - seats;
    if (k === above.length || amount[k] <= least[k]) return NONE;
    v = above[k];
  }
  return v;
}

/** Return the first vertex in want on the way up from v, if arcs can carry more; or NONE. */
function taking({ above, amount, most, surplus }, v) {
  const seats = surplus.length - 1 - above.length;
  while (surplus[v] >= 0) {
    const k = v - seats;
    if (k === above.length || amount[k] >= most[k]) return NONE;
    v = above[k];
  }
  return v;
}

/** Add a grain, or take one, on the way up from v and at its end. */
function carry({ above, amount, surplus }, v, to, grain) {
  const seats = surplus.length - 1 - above.length;
  while (v !== to) {
    amount[v - seats] += grain;
    v = above[v - seats];
  }
  surplus[to] += grain;
}
