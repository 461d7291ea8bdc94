/**
 * The factors of seats that share officers: the tied seats of one task, fitted together.
 *
 * An officer in several seats of a task has a *bundle* of edges that add up to at most 1: the edge
 * in seat s is u_s * w / max(1, w * U) with U the sum of u over the seats of the bundle. Where
 * w * U is above 1, and in a *full* bundle always, that is u_s / U, whatever w: the bundle is
 * *held*. The factors of a knot are found by Newton's method in log u.
 */

import { dot, eliminate, grown, solve } from "./arithmetic.js";
import { bend } from "./balance_seats.js";

/** Relative miss of a quota that is small enough. */
const CLOSE = 1e-13;
/** Most steps for a knot, and how often a step that leads astray is halved. */
const STEPS = 60;
const HALVINGS = 30;
/** Longest step of a log factor. */
const LONGEST = 2;
/** What is added to the diagonal, as a share of the quota and of its miss. */
const DAMPING = 1e-3;

/**
 * Fit the seats of every knot, from the factors in `fit`, and add up, in place.
 * @param {Float64Array} matrices receives the matrix of each knot, eliminated
 */
export function fitKnots(seats, knots, w, fit, matrices) {
  const system = { a: 0, n: 0, at: 0, matrix: matrices, ...room(knots) };
  for (let k = 0; k < knots.first.length; k++) {
    system.a = knots.first[k];
    system.n = knots.stop[k] - knots.first[k];
    system.at = knots.at[k];
    fitKnot(seats, knots, k, w, fit.u, system);
    add(seats, knots, k, w, fit, system);
    eliminate(matrices, system.at, system.n);
  }
}

/** Room for the largest knot: sums and largest of the weights, what is lacking, the step. */
function room(knots) {
  const most = largest(knots);
  const names = ["sum", "top", "lack", "step", "before", "by"];
  return Object.fromEntries(names.map((name) => [name, new Float64Array(most)]));
}

function largest({ first, stop }) {
  return first.reduce((most, a, k) => Math.max(most, stop[k] - a), 0);
}

/** Step until no quota is missed; a step whose end still slopes upwards is halved. */
function fitKnot(seats, knots, k, w, u, system) {
  const { a, n, before, step, lack } = system;
  weigh(seats, w, system);
  let miss = lacking(seats, knots, k, w, u, system);
  for (let steps = 0; steps < STEPS && miss > CLOSE; steps++) {
    for (let s = 0; s < n; s++) before[s] = u[a + s];
    newton(seats.quota, system, DAMPING * (miss > 1 ? 1 : miss));
    const slope = dot(step, lack, n);
    const last = miss;
    for (let halvings = 0, reach = 1; halvings < HALVINGS; halvings++, reach *= 0.5) {
      for (let s = 0; s < n; s++) u[a + s] = grown(before[s], reach * step[s]);
      miss = lacking(seats, knots, k, w, u, system);
      if (miss <= 0.5 * last || -dot(step, lack, n) <= 0.25 * slope) break;
    }
  }
}

/** Set the sum and the largest of the weights on the single edges of every seat. */
function weigh({ ptr, idx }, w, { a, n, sum, top }) {
  for (let s = 0; s < n; s++) {
    sum[s] = 0;
    top[s] = 0;
    for (let e = ptr[a + s]; e < ptr[a + s + 1]; e++) {
      const weight = w[idx[e]];
      sum[s] += weight;
      if (weight > top[s]) top[s] = weight;
    }
  }
}

/** Set the step of log u; damped, as sums do not answer where every edge is held. */
function newton(quota, { a, n, at, matrix, lack, step }, damping) {
  for (let s = 0; s < n; s++) matrix[at + s * n + s] += damping * quota[a + s];
  eliminate(matrix, at, n);
  for (let s = 0; s < n; s++) step[s] = lack[s];
  solve(matrix, at, n, step);
  let longest = LONGEST;
  for (let s = 0; s < n; s++) if (Math.abs(step[s]) > longest) longest = Math.abs(step[s]);
  for (let s = 0; s < n; s++) step[s] *= LONGEST / longest;
}

/** Set what seats lack of their quota and how sums follow log u; return the worst miss. */
function lacking(seats, knots, k, w, u, system) {
  const { a, n, lack } = system;
  countSingle(seats, w, u, system);
  countBundles(knots, k, w, u, system);
  let miss = 0;
  for (let s = 0; s < n; s++) {
    const quota = seats.quota[a + s];
    const here = Math.abs(lack[s]) / (quota > 1 ? quota : 1);
    if (here > miss) miss = here;
  }
  return miss;
}

/** Begin with the single edges, which leave the seats apart. */
function countSingle(seats, w, u, { a, n, at, matrix, sum, top, lack }) {
  matrix.fill(0, at, at + n * n);
  for (let s = 0; s < n; s++) {
    let live = u[a + s] * sum[s];
    let held = 0;
    if (u[a + s] * top[s] >= 1) ({ live, held } = divided(seats, a + s, w, u[a + s]));
    lack[s] = seats.quota[a + s] - held - live;
    matrix[at + s * n + s] = live;
  }
}

/** Add the bundles: one that is held takes from its other seats what one of them gains. */
function countBundles(knots, k, w, u, { a, n, at, matrix, lack }) {
  const { ptr, seat } = knots;
  for (let b = knots.begin[k]; b < knots.begin[k + 1]; b++) {
    const total = summed(knots, b, u);
    const held = isHeld(knots, b, w, total);
    const by = held ? 1 / total : w[knots.who[b]];
    for (let f = ptr[b]; f < ptr[b + 1]; f++) {
      const x = u[seat[f]] * by;
      const s = seat[f] - a;
      lack[s] -= x;
      matrix[at + s * n + s] += x;
      if (!held) continue;
      for (let g = ptr[b]; g < ptr[b + 1]; g++) {
        matrix[at + s * n + seat[g] - a] -= x * (u[seat[g]] * by);
      }
    }
  }
}

/** Return what the live single edges of a seat add up to, and how many are held at 1. */
function divided({ ptr, idx }, s, w, u) {
  let live = 0;
  let held = 0;
  for (let e = ptr[s]; e < ptr[s + 1]; e++) {
    const x = u * w[idx[e]];
    if (x < 1) live += x;
    else held += 1;
  }
  return { live, held };
}

/** Return the sum of u over the seats of a bundle. */
function summed({ ptr, seat }, b, u) {
  let total = 0;
  for (let f = ptr[b]; f < ptr[b + 1]; f++) total += u[seat[f]];
  return total;
}

/** Say whether the edges of a bundle do not follow the weight of its officer. */
function isHeld({ who, full }, b, w, total) {
  return full[b] === 1 || total * w[who[b]] > 1;
}

/** Add what the edges of a knot come to. */
function add(seats, knots, k, w, fit, { a, n, at, matrix, by }) {
  for (let s = 0; s < n; s++) {
    by[s] = bend(fit.u[a + s], matrix[at + s * n + s]);
    addSeat(seats, a + s, w, fit, by[s]);
  }
  for (let b = knots.begin[k]; b < knots.begin[k + 1]; b++) {
    const who = knots.who[b];
    if (isHeld(knots, b, w, summed(knots, b, fit.u))) {
      fit.held[who] += 1;
      continue;
    }
    for (let f = knots.ptr[b]; f < knots.ptr[b + 1]; f++) {
      fit.live[who] += fit.u[knots.seat[f]];
      fit.bend[who] += by[knots.seat[f] - a];
    }
  }
}

function addSeat({ ptr, idx }, s, w, fit, by) {
  const u = fit.u[s];
  for (let e = ptr[s]; e < ptr[s + 1]; e++) {
    const o = idx[e];
    if (u * w[o] < 1) {
      fit.live[o] += u;
      fit.bend[o] += by;
    } else {
      fit.held[o] += 1;
    }
  }
}

/** As `answeredSeats`, for the seats of knots. */
export function answeredKnots(seats, knots, w, fit, matrices, push, answer) {
  const fall = new Float64Array(largest(knots));
  for (let k = 0; k < knots.first.length; k++) {
    const n = knots.stop[k] - knots.first[k];
    fall.fill(0, 0, n);
    pushed(seats, knots, k, w, fit.u, push, fall);
    solve(matrices, knots.at[k], n, fall);
    answered(seats, knots, k, w, fit.u, fall, answer);
  }
}

/** Sum up at the seats of a knot what the live edges are pushed by. */
function pushed({ ptr, idx }, knots, k, w, u, push, fall) {
  const a = knots.first[k];
  for (let s = a; s < knots.stop[k]; s++) {
    for (let e = ptr[s]; e < ptr[s + 1]; e++) {
      if (u[s] * w[idx[e]] < 1) fall[s - a] += u[s] * push[idx[e]];
    }
  }
  for (let b = knots.begin[k]; b < knots.begin[k + 1]; b++) {
    if (isHeld(knots, b, w, summed(knots, b, u))) continue;
    for (let f = knots.ptr[b]; f < knots.ptr[b + 1]; f++) {
      const s = knots.seat[f];
      fall[s - a] += u[s] * push[knots.who[b]];
    }
  }
}

/** Sum up at the officers by how much the factors of their seats fall. */
function answered({ ptr, idx }, knots, k, w, u, fall, answer) {
  const a = knots.first[k];
  for (let s = a; s < knots.stop[k]; s++) {
    for (let e = ptr[s]; e < ptr[s + 1]; e++) {
      if (u[s] * w[idx[e]] < 1) answer[idx[e]] += u[s] * fall[s - a];
    }
  }
  for (let b = knots.begin[k]; b < knots.begin[k + 1]; b++) {
    if (isHeld(knots, b, w, summed(knots, b, u))) continue;
    for (let f = knots.ptr[b]; f < knots.ptr[b + 1]; f++) {
      const s = knots.seat[f];
      answer[knots.who[b]] += u[s] * fall[s - a];
    }
  }
}

/** Return x of every edge in a bundle, bundle by bundle. */
export function shares(knots, w, u) {
  const x = new Float64Array(knots.seat.length);
  for (let b = 0; b < knots.who.length; b++) {
    const total = summed(knots, b, u);
    const by = isHeld(knots, b, w, total) ? 1 / total : w[knots.who[b]];
    for (let f = knots.ptr[b]; f < knots.ptr[b + 1]; f++) x[f] = u[knots.seat[f]] * by;
  }
  return x;
}
