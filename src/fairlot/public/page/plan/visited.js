/** From the rules of a plan to the problem of its teams: who may take which seat. */

import { InvalidInput } from "../errors.js";
import { exclusions } from "./exclusions.js";
import { peopleOf, within } from "./people.js";
import { Pools } from "./pools.js";
import { refuseRegisters, refuseRules } from "./staffing.js";

const PAIRS_MOST = 100_000_000;

/**
 * @typedef {object} Problem the fields of the library's problem, as the lottery takes them
 * @property {string[]} tasks the sites, ascending
 * @property {string[]} officers everybody, ascending
 * @property {number[]} seat_task the seats of a task side by side
 * @property {string[]} seat_kind
 * @property {string[]} seat_skill the sectors a seat asks for, joined by ";"
 * @property {number[]} quota how many people take the seat
 * @property {number[]} ptr row idx[ptr[s]] to idx[ptr[s + 1] - 1] lists who may take seat s
 * @property {Int32Array} idx ascending in each row
 * @property {Int8Array} tier beside idx: 0, or of which supporting bureau
 * @property {number[]} cap
 * @property {number[]} least
 * @property {string[]} bureau of the sites
 * @property {string[]} home the bureau of each person
 * @property {{name: string, officers: number[], least: number, most: number}[]} groups inner first
 */

/**
 * Return who may take which seat at the sites in these rows.
 * @param {object} plan
 * @param {object} tables standings, sites (row for row), officers, experts, conflicts, absences:
 *   lists of rows
 * @param {number[]} index rows of the sites, rising; the private columns of others do not matter
 * @returns {Problem}
 */
export function problemOf(plan, tables, index) {
  const sites = index.map((row) => ({ ...tables.sites[row], site_id: tables.standings[row].site }));
  const people = peopleOf(tables, plan);
  refuseRegisters(tables, plan);
  refuseRules(sites, people, tables.standings, plan);
  const pools = new Pools(people, plan.team);
  const seats = sites.flatMap((site, task) => seatsOf(site, task, plan.team, pools));
  return {
    tasks: sites.map(({ site_id: id }) => id),
    officers: people.map(({ id }) => id),
    seat_task: seats.map(({ task }) => task),
    seat_kind: seats.map(({ kind }) => kind),
    seat_skill: seats.map(({ skills }) => skills.join(";")),
    quota: seats.map(({ quota }) => quota),
    ...rows(seats, people, exclusions(sites, people, tables.conflicts, plan)),
    cap: people.map(({ cap }) => cap),
    least: people.map(({ least }) => least),
    bureau: sites.map(({ bureau_id: id }) => id),
    home: people.map(({ bureau_id: id }) => id),
    groups: groupsOf(people, plan.team.limits),
  };
}

/** Return the seats of a team: seats of one kind are equal, kinds in the order first named. */
function seatsOf({ bureau_id: bureau, sector, sector2 }, task, team, pools) {
  const sectors = [sector, sector2].filter((name) => name !== "");
  return [...new Set(team.seats)].map((kind) => {
    const skills = kind === "specialist" || kind === "expert" ? sectors : [];
    const quota = team.seats.filter((seat) => seat === kind).length;
    return { task, kind, skills, quota, pool: pools.of(kind, bureau, skills) };
  });
}

/** List who may take each seat: those of its pool who are able and not kept from the site. */
function rows(seats, people, kept) {
  const most = seats.reduce((sum, { pool }) => sum + pool.length, 0);
  if (most > PAIRS_MOST) {
    throw new InvalidInput(
      `${most} pairs of seat and officer; want at most ${PAIRS_MOST}`,
      `席位与检查人员的组合有 ${most} 个，至多 ${PAIRS_MOST} 个`,
    );
  }
  const [ptr, idx, tier] = [[0], new Int32Array(most), new Int8Array(most)];
  let found = 0;
  for (const { task, pool } of seats) {
    for (const member of pool) {
      if (!people[member.number].able || kept[task].has(member.number)) continue;
      idx[found] = member.number;
      tier[found] = member.tier;
      found += 1;
    }
    ptr.push(found);
  }
  return { ptr, idx: idx.slice(0, found), tier: tier.slice(0, found) };
}

function groupsOf(people, limits) {
  const groups = limits.map((limit) => ({
    name: [limit.bureau, limit.department].filter((name) => name !== undefined).join(" "),
    officers: within(people, limit),
    least: limit.least,
    most: limit.most,
  }));
  return groups.sort((a, b) => a.officers.length - b.officers.length);
}
