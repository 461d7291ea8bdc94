/** A check of drawn teams that trusts no solver: every rule, re-read from the problem. */

import { InvalidInput } from "../errors.js";
import { NONE } from "./network.js";
import { placeSeat, placesOf } from "./problem.js";
import { entry, loadsOf } from "./teams.js";

/**
 * Check every rule of `problem` on `teams` without solving anything; refuse the first that is
 * broken.
 *
 * Every place is taken by an officer of its row, once in a team, in order; loads keep to the
 * officers' and the groups' limits; nobody is borrowed while one of the bureau's own with room
 * could have gone.
 *
 * @param {boolean} replaced whether officers have dropped out since: that gives room to some, so
 *   whether somebody is borrowed in vain is not asked
 */
export function checkTeams(problem, { officer, borrowed }, replaced = false) {
  const teams = { problem, officer, borrowed };
  checkPlaces(teams);
  const seat = placeSeat(problem);
  checkRows(teams, seat);
  checkOnce(teams, seat);
  checkLoads(problem, loadsOf(problem, officer));
  if (!replaced) checkNeeded(teams, seat);
}

function checkPlaces({ problem, officer, borrowed }) {
  const places = placesOf(problem);
  const known = officer.every((o) => o >= 0 && o < problem.officers.length);
  if (officer.length !== places || borrowed.length !== places || !known) {
    throw invalid(`teams do not fill the ${places} places`, `检查组未填满 ${places} 个名额`);
  }
}

/** Everybody stands in the row of their seat, ascending, and is marked if borrowed. */
function checkRows({ problem, officer, borrowed }, seat) {
  officer.forEach((o, place) => {
    const e = entry(problem, seat[place], o);
    if (e === NONE) throw fault(problem, seat[place], o, "may not take", "不得担任");
    if (seat[place] === seat[place - 1] && o < officer[place - 1]) {
      throw fault(problem, seat[place], o, "stands out of order on", "未按编号升序列于");
    }
    if (problem.tier[e] > 0 !== borrowed[place] > 0) {
      throw fault(problem, seat[place], o, "is wrongly marked borrowed or not on", "借调标记不符");
    }
  });
}

function checkOnce({ problem, officer }, seat) {
  const last = new Int32Array(problem.officers.length).fill(NONE);
  officer.forEach((o, place) => {
    const task = problem.seat_task[seat[place]];
    if (last[o] === task) throw fault(problem, seat[place], o, "sits twice with", "重复列于");
    last[o] = task;
  });
}

function checkLoads(problem, load) {
  const limits = load.reduce((all, count, o) => {
    all.push([problem.officers[o], count, problem.least[o], problem.cap[o]]);
    return all;
  }, []);
  for (const { name, officers, least, most } of problem.groups) {
    limits.push([name, officers.reduce((total, o) => total + load[o], 0), least, most]);
  }
  for (const [name, got, least, most] of limits) {
    if (got >= least && got <= most) continue;
    throw invalid(
      `${name} takes ${got} places; want ${least} to ${most}`,
      `${name} 承担 ${got} 个任务，应为 ${least} 至 ${most} 个`,
    );
  }
}

/** Nobody is borrowed for a seat that one of the bureau's own with room could take instead. */
function checkNeeded(teams, seat) {
  const { problem, officer, borrowed } = teams;
  const load = loadsOf(problem, officer);
  const members = membersOf(teams, seat);
  const bearable = new Map();
  borrowed.forEach((lent, place) => {
    const s = seat[place];
    for (let e = problem.ptr[s]; lent && e < problem.ptr[s + 1]; e++) {
      const own = problem.idx[e];
      const idle = problem.tier[e] === 0 && load[own] < problem.cap[own];
      if (!idle || members[problem.seat_task[s]].has(own)) continue;
      const swap = `${officer[place]} ${own}`;
      if (!bearable.has(swap)) bearable.set(swap, couldGo(problem, load, officer[place], own));
      if (!bearable.get(swap)) continue;
      throw fault(problem, s, officer[place], "is borrowed in vain for", "无须借调担任");
    }
  });
}

function membersOf({ problem, officer }, seat) {
  const members = problem.tasks.map(() => new Set());
  officer.forEach((o, place) => members[problem.seat_task[seat[place]]].add(o));
  return members;
}

/** Say whether all limits would hold if `own` took one place of `lent`. */
function couldGo(problem, load, lent, own) {
  const after = load.slice();
  after[lent] -= 1;
  after[own] += 1;
  try {
    checkLoads(problem, after);
  } catch {
    return false;
  }
  return true;
}

function fault(problem, seat, officer, en, zh) {
  const site = problem.tasks[problem.seat_task[seat]];
  const kind = problem.seat_kind[seat];
  return invalid(
    `officer ${problem.officers[officer]} ${en} seat ${kind} of site ${site}`,
    `检查人员 ${problem.officers[officer]}：场所 ${site} 席位 ${kind}，${zh}`,
  );
}

function invalid(en, zh) {
  return new InvalidInput(en, zh);
}
