/**
 * Every way to fill a few places, counted exactly and numbered in lexicographic order.
 *
 * Dynamic programming over the places; a *state* is the room left at every scarce node (one with
 * less room than places it could take), no more than the places to come can use.
 *
 * Completions: steps (of each place, from every state it can be met in, the ways {edge, cost,
 * after} to fill it, officers ascending), ways (of each place, from every state that can be
 * completed, the least cost and in how many ways; the last entry is the end). There are at most
 * 10^5 of them.
 */

import { borrowingCosts } from "./borrowing.js";
import { NONE, networkOf } from "./network.js";

/** Return all completions of `vacant`, whose tasks have one place each, that borrow the fewest. */
export function completions(vacant) {
  const { drawnOn, limits } = scarce(vacant);
  const steps = stepsOf(vacant, drawnOn, limits);
  const end = keyOf(limits[0].map(() => 0));
  const ways = [new Map([[end, { cost: 0, number: 1 }]])];
  for (const here of [...steps].reverse()) {
    const found = [...here].map(([state, onward]) => [state, countWays(onward, ways[0])]);
    ways.unshift(new Map(found.filter(([, total]) => total.number > 0)));
  }
  return { steps, ways };
}

/** Return how many completions there are. */
export function numberOf({ ways }) {
  return [...ways[0].values()].reduce((total, { number }) => total + number, 0);
}

/** Return of each place a Map of edge (ascending) to in how many completions it is taken. */
export function takenBy(completions) {
  const { steps, ways } = completions;
  let reached = new Map([...ways[0].keys()].map((state) => [state, 1]));
  return steps.map((_, place) => {
    const taken = new Map();
    const onward = new Map();
    for (const [state, before] of reached) {
      for (const { edge, after } of best(completions, place, state)) {
        count(taken, edge, before * ways[place + 1].get(after).number);
        count(onward, after, before);
      }
    }
    reached = onward;
    return new Map([...taken].sort(([one], [other]) => one - other));
  });
}

/** Return the edges of completion number `rank`, from 0. */
export function completionOf(completions, rank) {
  const { steps, ways } = completions;
  let [state] = ways[0].keys();
  let left = rank;
  return steps.map((_, place) => {
    for (const { edge, after } of best(completions, place, state)) {
      const { number } = ways[place + 1].get(after);
      if (left < number) {
        state = after;
        return edge;
      }
      left -= number;
    }
    throw new RangeError(`there is no completion ${rank}`);
  });
}

function best({ steps, ways }, place, state) {
  const least = ways[place].get(state).cost;
  return steps[place].get(state).filter(({ cost, after }) => {
    const onward = ways[place + 1].get(after);
    return onward !== undefined && cost + onward.cost === least;
  });
}

function countWays(steps, onward) {
  const totals = steps
    .filter(({ after }) => onward.has(after))
    .map(({ cost, after }) => ({ ...onward.get(after), cost: cost + onward.get(after).cost }));
  const least = totals.reduce((low, { cost }) => Math.min(low, cost), Infinity);
  const number = totals.reduce((n, total) => n + (total.cost === least ? total.number : 0), 0);
  return { cost: least, number };
}

/** Return the scarce nodes each officer draws on, and what the places from each on can use. */
function scarce(vacant) {
  const { ptr, idx } = vacant;
  const { parent, most } = networkOf(vacant);
  const places = vacant.tasks.length;
  const later = [new Map()];
  for (let place = places - 1; place >= 0; place--) {
    const usable = new Set();
    for (let e = ptr[place]; e < ptr[place + 1]; e++) {
      for (const node of upwards(idx[e], parent)) usable.add(node);
    }
    later.unshift(new Map(later[0]));
    for (const node of usable) count(later[0], node, 1);
  }
  const nodes = [...later[0].keys()].filter((node) => most[node] < later[0].get(node));
  nodes.sort((one, other) => one - other);
  const limits = later.map((counts) => nodes.map((node) => counts.get(node) ?? 0));
  limits[0] = nodes.map((node) => most[node]);
  const at = new Map(nodes.map((node, k) => [node, k]));
  const drawnOn = (o) => upwards(o, parent).filter((node) => at.has(node)).map((n) => at.get(n));
  return { drawnOn, limits };
}

function upwards(node, parent) {
  return parent[node] === NONE ? [node] : [node, ...upwards(parent[node], parent)];
}

function stepsOf(vacant, drawnOn, limits) {
  const cost = borrowingCosts(vacant);
  let states = new Map([[keyOf(limits[0]), limits[0]]]);
  return limits.slice(1).map((limit, place) => {
    const here = new Map();
    const next = new Map();
    for (const [key, state] of states) {
      here.set(key, []);
      for (let edge = vacant.ptr[place]; edge < vacant.ptr[place + 1]; edge++) {
        const left = state.slice();
        for (const k of drawnOn(vacant.idx[edge])) left[k] -= 1;
        if (left.some((room) => room < 0)) continue;
        const after = left.map((room, k) => Math.min(room, limit[k]));
        here.get(key).push({ edge, cost: cost[edge], after: keyOf(after) });
        next.set(keyOf(after), after);
      }
    }
    states = next;
    return here;
  });
}

function keyOf(state) {
  return state.join(" ");
}

function count(counts, key, by) {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
