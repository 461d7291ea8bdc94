/**
 * Leximin loads: the expected load of every officer as even as the rules let it be.
 *
 * Give every officer of a *part* the same load, lambda within their bounds, such that the sum is
 * right. If the places can be routed to these loads, the part is done. If not, the smallest minimum
 * cut says who gets too little: what the stuck places reach is one new part, the rest another; an
 * arc from the first to the second is always used, one back never. The amounts of a part are
 * counted in units of 1/scale, with scale officers sharing lambda.
 *
 * Nodes are officers, then seats, then bundles; arcs are a seat's edges, then those of bundles:
 * tail, head, and the way from tail to head.
 */

import { InvalidInput } from "../errors.js";
import { owners } from "./listing.js";
import { NONE, WHOLE, bundleOfficers } from "./network.js";
import { quantise } from "./quantise.js";
import { go, route, waysOf } from "./routing.js";

/** Return a feasible value (edges) with leximin loads, and those loads (officers), in grains. */
export function leximin(network) {
  if (network.parent.some((group) => group !== NONE)) {
    throw new InvalidInput(
      "leximin loads with limits of groups are not defined here; want one of the two",
      "均衡负荷（leximin）与组的上下限不能同时使用",
    );
  }
  const { x, low, high } = decomposed(network);
  const value = quantise(network, x, low, high).numerator;
  const load = new Float64Array(network.most.length);
  value.forEach((grains, e) => {
    load[network.idx[e]] += grains;
  });
  return { value, load };
}

/** Return the routing x (edges) in places, and loads (officers) in grains, rounded down and up. */
function decomposed(network) {
  const state = begun(network);
  settle(state, positionsOfFull(network));
  while (state.live.includes(1)) {
    const { scale, excess, room } = sharedOut(network, state);
    setLoads(state, scale, room);
    const reached = routed(network, state, { scale, excess, room });
    restLive(state, excess);
    divide(state, reached);
  }
  const people = network.people;
  return {
    x: state.used.subarray(0, network.idx.length),
    low: state.low.subarray(0, people),
    high: state.high.subarray(0, people),
  };
}

/** All nodes are one part, every arc is in play, and the seats supply their quotas. */
function begun(network) {
  const arcs = arcsOf(network);
  const nodes = arcs.ways.ptr.length - 1;
  const supply = new Float64Array(nodes);
  supply.set(network.quota, network.people);
  return {
    arcs,
    supply,
    part: new Int32Array(nodes),
    live: new Uint8Array(nodes).fill(1),
    used: new Float64Array(arcs.way.length),
    inPlay: new Uint8Array(arcs.way.length).fill(1),
    low: new Float64Array(nodes),
    high: new Float64Array(nodes),
  };
}

function arcsOf(network) {
  const { ptr, idx, bundle, people, full } = network;
  const seats = ptr.length - 1;
  const edges = idx.length;
  const tail = new Int32Array(edges + full.length);
  const head = new Int32Array(edges + full.length);
  tail.set(owners(ptr).map((s) => people + s));
  head.set(idx.map((o, e) => (bundle[e] === NONE ? o : people + seats + bundle[e])));
  tail.set(Int32Array.from(full, (_, b) => people + seats + b), edges);
  head.set(bundleOfficers(network), edges);
  return { tail, head, ...waysOf(tail, head, people + seats + full.length) };
}

function positionsOfFull({ full, idx }) {
  return [...full.keys()].filter((b) => full[b]).map((b) => idx.length + b);
}

/** Use some arcs for certain: what they carry is no longer routed. */
function settle({ arcs, used, inPlay, supply }, whole) {
  for (const arc of whole) {
    used[arc] = 1;
    inPlay[arc] = 0;
    supply[arcs.tail[arc]] -= 1;
    supply[arcs.head[arc]] += 1;
  }
}

/**
 * Return scale, excess and room of the nodes: of a live part, all officers get the same load.
 *
 * What is known to come to an officer counts towards the load, and takes no room.
 */
function sharedOut(network, { part, supply, live }) {
  const members = officersByPart(network, part, live);
  const wanted = new Map([...members.keys()].map((one) => [one, 0]));
  part.forEach((one, v) => wanted.has(one) && wanted.set(one, wanted.get(one) + supply[v]));
  const scales = new Map();
  const load = new Float64Array(network.people);
  for (const [one, mine] of members) {
    const least = mine.map((o) => Math.max(network.least[o], supply[o]));
    const level = levelOf(wanted.get(one), least, mine.map((o) => network.most[o]));
    scales.set(one, level.scale);
    mine.forEach((o, k) => {
      load[o] = level.loads[k];
    });
  }
  const scale = Float64Array.from(part, (one) => scales.get(one) ?? 1);
  const officer = (v) => v < network.people;
  return {
    scale,
    excess: supply.map((n, v) => (live[v] && !officer(v) ? Math.max(n, 0) * scale[v] : 0)),
    room: supply.map((n, v) => {
      if (!live[v]) return 0;
      return officer(v) ? load[v] - n * scale[v] : Math.max(-n, 0) * scale[v];
    }),
  };
}

/** Return the officers of every live part, ascending. */
function officersByPart({ people }, part, live) {
  const members = new Map();
  part.forEach((one, v) => {
    if (live[v] && !members.has(one)) members.set(one, []);
    if (live[v] && v < people) members.get(one).push(v);
  });
  return members;
}

/** Return equal loads within the bounds that add up to `wanted`, and the unit's denominator. */
function levelOf(wanted, least, most) {
  const clipped = (level) => least.map((low, k) => Math.min(Math.max(level, low), most[k]));
  const sum = (loads) => loads.reduce((total, load) => total + load, 0);
  let [low, high] = [0, most.reduce((top, load) => Math.max(top, load), 0)];
  while (low < high) {
    const middle = Math.floor((low + high + 1) / 2);
    if (sum(clipped(middle)) <= wanted) low = middle;
    else high = middle - 1;
  }
  const level = clipped(low);
  const rises = least.map((load, k) => load <= low && low < most[k]);
  const scale = Math.max(1, rises.filter(Boolean).length);
  const left = wanted - sum(level);
  return { loads: level.map((load, k) => load * scale + (rises[k] ? left : 0)), scale };
}

/** Set the loads of live nodes in grains, rounded down and rounded up. */
function setLoads({ supply, live, low, high }, scale, room) {
  live.forEach((one, v) => {
    if (!one) return;
    const amount = supply[v] * scale[v] + room[v];
    const places = Math.floor(amount / scale[v]);
    const rest = (amount - places * scale[v]) * WHOLE;
    const grains = Math.floor(rest / scale[v]);
    low[v] = places * WHOLE + grains;
    high[v] = low[v] + (rest > grains * scale[v] ? 1 : 0);
  });
}

/** Route the live parts, in place; return 1 at the nodes that what is stuck can reach. */
function routed(network, { arcs, used, inPlay }, { scale, excess, room }) {
  const { way, tail, ways } = arcs;
  const left = new Float64Array(ways.to.length);
  way.forEach((k, arc) => {
    left[k] = inPlay[arc] ? scale[tail[arc]] : 0;
  });
  spread(network, arcs, { left, excess, room });
  const reached = route(ways, { left, excess, room });
  way.forEach((k, arc) => {
    if (inPlay[arc]) used[arc] = left[ways.twin[k]] / scale[tail[arc]];
  });
  return reached;
}

/** Route from seats to officers in proportion to their room, then to whoever has any left. */
function spread(network, arcs, routing) {
  const { ptr, idx, people } = network;
  const { left, excess, room } = routing;
  for (let s = 0; s < network.quota.length; s++) {
    const supply = excess[people + s];
    let total = 0;
    for (let e = ptr[s]; e < ptr[s + 1]; e++) if (left[arcs.way[e]] > 0) total += room[idx[e]];
    if (supply <= 0 || total <= 0) continue;
    pour(network, arcs, routing, s, (o) => product(supply, room[o], total));
    pour(network, arcs, routing, s, () => excess[people + s]);
  }
}

/** Send from a seat along its edges, in order, as much as each has room for and `wanted` says. */
function pour({ ptr, idx, bundle, people }, { way, ways }, { left, excess, room }, s, wanted) {
  for (let e = ptr[s]; e < ptr[s + 1]; e++) {
    const o = idx[e];
    const onward = bundle[e] === NONE ? way[e] : way[idx.length + bundle[e]];
    const amount = Math.min(left[way[e]], left[onward], room[o], wanted(o));
    go(left, ways.twin, way[e], amount);
    if (onward !== way[e]) go(left, ways.twin, onward, amount);
    excess[people + s] -= amount;
    room[o] -= amount;
  }
}

/** Return floor(one * other / by) of whole numbers, which may be more than 2^53 between. */
function product(one, other, by) {
  const whole = one * other;
  if (whole <= Number.MAX_SAFE_INTEGER) return Math.floor(whole / by);
  return Number((BigInt(one) * BigInt(other)) / BigInt(by));
}

/** Keep those parts live in which something is stuck. */
function restLive({ part, live, inPlay, arcs }, excess) {
  const stuck = new Set();
  excess.forEach((amount, v) => amount > 0 && stuck.add(part[v]));
  part.forEach((one, v) => {
    live[v] = live[v] && stuck.has(one) ? 1 : 0;
  });
  inPlay.forEach((one, arc) => {
    inPlay[arc] = one && live[arcs.tail[arc]] ? 1 : 0;
  });
}

/** Divide each part into what was reached and what was not, and settle the arcs between them. */
function divide(state, reached) {
  const { arcs: { tail, head }, used, inPlay, part } = state;
  const whole = [];
  inPlay.forEach((one, arc) => {
    if (!one || reached[tail[arc]] === reached[head[arc]]) return;
    used[arc] = 0;
    inPlay[arc] = 0;
    if (reached[tail[arc]]) whole.push(arc);
  });
  settle(state, whole);
  const names = new Map();
  part.forEach((one, v) => {
    const name = 2 * one + reached[v];
    if (!names.has(name)) names.set(name, names.size);
    part[v] = names.get(name);
  });
}
