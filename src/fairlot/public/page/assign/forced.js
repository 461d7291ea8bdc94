/**
 * Which pairs are the same in every assignment, and the smaller network of all others.
 *
 * Whatever solves the network can be had from one solution by pushing amounts around circles of the
 * residual network, so an edge can change exactly when both its ends lie in one strongly connected
 * component of that network. Vertices are the seats, the bundles, the nodes and the top.
 */

import { components } from "./components.js";
import { listed, owners, positions, starts } from "./listing.js";
import { NONE, WHOLE, bundleOfficers, pushUp } from "./network.js";

/**
 * Return the edges that are not the same in every solution, with their network.
 *
 * Of the answer: edge (positions of the free edges), network (quotas less what is fixed; seats
 * without free edges stay; bundles have two free edges or more), low and high (nodes, grains, less
 * what fixed edges bring; equal where every solution has the node at one of its bounds), fixed
 * (edges, 0 or WHOLE; 0 for free ones).
 *
 * @param {Int32Array} value (edges) grains of any solution, whole or fractional
 * @param {Float64Array} low (nodes) grains: every solution keeps a load between low and high
 */
export function freeEdges(network, value, low, high) {
  const { together, load } = sums(network, value);
  const component = components(residualOf(network, value, together, load, low, high));
  const free = freeOf(network, value, component);
  const fixed = value.map((grains, e) => (free[e] ? 0 : grains));
  const brought = sums(network, fixed).load;
  const bound = boundNodes(network, component);
  const full = fullBundles(network, together, component);
  const edge = positions(free, (one) => one === 1);
  return {
    edge,
    network: reduced(network, edge, fixed, full),
    low: low.map((grains, v) => Math.max((bound[v] ? load[v] : grains) - brought[v], 0)),
    high: high.map((grains, v) => (bound[v] ? load[v] : grains) - brought[v]),
    fixed,
  };
}

/** Return 1 for every edge that some assignment uses; `used` is one assignment. */
export function possible(network, used) {
  const grains = (places) => Float64Array.from(places, (count) => count * WHOLE);
  const value = Int32Array.from(used, (one) => one * WHOLE);
  const free = freeEdges(network, value, grains(network.least), grains(network.most));
  const found = Uint8Array.from(free.fixed, (fixed) => (fixed > 0 ? 1 : 0));
  for (const e of free.edge) found[e] = 1;
  return found;
}

function firstNode({ quota, full }) {
  return quota.length + full.length;
}

/** Return the group around a node, or the top. */
function aboveOf({ parent }, node) {
  return parent[node] === NONE ? parent.length : parent[node];
}

/** Return what the edges bring to the bundles, and to the nodes. */
function sums({ idx, bundle, full, parent }, value) {
  const together = new Float64Array(full.length);
  const load = new Float64Array(parent.length);
  for (let e = 0; e < value.length; e++) {
    load[idx[e]] += value[e];
    if (bundle[e] !== NONE) together[bundle[e]] += value[e];
  }
  return { together, load: pushUp(load, parent) };
}

/** Return what leads where; neither onward nor back where a bundle is full. */
function residualOf(network, value, together, load, low, high) {
  const { ptr, idx, bundle, full } = network;
  const seats = ptr.length - 1;
  const first = firstNode(network);
  const end = idx.map((o, e) => (bundle[e] === NONE ? first + o : seats + bundle[e]));
  const onward = new Int32Array(first + load.length + 1).fill(NONE);
  const back = [[], []]; // v can give back to w: givers, receivers
  const joins = (giver, receiver) => {
    back[0].push(giver);
    back[1].push(receiver);
  };
  owners(ptr).forEach((s, e) => value[e] && joins(end[e], s));
  bundleOfficers(network).forEach((o, b) => {
    if (!full[b] && together[b] > 0) joins(first + o, seats + b);
    if (!full[b] && together[b] < WHOLE) onward[seats + b] = first + o;
  });
  load.forEach((grains, v) => {
    const above = first + aboveOf(network, v);
    if (grains > low[v]) joins(above, first + v);
    if (grains < high[v]) onward[first + v] = above;
  });
  const { ptr: behindPtr, items: behind } = listed(back[0], back[1], onward.length);
  const to = end.map((vertex, e) => (value[e] === WHOLE ? NONE : vertex));
  return { ptr, to, onward, behindPtr, behind };
}

/** Return 1 for every edge that is free. */
function freeOf(network, value, component) {
  const { ptr, idx, bundle } = network;
  const seats = ptr.length - 1;
  const first = firstNode(network);
  const free = new Uint8Array(idx.length);
  for (let s = 0; s < seats; s++) {
    for (let e = ptr[s]; e < ptr[s + 1]; e++) {
      const end = bundle[e] === NONE ? first + idx[e] : seats + bundle[e];
      const divided = value[e] > 0 && value[e] < WHOLE;
      free[e] = divided || component[s] === component[end] ? 1 : 0;
    }
  }
  return free;
}

/** Return 1 for every node whose load is the same in every solution. */
function boundNodes(network, component) {
  const first = firstNode(network);
  return Uint8Array.from(network.parent, (_, v) =>
    component[first + v] === component[first + aboveOf(network, v)] ? 0 : 1,
  );
}

/** Return 1 for every bundle of which every solution uses one edge. */
function fullBundles(network, together, component) {
  const { quota, full } = network;
  const first = firstNode(network);
  const officer = bundleOfficers(network);
  return full.map((one, b) => {
    const apart = component[quota.length + b] !== component[first + officer[b]];
    return one || (together[b] === WHOLE && apart) ? 1 : 0;
  });
}

/** Return the network of the free edges alone. */
function reduced(network, edge, fixed, full) {
  const seat = owners(network.ptr);
  const quota = network.quota.slice();
  fixed.forEach((grains, e) => grains && (quota[seat[e]] -= 1));
  const sizes = new Int32Array(quota.length);
  for (const e of edge) sizes[seat[e]] += 1;
  return {
    ...network,
    ptr: starts(sizes),
    idx: edge.map((e) => network.idx[e]),
    quota,
    ...fewerBundles(edge.map((e) => network.bundle[e]), full),
  };
}

/** Return the bundles that have two edges or more, numbered anew. */
function fewerBundles(of, full) {
  const sizes = new Int32Array(full.length);
  for (const b of of) if (b !== NONE) sizes[b] += 1;
  const kept = positions(sizes, (size) => size > 1);
  const number = new Int32Array(full.length).fill(NONE);
  kept.forEach((b, k) => {
    number[b] = k;
  });
  const bundle = of.map((b) => (b === NONE ? NONE : number[b]));
  const held = positions(bundle, (b) => b !== NONE);
  const { ptr, items } = listed(held.map((e) => bundle[e]), held, kept.length);
  return { bundle, bundlePtr: ptr, bundleEdge: items, full: Uint8Array.from(kept, (b) => full[b]) };
}
