/** How much is left to chance at each drawn site. */

import { effectiveOfficers } from "../assign/effective.js";
import { units } from "../sample/decimals.js";

/**
 * Return one row a site, in the order of the problem: its places (those of officers and experts),
 * how many officers are eligible and effective, and whether the plan asks for more effective ones.
 * @param {object} plan
 * @param {import("./visited.js").Problem} problem
 * @param {{problem: object, numerator: ArrayLike<number>}} chances of its teams
 */
export function choice({ team }, { tasks, bureau, seat_task: taskOf, quota }, chances) {
  const { eligible, written } = effectiveOfficers(chances);
  const places = new Array(tasks.length).fill(0);
  taskOf.forEach((task, seat) => { places[task] += quota[seat]; });
  return tasks.map((site, task) => ({
    site_id: site,
    bureau_id: bureau[task],
    places: places[task],
    eligible: eligible[task],
    effective: written[task],
    below_floor: units(written[task]) < units(team.effective_floor),
  }));
}
