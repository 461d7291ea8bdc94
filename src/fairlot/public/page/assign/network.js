/**
 * The problem as the loops read it: seats, edges, bundles, and a forest of officers and groups.
 *
 * - ptr, idx, quota: as in the problem; edge e leads from its seat to officer idx[e]
 * - bundle (edges): the bundle of an edge, NONE if it has none: the edges of an officer in several
 *   seats of a task, of which at most one is used
 * - bundlePtr, bundleEdge: bundle b has the edges bundleEdge[bundlePtr[b]] and on, up to b + 1's
 * - full (bundles): 1 where exactly one edge is used in every assignment
 * - least, most (nodes): fewest and most places of the officers, then of the groups
 * - parent (nodes): the group around a node, NONE if none; inner before outer
 * - people: how many of the nodes are officers
 */

import { listed, positions } from "./listing.js";
import { placesOf } from "./problem.js";

export const BITS = 30;
/** A probability is a whole number of grains, WHOLE of them to 1. */
export const WHOLE = 2 ** BITS;
export const NONE = -1;

/** Return the network of a problem, every tier open. */
export function networkOf(problem) {
  const { ptr, idx, quota, groups } = problem;
  const least = Int32Array.from([...problem.least, ...groups.map((group) => group.least)]);
  const most = Int32Array.from([...problem.cap, ...groups.map((group) => group.most)]);
  const places = placesOf(problem);
  const { bundle, count } = bundles(problem);
  const held = positions(bundle, (b) => b !== NONE);
  const { ptr: bundlePtr, items: bundleEdge } = listed(held.map((e) => bundle[e]), held, count);
  return {
    ptr,
    idx,
    quota,
    bundle,
    bundlePtr,
    bundleEdge,
    full: new Uint8Array(count),
    least,
    most: most.map((value, node) => Math.max(Math.min(value, places), least[node])),
    parent: parents(problem),
    people: problem.officers.length,
  };
}

/** Return the officer of each bundle. */
export function bundleOfficers({ idx, bundlePtr, bundleEdge, full }) {
  return Int32Array.from(full, (_, b) => idx[bundleEdge[bundlePtr[b]]]);
}

/** Return the sum at every node, in place: each node adds its amount to the group around it. */
export function pushUp(amount, parent) {
  for (let node = 0; node < parent.length; node++) {
    if (parent[node] !== NONE) amount[parent[node]] += amount[node];
  }
  return amount;
}

function parents({ officers, groups }) {
  const people = officers.length;
  const parent = new Int32Array(people + groups.length).fill(NONE);
  for (let at = groups.length - 1; at >= 0; at--) { // outer first, so that the innermost stays
    const members = groups[at].officers;
    parent[people + at] = parent[members[0]];
    for (const officer of members) parent[officer] = people + at;
  }
  return parent;
}

/** Number the officers who stand in more than one row of a task, as their second rows come. */
function bundles({ seat_task, ptr, idx, officers }) {
  const bundle = new Int32Array(idx.length).fill(NONE);
  const first = new Int32Array(officers.length); // the edge on which the officer was first seen
  const seen = new Int32Array(officers.length).fill(NONE); // and in which task
  let count = 0;
  for (let s = 0; s < seat_task.length; s++) {
    const task = seat_task[s];
    if (seat_task[s - 1] !== task && seat_task[s + 1] !== task) continue;
    for (let e = ptr[s]; e < ptr[s + 1]; e++) {
      const o = idx[e];
      if (seen[o] !== task) {
        seen[o] = task;
        first[o] = e;
        continue;
      }
      if (bundle[first[o]] === NONE) bundle[first[o]] = count++;
      bundle[e] = bundle[first[o]];
    }
  }
  return { bundle, count };
}
