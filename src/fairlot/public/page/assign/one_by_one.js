/** Places filled one after the other, never so that a later one has nobody left. */

import { fill } from "./flow.js";
import { possible } from "./forced.js";
import { networkOf } from "./network.js";
import { Infeasible } from "./refusals.js";

/**
 * Return the edges of the first place with which the others can still be filled: only those of the
 * lowest tier that has any, so that nobody is borrowed in vain.
 */
export function firstChoices(vacant) {
  const network = networkOf(vacant);
  const flow = fill(network);
  if (!flow.complete) {
    throw new Infeasible(
      "the vacated places cannot be filled together",
      "空出的名额无法同时补齐",
    );
  }
  const able = possible(network, flow.used);
  const edges = [...able.subarray(0, vacant.ptr[1]).keys()].filter((e) => able[e]);
  const nearest = Math.min(...edges.map((e) => vacant.tier[e]));
  return edges.filter((e) => vacant.tier[e] === nearest);
}

/** Return `vacant` once its first place is taken by `officer`. */
export function restOf(vacant, officer) {
  const begin = vacant.ptr[1];
  return {
    ...vacant,
    tasks: vacant.tasks.slice(1),
    seat_task: vacant.seat_task.slice(0, -1),
    seat_kind: vacant.seat_kind.slice(1),
    quota: vacant.quota.slice(1),
    ptr: vacant.ptr.slice(1).map((at) => at - begin),
    idx: vacant.idx.slice(begin),
    tier: vacant.tier.slice(begin),
    cap: vacant.cap.map((cap, o) => (o === officer ? cap - 1 : cap)),
    groups: vacant.groups.map((group) =>
      group.officers.includes(officer) ? { ...group, most: group.most - 1 } : group,
    ),
  };
}
