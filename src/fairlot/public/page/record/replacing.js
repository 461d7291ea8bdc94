/**
 * What changes after the draw: a recusal leaves one seat to replacement/1, a closure one visit to
 * substitute/1 and the lottery of its team. Nothing else changes.
 */

import { drawTeams } from "../assign/lottery.js";
import { placeSeat } from "../assign/problem.js";
import { Infeasible } from "../assign/refusals.js";
import { DESIGN, replace, replacement } from "../assign/replacement.js";
import { loadsOf } from "../assign/teams.js";
import * as beacon from "../beacon.js";
import { hex } from "../bytes.js";
import { encode } from "../canonical.js";
import { InvalidInput, VerificationError } from "../errors.js";
import { SUBSTITUTE, allowed, candidates, substitute } from "../plan/substitute.js";
import { rowKey } from "../rows.js";
import { Stream, seed, subkey } from "../stream.js";
import { withRows } from "./announced.js";
import { staff, staffChances, teamRows } from "./draw.js";
import { valueOf } from "./events.js";
import { SPEC, isObject, numbered } from "./files.js";
import { refuseDifference } from "./lists.js";
import { OPENINGS } from "./sheets.js";

/**
 * @typedef {object} Stand the draw as it stands after some events
 * @property {object} announced
 * @property {object} decided
 * @property {object} teams of the drawn sites; those of a closed site keep their places, so nobody
 *   gains by it
 * @property {number[]} drawn rows of the roster that were drawn
 * @property {number[]} stoodIn rows that stand in for one of them, whether somebody goes or not
 * @property {Map<string, object>} added the teams of every site that stands in for another
 * @property {string[]} closed sites to which nobody goes any more
 */

/** Return the draw as it was made. */
export function firstStand({ announced, decided, drawn, teams }) {
  return { announced, decided, teams, drawn, stoodIn: [], added: new Map(), closed: [] };
}

/** Redo every answer on the draw as made; refuse one that was published otherwise. */
export function answered(files, events, first) {
  let stand = first;
  for (const event of events.filter(({ answer }) => answer)) {
    const { data, after } = answer(stand, event, valueOf(event));
    refuseDifference(numbered("replacement", event.number), files, data);
    stand = after;
  }
  return stand;
}

/** Return the team of a site as rows, today's; none where nobody goes. */
export function teamOf(stand, site) {
  const teams = stand.added.get(site) ?? stand.teams;
  return teamRows(teams).filter(({ site_id: id }) => id === site);
}

function answer(stand, event, value) {
  const { suite } = stand.announced;
  const { body: { event: kind, site }, digest, number, source } = event;
  refuseNobody(stand, site);
  const material = beacon.material(source, beacon.read(source, value).randomness);
  const root = seed(suite.digest(event.data), material, suite);
  const stream = new Stream(subkey(root, `replace/${number}`, suite), suite);
  const { told, after } = (kind === "closure" ? standIn : reseated)(stand, event, stream);
  const whole = {
    ...{ "@spec": `${SPEC} replacement`, number, event: digest },
    algorithm: kind === "closure" ? SUBSTITUTE : DESIGN,
    ...{ value, seed: hex(root), site },
    ...told,
  };
  return { data: new Uint8Array([...encode(whole), 10]), after };
}

/** Draw the seat of a recusal anew. */
function reseated(stand, { body: { site, officer } }, stream) {
  const teams = stand.added.get(site) ?? stand.teams;
  const { told, after } = seatDrawn(teams, officer, site, stream);
  const added = new Map(stand.added);
  if (added.has(site)) added.set(site, after);
  const changed = added.has(site) ? { added } : { teams: after };
  return { told: { original: officer, ...told }, after: { ...stand, ...changed } };
}

function seatDrawn(teams, officer, site, stream) {
  try {
    const found = replacement(teams.problem, teams, officer, [site]);
    return drawn(found, replace(found, stream));
  } catch (error) {
    if (!(error instanceof Infeasible)) throw error;
    return vacant(teams, officer, error.facts);
  }
}

function drawn(found, after) {
  const seats = placeSeat(after.problem);
  const seat = seats[found.places[0]];
  const before = new Set(found.teams.officer.filter((_, place) => seats[place] === seat));
  const place = seats.findIndex((s, p) => s === seat && !before.has(after.officer[p]));
  const { officers, seat_kind: kinds } = after.problem;
  const told = {
    seat: kinds[seat],
    officer: officers[after.officer[place]],
    borrowed: after.borrowed[place] > 0,
    candidates: found.candidates[0].map((o, k) => {
      return { officer: officers[o], chance: found.chances[0][k] };
    }),
  };
  return { told, after };
}

/** Tell who is kept away and by what; whoever stepped back gets no other site instead. */
function vacant(teams, officer, { seat, keptAway }) {
  const told = { seat, officer: "", borrowed: false, candidates: [], kept_away: keptAway };
  const { problem } = teams;
  const who = problem.officers.indexOf(officer);
  const cap = problem.cap.slice();
  cap[who] = loadsOf(problem, teams.officer)[who];
  const least = problem.least.map((count, o) => Math.min(count, cap[o]));
  return { told, after: { ...teams, problem: { ...problem, cap, least } } };
}

/** Refuse a site to which nobody goes: it was not drawn, or is closed. */
function refuseNobody({ added, closed, teams }, site) {
  if (!closed.includes(site) && (teams.problem.tasks.includes(site) || added.has(site))) return;
  throw new VerificationError(`nobody goes to site ${site}`, `没有检查组前往 ${site}`);
}

/** Draw who stands in for a closed site, and the team of that visit. */
function standIn(before, event, stream) {
  const { site } = event.body;
  const stand = { ...before, closed: [...before.closed, site] };
  const bound = boundOf(stand, site);
  const found = bound.made < bound.allowed ? candidatesFor(stand, site) : null;
  if (!found) {
    const nobody = { substitute: "", level: "", candidates: [], team: [] };
    return { told: { ...bound, ...nobody }, after: stand };
  }
  const { standings } = stand.announced.tables;
  const row = substitute(found, stream.words(1)[0]);
  const { announced, told } = opened(stand.announced, event, row);
  const team = teamFor({ ...stand, announced }, row, stream);
  const added = new Map(stand.added);
  if (team) added.set(standings[row].site, team);
  const one = {
    ...bound,
    substitute: standings[row].site,
    level: found.level,
    candidates: found.index.map((i, k) => {
      return { site: standings[i].site, numerator: found.numerators[k] };
    }),
    team: team ? teamRows(team).map(seatOf) : [],
    ...told,
  };
  return { told: one, after: { ...stand, announced, added, stoodIn: [...stand.stoodIn, row] } };
}

/** Return how many sites of this one's bureau may be stood in for, and how many were. */
function boundOf({ announced: { plan, tables }, drawn, stoodIn }, site) {
  const { bureau_id: own } = tables.standings.find((row) => row.site === site);
  const count = (rows) => rows.filter((row) => tables.standings[row].bureau_id === own).length;
  return { allowed: allowed(plan.rules.substitutes, count(drawn)), made: count(stoodIn) };
}

function candidatesFor({ announced, decided, drawn, stoodIn }, site) {
  const { standings } = announced.tables;
  const closed = standings.findIndex((row) => row.site === site);
  try {
    return candidates(standings, decided.numerator, [...drawn, ...stoodIn], closed);
  } catch (error) {
    if (!(error instanceof Infeasible)) throw error;
    return null;
  }
}

function seatOf({ seat, officer_id: officer, borrowed }) {
  return { seat, officer, borrowed };
}

/** Return what opens the row of a stand-in; in a pseudonymous record its file shows it. */
function opened(announced, { answer: { opened: told } }, row) {
  if (announced.plan.proof.view !== "pseudonymous") return { announced, told: {} };
  if (announced.whole) return { announced, told: { opened: openedRow(announced, row) } };
  if (!isOpening(told) || told.row !== row) {
    throw new InvalidInput("the row of the stand-in is not opened", "替补场所的数据未开启");
  }
  return { announced: withRows(announced, [told]), told: { opened: told } };
}

function isOpening(told) {
  const kinds = Object.entries(OPENINGS);
  if (!isObject(told) || Object.keys(told).length !== kinds.length) return false;
  return kinds.every(([name, kind]) => typeof told[name] === kind);
}

function openedRow({ opening, suite, tables }, row) {
  return { row, key: hex(rowKey(opening.keys.sites, row, suite)), ...tables.sites[row] };
}

/** Draw the team of one more visit among the room that is left; null where there is none. */
function teamFor(stand, row, stream) {
  const { announced } = stand;
  try {
    const problem = withRoom(staff(announced, [row]).problem, loads(stand));
    return drawTeams(problem, staffChances(announced, problem), stream);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return null;
  }
}

/** Return how many places everybody has. */
function loads({ teams, added }) {
  const found = new Map();
  for (const { problem, officer } of [teams, ...added.values()]) {
    loadsOf(problem, officer).forEach((load, o) => {
      const id = problem.officers[o];
      found.set(id, (found.get(id) ?? 0) + load);
    });
  }
  return found;
}

/** Return a problem whose officers, and groups of them, have only the room that is left. */
function withRoom(problem, found) {
  const load = problem.officers.map((id) => found.get(id) ?? 0);
  const taken = (officers) => officers.reduce((sum, o) => sum + load[o], 0);
  return {
    ...problem,
    cap: problem.cap.map((cap, o) => Math.max(0, cap - load[o])),
    least: new Int32Array(problem.officers.length),
    groups: problem.groups.map((group) => {
      return { ...group, least: 0, most: Math.max(0, group.most - taken(group.officers)) };
    }),
  };
}
