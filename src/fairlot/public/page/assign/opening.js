/**
 * Open to the visits the officers of supporting bureaux, where they cannot be staffed without.
 *
 * What is opened is what serves in the assignments that borrow least (`borrowing`). They are found
 * with prices: a seat and a node have a price each, whole and at first 0, and a pair is open when
 * its cost is the price of the seat less the price of the officer. Places are filled with open
 * pairs alone; when some stay empty, everything their searches reach becomes dearer until that
 * opens another step. At the end an officer takes no seat of a team that costs more than the prices
 * allow, and certainly one if a seat offers more than the officer's price; a node dearer than the
 * group around it has its full load, a cheaper one its least.
 */

import { borrowingCosts } from "./borrowing.js";
import { fill, groupsLacking, raiseIn, takePlaces } from "./flow.js";
import { owners, positions, starts } from "./listing.js";
import { NONE, networkOf } from "./network.js";
import { searchOf } from "./paths.js";
import { BARRED, KEPT, OPEN, USED, seated } from "./seating.js";

/** A price below all others, even when a cost is taken off. */
const NOWHERE = -Infinity;

/**
 * Return {problem, network} of those pairs alone that serve in the assignments that borrow least.
 *
 * A load that the prices make certain has its minimum raised to its cap, or its cap lowered to its
 * minimum; in the network the edges of an officer who is certainly in a team are a full bundle.
 * When there is no assignment at all, everything is open.
 */
export function openTiers(problem) {
  const network = networkOf(problem);
  const tiers = problem.tier.some((tier) => tier > 0);
  if (!tiers || !fill(network).complete) return { problem, network };
  const market = staffed(network, borrowingCosts(problem));
  const certain = mark(market);
  const edge = positions(market.seating.mark, (one) => one !== BARRED);
  const opened = openedProblem(problem, network, edge, dearer(market));
  return { problem: opened, network: withCertain(networkOf(opened), edge.map((e) => certain[e])) };
}

/** Return prices at which open pairs fill every place and meet every minimum, and how. */
function staffed(network, cost) {
  const [seating, search] = [seated(network), searchOf(network)];
  const price = new Float64Array(search.level.length);
  const market = { network, seating, cost, price, seatOf: owners(network.ptr) };
  setBounds(market);
  let reached = takePlaces(network, seating, search);
  while (network.quota.some((quota, s) => seating.filled[s] < quota)) {
    raisePrices(market, reached);
    reached = takePlaces(network, seating, search);
  }
  for (const around of groupsLacking(network, seating)) {
    reached = raiseIn(around, network, seating, search);
    while (groupsLacking(network, seating).includes(around)) {
      raisePrices(market, reached);
      reached = raiseIn(around, network, seating, search);
    }
  }
  return market;
}

/** Raise what is reached until it draws level with something that is not. */
function raisePrices(market, reached) {
  const there = market.price.map((price, v) => (reached[v] ? price : NOWHERE));
  const away = market.price.map((price, v) => (reached[v] ? NOWHERE : price));
  const gaps = [
    [highest(market, away), highest(market, there)],
    [higher(market, away), higher(market, there)],
  ];
  let rise = Infinity;
  for (const [ahead, behind] of gaps) {
    for (let i = 0; i < ahead.length; i++) {
      const gap = ahead[i] - behind[i];
      if (gap > 0 && gap < rise) rise = gap;
    }
  }
  for (let v = 0; v < reached.length; v++) if (reached[v]) market.price[v] += rise;
  setBounds(market);
}

/** Return the higher price of each node and the group around it, or the top. */
function higher({ network, seating }, price) {
  const seats = network.quota.length;
  return Float64Array.from(network.most, (_, node) =>
    Math.max(price[seats + node], price[seats + seating.above[node]]),
  );
}

/** Let seats take and give up, and loads rise and fall, as the prices allow. */
function setBounds(market) {
  mark(market);
  const { seating: { floor, ceiling }, network: { least, most } } = market;
  dearer(market).forEach((by, node) => {
    floor[node] = by > 0 ? most[node] : least[node];
    ceiling[node] = by < 0 ? least[node] : most[node];
  });
}

/** Return by how much each node is dearer than the group around it, or the top. */
function dearer({ network, seating, price }) {
  const seats = network.quota.length;
  return Float64Array.from(network.most, (_, node) =>
    price[seats + node] - price[seats + seating.above[node]],
  );
}

/**
 * Mark every edge; return 1 at those that are open and whose officer is certainly in the team.
 *
 * A seat offers its price less the cost. Whoever offers most for an officer can have the officer,
 * and if that is more than the officer's price, one of those who do certainly has.
 */
function mark(market) {
  const { network, seating, price } = market;
  const best = highest(market, price);
  return seating.mark.map((before, e) => {
    const open = offerOf(market, price, e) === best[e];
    const certain = open && best[e] > price[network.quota.length + network.idx[e]];
    if (before >= USED) seating.mark[e] = certain ? KEPT : USED;
    else seating.mark[e] = open ? OPEN : BARRED;
    return certain ? 1 : 0;
  });
}

/** Return per edge the officer's price, or the most that a seat of the team offers. */
function highest(market, price) {
  const { idx, quota, bundlePtr, bundleEdge, full } = market.network;
  const found = new Float64Array(idx.length);
  for (let e = 0; e < idx.length; e++) {
    found[e] = Math.max(price[quota.length + idx[e]], offerOf(market, price, e));
  }
  for (let b = 0; b < full.length; b++) {
    let most = NOWHERE;
    for (let k = bundlePtr[b]; k < bundlePtr[b + 1]; k++) most = Math.max(most, found[bundleEdge[k]]);
    for (let k = bundlePtr[b]; k < bundlePtr[b + 1]; k++) found[bundleEdge[k]] = most;
  }
  return found;
}

function offerOf({ seatOf, cost }, price, e) {
  return price[seatOf[e]] - cost[e];
}

/** Return the problem of some edges; a dearer node has its full load, a cheaper one its least. */
function openedProblem(problem, network, edge, dearer) {
  const people = network.people;
  const seat = owners(problem.ptr);
  const sizes = new Int32Array(problem.quota.length);
  for (const e of edge) sizes[seat[e]] += 1;
  const least = network.least.map((low, node) => (dearer[node] > 0 ? network.most[node] : low));
  const most = network.most.map((high, node) => (dearer[node] < 0 ? network.least[node] : high));
  return {
    ...problem,
    ptr: starts(sizes),
    idx: edge.map((e) => problem.idx[e]),
    tier: edge.map((e) => problem.tier[e]),
    least: least.slice(0, people),
    cap: most.slice(0, people),
    groups: problem.groups.map((group, at) => ({
      ...group,
      least: least[people + at],
      most: most[people + at],
    })),
  };
}

/** Return the network with the bundles of certain edges full; a lone one is a bundle by itself. */
function withCertain(network, certain) {
  const bundle = network.bundle.slice();
  const full = [...network.full];
  const bundlePtr = [...network.bundlePtr];
  const bundleEdge = [...network.bundleEdge];
  certain.forEach((one, e) => {
    if (one && network.bundle[e] !== NONE) full[network.bundle[e]] = 1;
    if (!one || network.bundle[e] !== NONE) return;
    bundle[e] = full.push(1) - 1;
    bundlePtr.push(bundleEdge.push(e));
  });
  return {
    ...network,
    bundle,
    bundlePtr: Int32Array.from(bundlePtr),
    bundleEdge: Int32Array.from(bundleEdge),
    full: Uint8Array.from(full),
  };
}
