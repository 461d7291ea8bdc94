/** An officer drops out: the problem without them, and who could take each vacated place. */

import { starts } from "./listing.js";
import { placeSeat } from "./problem.js";
import { Infeasible } from "./refusals.js";
import { loadsOf } from "./teams.js";

/**
 * Return the problem as it stands once `officer` has left `places`.
 *
 * The officer may take no seat of those tasks, and no more places than they keep. Minimum loads,
 * their own and those of the groups they are in, fall by what they give up.
 */
export function without(problem, teams, officer, places) {
  const seat = placeSeat(problem);
  const left = new Set(places.map((place) => problem.seat_task[seat[place]]));
  const load = loadsOf(problem, teams.officer);
  const cap = problem.cap.slice();
  const least = problem.least.slice();
  cap[officer] = load[officer] - places.length;
  least[officer] = Math.min(least[officer], cap[officer]);
  const groups = problem.groups.map((group) => {
    if (!group.officers.includes(officer)) return group;
    return { ...group, least: Math.min(group.least, sumOf(load, group.officers) - places.length) };
  });
  const stays = (e, s) => problem.idx[e] !== officer || !left.has(problem.seat_task[s]);
  return { ...kept(problem, stays), cap, least, groups };
}

/** Return the problem with those edges alone of which `stays` is true. */
function kept(problem, stays) {
  const { ptr } = problem;
  const edges = [];
  const sizes = new Int32Array(ptr.length - 1);
  for (let s = 0; s < sizes.length; s++) {
    for (let e = ptr[s]; e < ptr[s + 1]; e++) {
      if (!stays(e, s)) continue;
      edges.push(e);
      sizes[s] += 1;
    }
  }
  return { ...problem, ...taken(problem, edges), ptr: starts(sizes) };
}

function taken({ idx, tier }, edges) {
  return {
    idx: Int32Array.from(edges, (e) => idx[e]),
    tier: Int32Array.from(edges, (e) => tier[e]),
  };
}

function sumOf(load, officers) {
  return officers.reduce((total, o) => total + load[o], 0);
}

/**
 * Return the vacated places as a problem of their own, with the room that is left.
 *
 * Refuses, as infeasible, the first place that nobody can take; of the facts, `seat` is its kind
 * and `keptAway` the ids of its row by the first reason that keeps them away.
 */
export function vacated(after, teams, officer, places) {
  const seat = placeSeat(after);
  const load = loadsOf(after, teams.officer.filter((_, place) => !places.includes(place)));
  const seats = places.map((place) => seat[place]);
  const rows = places.map((place) => {
    const task = after.seat_task[seat[place]];
    const members = teams.officer.filter(
      (_, other) => after.seat_task[seat[other]] === task && !places.includes(other),
    );
    return candidates(after, officer, seat[place], new Set(members), load);
  });
  return alone(after, seats, rows, load);
}

/** Return the edges of those who can take a place of `seat` beside `team`. */
function candidates(after, officer, seat, team, load) {
  const full = new Set();
  for (const { officers, most } of after.groups) {
    if (sumOf(load, officers) >= most) for (const o of officers) full.add(o);
  }
  const keptAway = { team: [], cap: [], group: [] };
  const edges = [];
  for (let e = after.ptr[seat]; e < after.ptr[seat + 1]; e++) {
    const o = after.idx[e];
    if (team.has(o)) keptAway.team.push(after.officers[o]);
    else if (load[o] >= after.cap[o]) keptAway.cap.push(after.officers[o]);
    else if (full.has(o)) keptAway.group.push(after.officers[o]);
    else edges.push(e);
  }
  if (edges.length === 0) throw nobody(after, officer, seat, keptAway);
  return edges;
}

function nobody(after, officer, seat, keptAway) {
  const site = after.tasks[after.seat_task[seat]];
  const kind = after.seat_kind[seat];
  const told = Object.entries(keptAway).filter(([, who]) => who.length > 0);
  return new Infeasible(
    `nobody can replace officer ${after.officers[officer]} on seat ${kind} of site ${site}`,
    `场所 ${site} 的 ${kind} 席位上无人可替补检查人员 ${after.officers[officer]}`,
    { seat: kind, site, keptAway: Object.fromEntries(told) },
  );
}

function alone(after, seats, rows, load) {
  const edges = rows.flat();
  return {
    tasks: seats.map((s) => after.tasks[after.seat_task[s]]),
    officers: after.officers,
    seat_task: Int32Array.from(seats.keys()),
    seat_kind: seats.map((s) => after.seat_kind[s]),
    quota: new Int32Array(seats.length).fill(1),
    ptr: starts(rows.map((row) => row.length)),
    ...taken(after, edges),
    cap: after.cap.map((cap, o) => cap - load[o]),
    least: new Int32Array(after.officers.length),
    groups: after.groups.map((group) => ({
      ...group,
      least: 0,
      most: group.most - sumOf(load, group.officers),
    })),
  };
}
