/** Replay the draw and compare every file with the one published. */

import { checkTeams } from "../assign/team_check.js";
import * as beacon from "../beacon.js";
import { shown } from "../bytes.js";
import { written } from "../canonical.js";
import { VerificationError } from "../errors.js";
import { choice } from "../plan/choice.js";
import { COLUMNS as COVERAGE, coverage } from "../plan/coverage.js";
import { COLUMNS as SCHEDULE } from "../plan/schedule.js";
import { withOpenings } from "./announced.js";
import {
  assign, chancesDigest, commitResults, dates, decide, resultsOf, select, share, staff,
  staffChances, teamRows,
} from "./draw.js";
import { readEvents, valueOf } from "./events.js";
import { listBytes, refuseDifference } from "./lists.js";
import { outcomeBytes, readOutcome } from "./outcome.js";
import { answered, firstStand } from "./replacing.js";
import { announcedAs } from "./sheets.js";
import { refuseIfFuture } from "./sources.js";
import { holds, notShown } from "./steps.js";

const LABELS = ["site_id", "bureau_id", "sector", "credit_class", "rule", "detail"];
const CHANCES = [...LABELS, "numerator", "pi"];
const VISITS = ["site_id", "bureau_id", "places", "eligible", "effective", "below_floor"];
const TEAMS = ["site_id", "seat", "officer_id", "borrowed"];

/**
 * Judge the steps from the probabilities to the replacements.
 * @param {import("./steps.js").Steps} steps
 * @param {object} files
 * @param {object} announced
 * @param {{identity: object, value: object}} came
 * @param {Uint8Array} seed
 * @param {number} now Unix seconds
 * @returns what was made on the way, as far as the record holds: announced, decided, drawn, teams,
 *   days, results, stand, events
 */
export function redo(steps, files, announced, came, seed, now) {
  const made = { announced };
  made.decided = steps.do("probabilities", () => decided(files, announced));
  if (!made.decided) return made;
  Object.assign(made, steps.do("selection", () => selected(files, made, seed)));
  if (!made.drawn) return made;
  steps.do("coverage", () => sameCoverage(files, made));
  const staffed = steps.do("chances", () => staffedBy(files, made));
  if (!staffed) return made;
  made.teams = steps.do("teams", () => teamed(files, made, staffed, seed));
  if (!made.teams) return made;
  made.days = steps.do("schedule", () => dated(files, made, seed));
  if (made.days) bind(steps, files, made, came, staffed.digest);
  steps.judge("replacements", () => replaced(files, made, now));
  return made;
}

function decided(files, announced) {
  const found = decide(announced);
  const rows = chanceRows(announced, found);
  refuseDifference("probabilities.csv", files, listBytes("probabilities", CHANCES, rows));
  return found;
}

function chanceRows({ tables }, { rule, detail, numerator }) {
  return tables.standings.map(({ site, bureau_id, sector, class: own }, i) => ({
    site_id: site,
    bureau_id,
    sector,
    credit_class: own,
    rule: rule[i],
    detail: detail[i],
    numerator: numerator[i],
    pi: share(numerator[i]),
  }));
}

function selected(files, made, seed) {
  const drawn = select(made.announced, made.decided, seed);
  const announced = withOpenings(made.announced, files, drawn);
  const [site, ...more] = LABELS;
  const veiled = announced.plan.proof.view === "pseudonymous";
  const columns = [site, "uscc", "name", ...(veiled ? ["opened_id"] : []), ...more, "pi"];
  const chances = chanceRows(announced, made.decided);
  const rows = drawn.map((row) => {
    const { uscc, name, site_id: opened } = announced.tables.sites[row];
    return { ...chances[row], uscc, name, opened_id: opened };
  });
  refuseDifference("drawn.csv", files, listBytes("drawn", columns, rows));
  return { announced, drawn };
}

function sameCoverage(files, { announced, decided: quotas, drawn }) {
  const rows = coverage(quotas, announced.tables.standings, drawn);
  refuseDifference("coverage.csv", files, listBytes("coverage", COVERAGE, rows));
}

function staffedBy(files, { announced, drawn }) {
  const { visited, problem } = staff(announced, drawn);
  const chances = staffChances(announced, problem);
  const rows = choice(announced.plan, visited, chances);
  refuseDifference("visits.csv", files, listBytes("visits", VISITS, rows));
  const digest = chancesDigest(chances, announced.suite);
  refuseOther("chances", readOutcome(files).chances, digest);
  return { problem, chances, digest };
}

function teamed(files, { announced }, { problem, chances }, seed) {
  const teams = assign(announced, problem, chances, seed);
  checkTeams(problem, teams);
  refuseDifference("teams.csv", files, listBytes("teams", TEAMS, teamRows(teams)));
  return teams;
}

function dated(files, { announced, drawn, teams }, seed) {
  const days = dates(announced, drawn, teams, seed);
  refuseDifference("schedule.csv", files, listBytes("schedule", SCHEDULE, days));
  return days;
}

/** Judge what outcome.json binds: the result of every site, and the outcome itself. */
function bind(steps, files, made, came, digest) {
  const { announced, decided: quotas, drawn, days, teams } = made;
  const columns = resultsOf(announced, quotas, drawn, days, teams);
  const results = commitResults(announced, columns);
  made.results = { columns, leaves: results.leaves };
  const told = announcedAs(results);
  steps.do("results", () => refuseOther("results", readOutcome(files).results, told));
  const whole = outcomeBytes(announced, came, drawn.length, digest, told);
  steps.do("outcome", () => refuseDifference("outcome.json", files, whole));
}

function refuseOther(name, got, want) {
  if (written(got) === written(want)) return;
  throw new VerificationError(
    `outcome.json: ${name} is ${shown(written(got))}; want ${written(want)}`,
    `outcome.json：${name} 为 ${shown(written(got))}，应为 ${written(want)}`,
  );
}

/** Redo every answer; one that waits, or whose randomness is not verified, is not shown. */
function replaced(files, made, now) {
  const events = readEvents(files);
  made.stand = answered(files, events, firstStand(made));
  made.events = events;
  const waits = events.filter(({ answer }) => !answer).map(({ name }) => name).join(", ");
  if (waits) return notShown(`${waits} waits for its randomness`, `${waits} 等待随机数`);
  for (const event of events) {
    refuseIfFuture(event.source, now);
    const { shown: attested, en, zh } = beacon.read(event.source, valueOf(event));
    if (!attested) return notShown(`${event.name}: ${en}`, `${event.name}：${zh}`);
  }
  const all = events.length;
  const closed = events.filter(({ body }) => body.event === "closure").length;
  return holds(
    `changes after the draw: ${all} (recusals: ${all - closed}, closures: ${closed})`,
    `事后变更 ${all} 项（回避 ${all - closed} 项，停业 ${closed} 项）`,
  );
}
