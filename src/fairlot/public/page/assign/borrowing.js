/** What a place costs that is borrowed: above all that it is, and then from how late a lender. */

import { placesOf } from "./problem.js";

/**
 * Return the cost of each edge, whole: the least sum is what is borrowed least.
 *
 * One place borrowed costs more than all tiers of an assignment can add up to.
 */
export function borrowingCosts(problem) {
  const latest = problem.tier.reduce((most, tier) => Math.max(most, tier), 0);
  const more = 1 + latest * placesOf(problem);
  return Float64Array.from(problem.tier, (tier) => (tier > 0 ? tier + more : 0));
}
