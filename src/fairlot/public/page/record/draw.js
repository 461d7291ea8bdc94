/** The draw itself: what follows from an announcement and a seed. */

import { owners } from "../assign/listing.js";
import { drawTeams } from "../assign/lottery.js";
import { probabilities } from "../assign/probabilities.js";
import { placeSeat, problemOf as checkedProblem } from "../assign/problem.js";
import { HASH } from "../blocks.js";
import { framed, hex, joined, utf8 } from "../bytes.js";
import { hashAt } from "../merkle.js";
import { quotas } from "../plan/quotas.js";
import { schedule } from "../plan/schedule.js";
import { problemOf } from "../plan/visited.js";
import { nestedPivotal } from "../sample/nested_pivotal.js";
import { D } from "../sample/whole_numbers.js";
import { DOMAIN, Stream, Tickets, subkey } from "../stream.js";
import { commitment } from "./sheets.js";

const SELECTION_WORDS = 5;

/** Return quotas and probabilities, from what the view shows of every site. */
export function decide({ plan, tables }) {
  return quotas(plan, tables.standings);
}

/** Return the rows that are drawn: unit i consumes the ticket made of its own row. */
export function select(announced, { numerator }, seed) {
  const { standings } = announced.tables;
  const tickets = selectionTickets(announced, announced.leaves.sites, seed);
  const words = Array.from({ length: SELECTION_WORDS }, () => tickets.words(standings.length));
  const [bureau, sector, credit] = ["bureau_id", "sector", "class"].map((column) =>
    standings.map((row) => row[column]),
  );
  return nestedPivotal(numerator, bureau, sector, credit, words);
}

/** Return the tickets of some leaves in the selection. */
export function selectionTickets({ suite }, leaves, seed) {
  return new Tickets(subkey(seed, "select", suite), leaves, suite);
}

/** Return who may take which seat at these rows, and the problem of it that the lottery takes. */
export function staff({ plan, tables }, rows) {
  const visited = problemOf(plan, tables, rows);
  return { visited, problem: checkedProblem(visited) };
}

/** Return the chance of everybody who may take a seat; nothing is drawn. */
export function staffChances({ plan }, problem, progress) {
  return probabilities(problem, plan.team.loads, progress);
}

/** Draw the teams with exactly these chances. */
export function assign({ suite }, problem, chances, seed, progress) {
  return drawTeams(problem, chances, new Stream(subkey(seed, "assign", suite), suite), progress);
}

/** Return one row a place: site_id, seat, officer_id, borrowed. */
export function teamRows({ problem, officer, borrowed }) {
  const seat = placeSeat(problem);
  return Array.from(officer, (o, place) => ({
    site_id: problem.tasks[problem.seat_task[seat[place]]],
    seat: problem.seat_kind[seat[place]],
    officer_id: problem.officers[o],
    borrowed: borrowed[place] > 0,
  }));
}

/** Draw the week and the place of every visit. */
export function dates({ leaves, plan, suite, tables }, rows, teams, seed) {
  const drawn = joined(...rows.map((row) => hashAt(leaves.sites, row)));
  const tickets = new Tickets(subkey(seed, "schedule", suite), drawn, suite);
  const words = [tickets.words(rows.length), tickets.words(rows.length)];
  const sites = rows.map((row) => ({ ...tables.sites[row], site_id: tables.standings[row].site }));
  const world = { teams: teamRows(teams), absences: tables.absences, window: plan.visits };
  return schedule(sites, ...words, world);
}

/** Return the digest of all chances, in hex. */
export function chancesDigest({ problem, numerator }, suite) {
  const seats = problem.seat_kind.map(
    (kind, s) => `${problem.tasks[problem.seat_task[s]]} ${kind} ${problem.quota[s]}`,
  );
  const lists = [problem.tasks, seats, problem.officers].map((texts) =>
    utf8(texts.map((one) => `${one}\n`).join("")),
  );
  // Which pairs without a chance are listed at all can follow from the order of a search.
  const pairs = Array.from(owners(problem.ptr), (seat, e) => [seat, problem.idx[e], numerator[e]])
    .filter(([, , a]) => a > 0);
  const view = new DataView(new ArrayBuffer(12 * pairs.length));
  pairs.flat().forEach((n, at) => view.setUint32(4 * at, n));
  const bytes = new Uint8Array(view.buffer);
  return hex(suite.digest(framed(utf8(`${DOMAIN} chances`), ...lists, bytes)));
}

/** Return the result of every site, drawn or not, column by column in the order of the roster. */
export function resultsOf({ tables }, { rule, numerator }, drawn, days, teams) {
  const taken = new Set(drawn);
  const people = new Map();
  for (const { site_id: site, officer_id: id } of teamRows(teams)) {
    people.set(site, [...(people.get(site) ?? []), id]);
  }
  const week = new Map(days.map((day) => [day.site_id, day.week]));
  const site = tables.standings.map((row) => row.site);
  const outcome = (a, i) => (taken.has(i) ? "drawn" : a > 0 ? "not drawn" : "excluded");
  return {
    site,
    outcome: numerator.map(outcome),
    rule,
    numerator,
    week: site.map((id) => week.get(id) ?? 0),
    team: site.map((id) => (people.get(id) ?? []).sort().join(";")),
  };
}

/** Return the leaves and the root of the results; whoever may see the standings has their key. */
export function commitResults({ opening, suite }, columns) {
  const key = suite.expand(opening.keys.standings, utf8(`${DOMAIN} results`), HASH);
  return commitment(columns, key, undefined, suite);
}

/** Return numerator / 2^40 to nine decimals, cut, as text; the numerator itself is exact. */
export function share(numerator) {
  const cut = (BigInt(numerator % D) * 10n ** 9n) / BigInt(D);
  return `${Math.floor(numerator / D)}.${String(cut).padStart(9, "0")}`;
}
