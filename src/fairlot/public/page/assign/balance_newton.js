/**
 * One round of the search for balanced chances: a Newton step in the logs of the factors.
 *
 * 1. Which limit each factor answers to (`sides`); its target is that limit. The *free* nodes do,
 *    but those *near* 1 that are drawn there step there on their own.
 * 2. The matrix H says how loads follow the logs (`followed`). Its own diagonal plus
 *    D = damping * miss * load is the preconditioner; nodes where it is 0 take no part.
 * 3. Conjugate gradients for (H + D) step = target - load over the free nodes, from 0, until the
 *    preconditioned square of the rest has fallen to the square of the miss (FORCING) times what it
 *    began at; PRODUCTS gradients at most, in all.
 * 4. Nodes that answer to no limit and would go beyond one join, with what their loads as foreseen
 *    lack as the rest, and 3 goes on, until none joins.
 * 5. Each step is cut to LONGEST, and at 1 where the factor answers to one of two limits.
 * 6. Taken whole, then halved up to HALVINGS times, until the miss has halved or the slope at the
 *    end is at most SLOPE of that downwards at the beginning.
 */

import { dot } from "./arithmetic.js";
import { LOWER, NEITHER, UPPER, addedUp, moved, sides } from "./balance_nodes.js";
import { followed, pointAt } from "./balance_point.js";

const HALVINGS = 30;
const SLOPE = 0.25;
/** Longest step of the log of a factor. */
const LONGEST = 16;
/** Most conjugate gradients of a round. */
const PRODUCTS = 1000;
/** How far the equation is solved: to the miss of the point, between these. */
const [FINEST, COARSEST] = [1e-3, 0.1];
/** A factor this near to 1, or nearer than the miss, that wants to go there, goes on its own. */
const NEAR = 1e-3;
/** How far beyond its limit, relatively, a node is seen that joins. */
const JOINING = 1e-12;

/** Return the end of a Newton step, null if every step leads upwards. */
export function nextPoint(parts, point, damping) {
  const { step, side } = stepFrom(parts, point, damping);
  const { low, high } = parts.limits;
  const slope = (at, taken) =>
    dot(taken, at.load.map((load, node) => load - (side[node] === LOWER ? low : high)[node]));
  const downwards = -slope(point, moved(point.v, step, side).taken);
  for (let halvings = 0, reach = 1; halvings < HALVINGS; halvings++, reach *= 0.5) {
    const { v, taken } = moved(point.v, step.map((by) => reach * by), side);
    const next = pointAt(parts, v, point.fit.u);
    if (next.miss <= 0.5 * point.miss || slope(next, taken) <= SLOPE * downwards) return next;
  }
  return null;
}

/** Return the whole step, cut, and the limits that the factors answer to. */
function stepFrom(parts, point, damping) {
  const side = sides(point.v, point.load, parts.limits);
  const near = nearlyFree(parts, point, side);
  const solved = newton(equationAt(parts, point, damping), side, near);
  const cut = (by) => Math.min(Math.max(by, -LONGEST), LONGEST);
  const step = solved.step.map((by, node) => (near[node] ? 2 * (1 - point.v[node]) : cut(by)));
  return { step, side: solved.side };
}

/**
 * Say which factors are next to 1 and drawn there.
 *
 * Within Newton's equation they would be taken to move on, and the others would count on it.
 */
function nearlyFree({ limits }, { v, load, miss }, side) {
  const nearest = Math.min(NEAR, miss);
  return side.map((one, node) => {
    const away = 1 - v[node];
    const rises = one === UPPER && load[node] < limits.high[node] && away > 0;
    const falls = one === LOWER && load[node] > limits.low[node] && away < 0;
    return (rises || falls) && Math.abs(away) <= nearest ? 1 : 0;
  });
}

/** Newton's equation at a point: which nodes take part, and its diagonal (1 elsewhere). */
function equationAt(parts, point, share) {
  const { w, fit, load, miss } = point;
  const own = w.map((by, o) => Math.max(by * fit.live[o] - by * by * fit.bend[o], 0));
  const damping = load.map((places) => share * miss * places);
  const diagonal = addedUp(own, parts.limits.parent);
  for (let node = 0; node < diagonal.length; node++) diagonal[node] += damping[node];
  const able = Uint8Array.from(diagonal, (value) => (value > 0 ? 1 : 0));
  const divisor = diagonal.map((value) => (value > 0 ? value : 1));
  return { parts, point, diagonal: divisor, damping, able };
}

/** Return Newton's step, and the limits that factors answer to with those that joined. */
function newton(equation, sidesBefore, near) {
  const { point: { load }, parts: { limits }, able } = equation;
  const side = sidesBefore.slice();
  const free = side.map((one, node) => (one !== NEITHER && !near[node] && able[node] ? 1 : 0));
  const target = (node) => (side[node] === LOWER ? limits.low : limits.high)[node];
  const solving = {
    rest: load.map((places, node) => (free[node] ? target(node) - places : 0)),
    step: new Float64Array(load.length),
    seen: load.slice(),
    enough: 0,
    left: PRODUCTS,
  };
  while (solving.left > 0) {
    conjugate(equation, free, solving);
    if (!join(equation, side, free, solving)) break;
  }
  return { step: solving.step, side };
}

/** Let nodes join that answer to no limit and would be beyond one; return whether any did. */
function join({ parts: { limits }, able }, side, free, { rest, seen }) {
  let joined = false;
  for (let node = 0; node < side.length; node++) {
    if (side[node] !== NEITHER || !able[node]) continue;
    const above = seen[node] > limits.high[node] * (1 + JOINING);
    if (!above && !(seen[node] < limits.low[node] * (1 - JOINING))) continue;
    side[node] = above ? UPPER : LOWER;
    free[node] = 1;
    rest[node] = (above ? limits.high : limits.low)[node] - seen[node];
    joined = true;
  }
  return joined;
}

/**
 * Solve for the free nodes until the preconditioned square of `rest` is small enough, in place:
 * `step` and how the loads are `seen` to follow it, what rests, what is enough from now on (the
 * most ever enough), and how many gradients are left.
 */
function conjugate(equation, free, solving) {
  const { parts, point, damping, diagonal } = equation;
  const { rest } = solving;
  const step = new Float64Array(rest.length);
  const change = new Float64Array(rest.length);
  const direction = rest.map((value, node) => (free[node] ? value / diagonal[node] : 0));
  let square = dot(rest, direction);
  const forcing = Math.min(Math.max(point.miss, FINEST), COARSEST);
  solving.enough = Math.max(solving.enough, square * forcing * forcing);
  while (square > solving.enough && solving.left > 0) {
    solving.left -= 1;
    const product = followed(parts, point, direction);
    const damped = damp(product, damping, direction, free);
    const curvature = dot(direction, damped);
    if (curvature <= 0) break;
    go(square / curvature, { step, change, rest }, { direction, product, damped });
    const before = square;
    square = turn(rest, direction, free, diagonal, before);
  }
  for (let node = 0; node < step.length; node++) {
    solving.step[node] += step[node];
    solving.seen[node] += change[node];
  }
}

function damp(product, damping, direction, free) {
  return product.map((by, node) => (free[node] ? by + damping[node] * direction[node] : 0));
}

/** Go so far along the direction. */
function go(by, { step, change, rest }, { direction, product, damped }) {
  for (let node = 0; node < step.length; node++) {
    step[node] += by * direction[node];
    change[node] += by * product[node];
    rest[node] -= by * damped[node];
  }
}

/** Turn to the next direction, in place; return the preconditioned square of the rest. */
function turn(rest, direction, free, diagonal, before) {
  const scaled = rest.map((value, node) => (free[node] ? value / diagonal[node] : 0));
  const square = dot(rest, scaled);
  const kept = square / before;
  for (let node = 0; node < rest.length; node++) {
    direction[node] = scaled[node] + kept * direction[node];
  }
  return square;
}
