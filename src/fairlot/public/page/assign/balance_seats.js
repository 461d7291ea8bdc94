/**
 * The factor of a seat: the u for which min(1, u * w) over its officers adds up to its quota.
 *
 * w is the weight of an officer. An edge is *live* where u * w < 1 and *held* at 1 otherwise. Seats
 * of one task that share officers are tied, and fitted together in `balance_knots`.
 *
 * Seats: ptr, idx (edges outside bundles), quota, tied.
 * Fit:   u (seats), rest (places that live edges fill; 0 for tied seats), whole (1 if every edge is
 *        live), live, held, bend (officers: sum of u over live edges, edges held at 1, and the sum
 *        of u * u / rest over live edges).
 */

/** Where factors, and what they fill, are cut off for the curvature, which must not overflow. */
const LARGE = 2 ** 400;
const SMALL = 2 ** -200;

/** Return a fit to be filled, that begins at the factors u. */
export function emptyFit(u, people) {
  return {
    u: u.slice(),
    rest: new Float64Array(u.length),
    whole: new Uint8Array(u.length),
    live: new Float64Array(people),
    held: new Float64Array(people),
    bend: new Float64Array(people),
  };
}

/** Return u * u / rest, a part of the curvature; 0 where nothing is live. */
export function bend(u, rest) {
  const cut = LARGE < u ? LARGE : u;
  return rest > 0 ? (cut * cut) / (SMALL > rest ? SMALL : rest) : 0;
}

/** Fit every seat that is not tied, and add up what its edges come to, in place. */
export function fitSeats(seats, w, fit) {
  for (let s = 0; s < seats.quota.length; s++) {
    if (seats.tied[s]) continue;
    fitFactor(seats, w, fit, s);
    if (fit.whole[s]) addWhole(seats, fit, s);
    else addDivided(seats, w, fit, s);
  }
}

function addWhole({ ptr, idx }, fit, s) {
  const u = fit.u[s];
  const by = bend(u, fit.rest[s]);
  for (let e = ptr[s]; e < ptr[s + 1]; e++) {
    fit.live[idx[e]] += u;
    fit.bend[idx[e]] += by;
  }
}

function addDivided({ ptr, idx }, w, fit, s) {
  const u = fit.u[s];
  const by = bend(u, fit.rest[s]);
  for (let e = ptr[s]; e < ptr[s + 1]; e++) {
    if (u * w[idx[e]] < 1) {
      fit.live[idx[e]] += u;
      fit.bend[idx[e]] += by;
    } else {
      fit.held[idx[e]] += 1;
    }
  }
}

/** Set the factor of a seat, the places left to live edges, and whether all are live. */
function fitFactor({ ptr, idx, quota }, w, fit, s) {
  let total = 0;
  let top = 0;
  for (let e = ptr[s]; e < ptr[s + 1]; e++) {
    const weight = w[idx[e]];
    total += weight;
    if (weight > top) top = weight;
  }
  const u = total > 0 ? quota[s] / total : 0;
  fit.whole[s] = u * top < 1 ? 1 : 0;
  fit.u[s] = u;
  fit.rest[s] = quota[s];
  if (!fit.whole[s]) raiseFactor(idx, w, fit, s, ptr[s], ptr[s + 1], quota[s]);
}

/** u only rises and what is held stays held: at most `quota` rounds. */
function raiseFactor(idx, w, fit, s, begin, end, quota) {
  let u = fit.u[s];
  for (;;) {
    let total = 0;
    let rest = quota;
    for (let e = begin; e < end; e++) {
      if (u * w[idx[e]] < 1) total += w[idx[e]];
      else rest -= 1;
    }
    fit.u[s] = u;
    fit.rest[s] = rest;
    if (rest <= 0 || total <= 0 || rest / total <= u) return;
    u = rest / total;
  }
}

/**
 * Add to `answer` (officers) how the factors give way when log w changes by p.
 *
 * With push = w * p, the log of a factor falls by z, the mean of p over the live edges as the
 * chances weigh it; `answer` sums u * z over the live edges of every officer.
 */
export function answeredSeats(seats, w, fit, push, answer) {
  for (let s = 0; s < fit.u.length; s++) {
    if (fit.rest[s] <= 0) continue;
    if (fit.whole[s]) answerWhole(seats, fit, s, push, answer);
    else answerDivided(seats, w, fit, s, push, answer);
  }
}

function answerWhole({ ptr, idx }, fit, s, push, answer) {
  const u = fit.u[s];
  let total = 0;
  for (let e = ptr[s]; e < ptr[s + 1]; e++) total += push[idx[e]];
  const by = u * ((u * total) / fit.rest[s]);
  for (let e = ptr[s]; e < ptr[s + 1]; e++) answer[idx[e]] += by;
}

function answerDivided({ ptr, idx }, w, fit, s, push, answer) {
  const u = fit.u[s];
  let total = 0;
  for (let e = ptr[s]; e < ptr[s + 1]; e++) {
    if (u * w[idx[e]] < 1) total += push[idx[e]];
  }
  const by = u * ((u * total) / fit.rest[s]);
  for (let e = ptr[s]; e < ptr[s + 1]; e++) {
    if (u * w[idx[e]] < 1) answer[idx[e]] += by;
  }
}
