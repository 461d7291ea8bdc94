/**
 * `entropy_balanced/1`: the chance of every officer on every seat, as equal as the rules permit.
 */

import { InvalidInput } from "../errors.js";
import { balance } from "./balance.js";
import { fill } from "./flow.js";
import { freeEdges } from "./forced.js";
import { leximin } from "./loads.js";
import { WHOLE } from "./network.js";
import { openTiers } from "./opening.js";
import { quantise } from "./quantise.js";
import { Infeasible } from "./refusals.js";

export const DESIGN = "entropy_balanced/1";

/**
 * Return the chance of every eligible pair.
 *
 * Of the answer: problem (of the pairs that are open to the visits), numerator (edges, over 2^30),
 * discount (officers), residual, rounds, vanished.
 *
 * @param {object} problem of `problemOf`
 * @param {"free"|"leximin"} loads
 * @param {function(string, number, number): void} progress is told the stage, what is done, of what
 */
export function probabilities(problem, loads = "free", progress = () => {}) {
  if (!["free", "leximin"].includes(loads)) {
    throw new InvalidInput(`loads is ${loads}`, `loads 为 ${loads}`);
  }
  progress("flow", 0, 3);
  const { problem: opened, network } = openTiers(problem);
  const flow = fill(network);
  if (!flow.complete) throw infeasible(flow.empty);
  progress("loads", 1, 3);
  const { value, low, high } = bounded(network, flow, loads);
  const free = freeEdges(network, value, low, high);
  progress("balance", 2, 3);
  const { x, v, residual, rounds } = balance(free.network, free.low, free.high);
  const { numerator: whole, vanished } = quantise(free.network, x, free.low, free.high);
  const numerator = free.fixed.slice();
  free.edge.forEach((e, k) => {
    numerator[e] = whole[k];
  });
  progress("balance", 3, 3);
  const discount = v.slice(0, network.people);
  return { problem: opened, numerator, design: DESIGN, discount, residual, rounds, vanished };
}

/** Return a feasible value of the edges and the bounds of the nodes, in grains. */
function bounded(network, flow, loads) {
  if (loads === "leximin") {
    const { value, load } = leximin(network);
    return { value, low: load, high: load };
  }
  const grains = (places) => Float64Array.from(places, (count) => count * WHOLE);
  const value = Int32Array.from(flow.used, (used) => used * WHOLE);
  return { value, low: grains(network.least), high: grains(network.most) };
}

function infeasible(empty) {
  return new Infeasible(
    empty ? `no valid teams: nobody can take ${empty} places` : "minimum loads cannot all be met",
    empty ? `无法组成检查组：空缺 ${empty} 个名额` : "任务下限无法全部满足",
    { empty },
  );
}
