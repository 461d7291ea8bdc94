/**
 * What a lottery of officers is about: tasks, their seats, and who may take each seat.
 *
 * The fields are those of the library: tasks and officers (ids, ascending), seat_task, seat_kind
 * and quota (of the seats, those of a task side by side), ptr and idx (who may take seat s,
 * ascending), tier (beside idx), cap and least (of the officers), groups {name, officers, least,
 * most}.
 */

import { InvalidInput } from "../errors.js";

/**
 * More than anyone's places: an int32, and 2^30 grains each still a whole double for 2^23 places.
 */
const MOST = 2 ** 31 - 1;
const PLACES = 2 ** 23 - 1;

/**
 * Return the problem of plain arrays, checked; quota, least, tier and groups may be left out.
 * @param {object} given the fields above
 */
export function problemOf(given) {
  const seats = given.seat_task.length;
  const problem = {
    tasks: [...given.tasks],
    officers: [...given.officers],
    seat_task: whole("seat_task", given.seat_task, seats),
    seat_kind: [...given.seat_kind],
    quota: whole("quota", given.quota ?? new Array(seats).fill(1), seats),
    ptr: whole("ptr", given.ptr, seats + 1),
    idx: whole("idx", given.idx, given.idx.length),
    tier: whole("tier", given.tier ?? new Int32Array(given.idx.length), given.idx.length),
    cap: whole("cap", given.cap, given.officers.length),
    least: whole("least", given.least ?? new Int32Array(given.officers.length), given.cap.length),
    groups: laminar(given.groups ?? [], given.officers.length),
  };
  checkIds(problem.tasks);
  checkIds(problem.officers);
  checkSeats(problem);
  checkRows(problem);
  checkLeast(problem);
  return problem;
}

/** Return how many places there are, quota after quota. */
export function placesOf(problem) {
  let places = 0;
  for (const quota of problem.quota) places += quota;
  return places;
}

/** Return the seat of each place: `quota` places a seat, side by side. */
export function placeSeat(problem) {
  const seat = new Int32Array(placesOf(problem));
  let at = 0;
  problem.quota.forEach((quota, s) => {
    seat.fill(s, at, at + quota);
    at += quota;
  });
  return seat;
}

function whole(name, values, size) {
  const sound = (value) => Number.isInteger(value) && value >= 0 && value <= MOST;
  refuseUnless(
    values.length === size && values.every(sound),
    `${name} is not ${size} whole numbers from 0 to ${MOST}`,
    `${name} 应为 ${size} 个 0 至 ${MOST} 的整数`,
  );
  return Int32Array.from(values);
}

/** Return the groups inner before outer; groups of equal size stay in order. */
function laminar(groups, people) {
  const ordered = [...groups].sort((one, other) => one.officers.length - other.officers.length);
  ordered.forEach((group, at) => {
    checkGroup(group, people);
    for (const outer of ordered.slice(at + 1)) checkNested(group, new Set(outer.officers), outer);
  });
  return ordered;
}

function checkGroup({ name, officers, least, most }, people) {
  const members = new Set(officers.filter((o) => Number.isInteger(o) && o >= 0 && o < people));
  const sound = members.size > 0 && members.size === officers.length && least <= most;
  whole(name, [least, most], 2);
  refuseUnless(
    sound,
    `group ${name} has no officers, one twice or unknown, or least ${least} above most ${most}`,
    `组 ${name} 没有人员、人员重复或未知，或下限 ${least} 高于上限 ${most}`,
  );
}

function checkNested(inner, around, outer) {
  const shared = inner.officers.filter((officer) => around.has(officer)).length;
  refuseUnless(
    shared === 0 || shared === inner.officers.length,
    `groups ${inner.name} and ${outer.name} overlap; want them disjoint or one within the other`,
    `组 ${inner.name} 与 ${outer.name} 部分重叠，应互不相交或一组包含另一组`,
  );
}

function checkIds(ids) {
  const seen = new Set();
  for (const id of ids) {
    refuseUnless(!seen.has(id), `${id} is listed twice`, `${id} 重复`);
    seen.add(id);
  }
}

function checkLeast({ officers, least, cap }) {
  const above = least.findIndex((count, o) => count > cap[o]);
  refuseUnless(
    above < 0,
    `officer ${officers[above]} takes at least ${least[above]} places and at most ${cap[above]}`,
    `检查人员 ${officers[above]} 的任务下限 ${least[above]} 高于上限 ${cap[above]}`,
  );
}

function checkSeats({ seat_task, tasks, seat_kind, quota }) {
  const follows = (task, s) => task === (s ? seat_task[s - 1] : 0) || task === seat_task[s - 1] + 1;
  const named = tasks.length ? seat_task[seat_task.length - 1] + 1 : 0;
  const places = placesOf({ quota });
  refuseUnless(
    seat_task.every(follows) && named === tasks.length && seat_kind.length === seat_task.length,
    `seat_task must name all ${tasks.length} tasks in order, the seats of a task side by side`,
    `seat_task 应依次列出全部 ${tasks.length} 个任务，同一任务的席位相邻`,
  );
  refuseUnless(
    places <= PLACES,
    `there are ${places} places; want at most ${PLACES}`,
    `共 ${places} 个名额，至多 ${PLACES} 个`,
  );
}

function checkRows({ ptr, idx, officers }) {
  const end = ptr.length - 1;
  refuseUnless(
    ptr[0] === 0 && ptr[end] === idx.length && ptr.every((at, s) => s === end || at <= ptr[s + 1]),
    `ptr must rise from 0 to ${idx.length}, the length of idx`,
    `ptr 应由 0 递增至 idx 的长度 ${idx.length}`,
  );
  for (let s = 0; s < end; s++) {
    const row = idx.subarray(ptr[s], ptr[s + 1]);
    refuseUnless(
      row.every((o, k) => o < officers.length && (k === 0 || o > row[k - 1])),
      `the officers of seat ${s} are unknown or not ascending, or one is listed twice`,
      `第 ${s} 个席位的检查人员未知、未按升序排列或有重复`,
    );
  }
}

function refuseUnless(sound, en, zh) {
  if (!sound) throw new InvalidInput(en, zh);
}
