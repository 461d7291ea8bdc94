/**
 * Entropy-balanced chances: the most even chances that the limits permit, in portable arithmetic.
 *
 * 1. v = 1. The factors of the seats are always fitted exactly (`balance_seats`, `balance_knots`).
 * 2. SWEEPS proportional sweeps, or fewer once no limit is missed by AIM.
 * 3. Rounds, at most ROUNDS: a Newton step with a damping that begins at LEAST_DAMPING; or a
 *    proportional sweep, if no step leads downwards. After a step whose miss is above SWEEPING a
 *    sweep as well, but only until the damping is raised for the first time.
 * 4. If the step (without the sweep) did not make the miss smaller, the damping is multiplied by
 *    RAISED, up to MOST_DAMPING; if it did, divided by LOWERED, down to LEAST_DAMPING.
 * 5. Stop when the miss is at most AIM; or at most ENOUGH and not halved by another round; or when
 *    the last PATIENCE rounds have not come to half the smallest miss before them.
 *
 * All sums run from left to right in the order of the edges, the seats and the nodes (officers,
 * then groups, inner ones first), and single edges before bundles.
 */

import { shares } from "./balance_knots.js";
import { nextPoint } from "./balance_newton.js";
import { addedUp, proportional, worstMiss } from "./balance_nodes.js";
import { partsOf, pointAt } from "./balance_point.js";
import { NONE } from "./network.js";
import { NotConverged } from "./refusals.js";

/** The relative miss that rounds aim at, and the largest residual that is published. */
const AIM = 1e-12;
const ENOUGH = 1e-9;
const SWEEPS = 3;
const ROUNDS = 200;
/** Rounds in which the smallest miss must halve. */
const PATIENCE = 100;
/** Least and most damping of a step, and what changes it. */
const LEAST_DAMPING = 1e-3;
const MOST_DAMPING = 1e3;
const RAISED = 8;
const LOWERED = 64;
/** Above this miss the set of limits that bind still changes, and a sweep helps it along. */
const SWEEPING = 1e-6;
/** A free edge is neither impossible nor certain, however near the chance comes to 0 or 1. */
const LEAST = 2 ** -1022;
const MOST = 1 - 2 ** -53;

/**
 * Return the chances x (edges) of a network whose edges are all free, with the factors v (nodes),
 * the residual and the rounds; low and high are limits in grains.
 */
export function balance(network, low, high) {
  const parts = partsOf(network, low, high);
  const { point, rounds } = searched(parts, swept(parts));
  const x = chances(network, parts, point);
  const residual = missedBy(network, parts, point, x);
  if (!(residual <= ENOUGH)) {
    throw new NotConverged(
      `chances miss a limit by ${residual} of it after ${rounds} rounds`,
      `${rounds} 轮后仍偏离限额，相对偏差 ${residual}`,
    );
  }
  return { x, v: point.v, residual, rounds };
}

function swept(parts) {
  const ones = (n) => new Float64Array(n).fill(1);
  let point = pointAt(parts, ones(parts.limits.low.length), ones(parts.seats.quota.length));
  for (let sweeps = 0; sweeps < SWEEPS && !(point.miss <= AIM); sweeps++) {
    point = sweep(parts, point);
  }
  return point;
}

function sweep(parts, point) {
  return pointAt(parts, proportional(point.v, point.load, parts.limits), point.fit.u);
}

/** Return the last point, and the rounds it took. */
function searched(parts, first) {
  let point = first;
  let damping = LEAST_DAMPING;
  let sweeping = true;
  let [mark, since] = [point.miss, 0];
  for (let rounds = 0; rounds < ROUNDS; rounds++) {
    if (point.miss <= AIM || rounds - since === PATIENCE) return { point, rounds };
    const next = round(parts, point, damping, sweeping);
    sweeping = sweeping && next.damping === LEAST_DAMPING;
    if (point.miss <= ENOUGH && next.point.miss > 0.5 * point.miss) {
      return { point: next.point.miss < point.miss ? next.point : point, rounds: rounds + 1 };
    }
    ({ point, damping } = next);
    if (point.miss <= 0.5 * mark) [mark, since] = [point.miss, rounds + 1];
  }
  return { point, rounds: ROUNDS };
}

/** Return the next point and the damping of the step after it. */
function round(parts, point, damping, sweeping) {
  const next = nextPoint(parts, point, damping);
  const fallen = next !== null && next.miss < point.miss;
  const after = fallen
    ? Math.max(damping / LOWERED, LEAST_DAMPING)
    : Math.min(damping * RAISED, MOST_DAMPING);
  if (next === null || (sweeping && next.miss > SWEEPING)) {
    return { point: sweep(parts, next ?? point), damping: after };
  }
  return { point: next, damping: after };
}

function chances(network, parts, { fit, w }) {
  const { ptr, idx, bundle, bundleEdge } = network;
  const x = new Float64Array(idx.length);
  for (let s = 0; s + 1 < ptr.length; s++) {
    for (let e = ptr[s]; e < ptr[s + 1]; e++) {
      if (bundle[e] === NONE) x[e] = open(fit.u[s] * w[idx[e]]);
    }
  }
  const tied = shares(parts.knots, w, fit.u);
  bundleEdge.forEach((e, f) => {
    x[e] = open(tied[f]);
  });
  return x;
}

function open(x) {
  const raised = LEAST > x ? LEAST : x;
  return MOST < raised ? MOST : raised;
}

/** Return the worst relative miss of a quota, a bundle or a limit by the chances themselves. */
function missedBy(network, parts, { v }, x) {
  const load = new Float64Array(parts.people);
  const bundles = new Float64Array(network.full.length);
  const bySeat = addChances(network, x, load, bundles);
  const byNode = worstMiss(v, addedUp(load, parts.limits.parent), parts.limits).miss;
  const over = bundles.map((sum, b) => (network.full[b] ? Math.abs(sum - 1) : sum - 1));
  const byBundle = over.reduce((worst, miss) => Math.max(worst, miss), 0);
  return Math.max(bySeat, byNode, byBundle);
}

/** Add up what officers and bundles get; return the worst relative miss of a quota. */
function addChances({ ptr, idx, bundle, quota }, x, load, bundles) {
  let worst = 0;
  for (let s = 0; s < quota.length; s++) {
    let total = 0;
    for (let e = ptr[s]; e < ptr[s + 1]; e++) {
      total += x[e];
      load[idx[e]] += x[e];
      if (bundle[e] !== NONE) bundles[bundle[e]] += x[e];
    }
    worst = Math.max(worst, Math.abs(total - quota[s]) / Math.max(quota[s], 1));
  }
  return worst;
}
