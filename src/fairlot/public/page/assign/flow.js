/**
 * Fill every place that can be filled, with whole numbers and without chance.
 *
 * First each seat, those with the fewest officers first, takes the officers with the smallest load
 * beside their cap; then places still empty are filled along shortest paths, which move others to
 * other seats but never empty one; then nodes below their minimum are raised in the same way.
 */

import { listed } from "./listing.js";
import { NONE } from "./network.js";
import { augment, searchOf } from "./paths.js";
import { BARRED, KEPT, OPEN, USED, seated, sit } from "./seating.js";

/**
 * Return 1 for every edge used in a maximum flow, how many places are empty, and whether every
 * place is filled and every minimum met.
 */
export function fill(network) {
  const seating = seated(network);
  const search = searchOf(network);
  if (network.full.includes(1)) keepFull(network, seating, search);
  takePlaces(network, seating, search);
  seating.floor.set(network.least);
  for (const around of groupsLacking(network, seating)) {
    raiseIn(around, network, seating, search);
  }
  let empty = 0;
  network.quota.forEach((quota, s) => {
    empty += quota - seating.filled[s];
  });
  const lacks = groupsLacking(network, seating).length > 0 || bundleLeft(network, seating);
  const used = seating.mark.map((mark) => (mark >= USED ? 1 : 0));
  return { used, empty, complete: empty === 0 && !lacks };
}

/** Fill the places that can be filled; return 1 at what the seats left with empty ones reach. */
export function takePlaces(network, seating, search) {
  const { ptr, quota } = network;
  const seats = Int32Array.from(quota, (_, s) => s);
  const sizes = seats.map((s) => ptr[s + 1] - ptr[s]);
  const longest = sizes.reduce((most, size) => Math.max(most, size), 0);
  const { items: fewFirst } = listed(sizes, seats, longest + 1);
  for (const seat of fewFirst) takeLightest(network, seating, seat);
  const top = search.want.length - 1;
  search.want[top] = seating.seat.length;
  augment(network, seating, search, seats);
  search.want[top] = 0;
  return search.level.map((level) => (level >= 0 ? 1 : 0));
}

/**
 * Return the groups, or the top, in which an officer or a group is below its minimum, ascending.
 */
export function groupsLacking(network, seating) {
  const around = new Set();
  network.least.forEach((least, node) => {
    if (seating.load[node] < least) around.add(seating.above[node]);
  });
  return [...around].sort((one, other) => one - other);
}

/**
 * Raise to their minimum the nodes right below `around`; return 1 at what it reaches in the end.
 *
 * A way from `around` to the node, and the step up from there, are a circle: no place is emptied.
 */
export function raiseIn(around, network, seating, search) {
  const seats = network.quota.length;
  network.least.forEach((least, node) => {
    const inside = seating.above[node] === around;
    search.want[seats + node] = inside ? Math.max(least - seating.load[node], 0) : 0;
  });
  augment(network, seating, search, Int32Array.of(seats + around));
  search.want.fill(0, seats, seats + network.least.length);
  return search.level.map((level) => (level >= 0 ? 1 : 0));
}

/** Let every full bundle have a place, and keep it. */
function keepFull(network, seating, search) {
  const { bundle, full } = network;
  const others = bundle.map((b) => (b === NONE || !full[b] ? 1 : 0));
  others.forEach((one, e) => {
    if (one) seating.mark[e] = BARRED;
  });
  takePlaces(network, seating, search);
  others.forEach((one, e) => {
    if (one) seating.mark[e] = OPEN;
    else if (seating.mark[e] === USED) seating.mark[e] = KEPT;
  });
}

function bundleLeft({ full }, { taken }) {
  return full.some((one, b) => one === 1 && taken[b] === NONE);
}

/** Fill a seat with the officers whose load is the smallest part of their cap. */
function takeLightest(network, seating, seat) {
  const { first, filled, above, load } = seating;
  while (filled[seat] < network.quota[seat]) {
    const e = lightest(network, seating, seat);
    if (e === NONE) return;
    sit(network, seating, first[seat] + filled[seat], e);
    filled[seat] += 1;
    for (let node = network.idx[e]; node !== NONE; node = above[node]) load[node] += 1;
  }
}

function lightest(network, seating, seat) {
  const { ptr, idx } = network;
  let [best, load, cap] = [NONE, 1, 1];
  for (let e = ptr[seat]; e < ptr[seat + 1]; e++) {
    const o = idx[e];
    // load / cap of a full officer is 1, and so is that of nobody.
    if (seating.load[o] * cap >= load * seating.ceiling[o]) continue;
    if (!isFree(network, seating, e)) continue;
    [best, load, cap] = [e, seating.load[o], seating.ceiling[o]];
  }
  return best;
}

/** Say whether an edge is open, its officer not in the team, and the groups around have room. */
function isFree({ idx, bundle, parent }, { mark, taken, above, load, ceiling }, e) {
  if (mark[e] !== OPEN || (bundle[e] !== NONE && taken[bundle[e]] !== NONE)) return false;
  for (let node = parent[idx[e]]; node !== NONE && above[node] !== NONE; node = above[node]) {
    if (load[node] >= ceiling[node]) return false;
  }
  return true;
}
