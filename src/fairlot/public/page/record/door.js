/** The door proof: what the officers of a visit carry, read from its one line of canonical JSON. */

import { HASH } from "../blocks.js";
import { shown, unhex } from "../bytes.js";
import { encode } from "../canonical.js";
import { VerificationError } from "../errors.js";
import { SCHEMAS } from "../plan/tables.js";
import { SALT } from "../rows.js";
import { BOUND, checkedBound } from "./bound.js";
import { SPEC, readObject, refuseOtherFields } from "./files.js";
import { openCells, readRow } from "./opened_row.js";

const FILE = "door.json";
const MAX_DOOR = 1 << 18;
const MOST = 99; // people of a team, or changes of a visit
const ANSWER = /^replacement-(?!000)[0-9]{3}\.json$/;
const OWN = [
  "@spec", "outcome", "results", "site", "result", "team", "changes", "log", "provisional",
];
const RESULTS = {
  site: "string",
  outcome: "string",
  rule: "string",
  numerator: "number",
  week: "number",
  team: "string",
};

/**
 * @typedef {object} Door
 * @property {object} bound which draw it belongs to
 * @property {string} outcome SHA-256 of outcome.json, in hex
 * @property {string} results root of the results, in hex
 * @property {object} site row of the roster: at least `site` is open
 * @property {object} result row of the results: at least `site` and `outcome` are open
 * @property {{id: string, pseudonym: string, salt: string}[]} team
 * @property {{file: string, digest: string, out: string, in: string}[]} changes
 * @property {?object} log entries and places of announcement and outcome, and the checkpoint
 * @property {boolean} provisional whether the draw is sealed
 */

/**
 * Return the proof, unverified; any other spelling of it is refused.
 * @param {Uint8Array} data
 * @returns {Door}
 */
export function readDoor(data) {
  const told = readObject({ [FILE]: data }, FILE, MAX_DOOR);
  refuseOtherFields(told, [...BOUND, ...OWN]);
  refuseUnless("@spec", told["@spec"] === `${SPEC} door`);
  refuseUnless("provisional", typeof told.provisional === "boolean");
  const site = readRow(told.site, SCHEMAS.standings, SCHEMAS.sites);
  const result = readRow(told.result, RESULTS);
  refuseUnless("site", "site" in openCells(site.public));
  refuseUnless("result", ["site", "outcome"].every((name) => name in openCells(result.public)));
  for (const name of ["outcome", "results"]) unhex(told[name], HASH);
  const bound = checkedBound(Object.fromEntries(BOUND.map((name) => [name, told[name]])));
  return {
    ...{ bound, site, result, outcome: told.outcome, results: told.results },
    team: listed("team", told.team, checkOpening),
    changes: listed("changes", told.changes, checkChange),
    log: told.log && readLog(told.log),
    provisional: told.provisional,
  };
}

/** Return the bytes of the two entries, announcement and outcome, that this draw has in the log. */
export function entriesOf({ bound, outcome, log }) {
  const { authority, scope, period, task, announcement, sites } = bound;
  const { sequence, round_time, opens } = log.announcement;
  const draw = { "@spec": "fairlot.log/v1 entry", authority, scope, period, task };
  const more = { sequence, round_time, opens, rosters: sites.root };
  return [
    encode({ ...draw, kind: "announcement", digest: announcement, ...more }),
    encode({ ...draw, kind: "outcome", digest: outcome }),
  ];
}

function readLog(told) {
  refuseOtherFields(told, ["announcement", "outcome", "checkpoint"]);
  refuseOtherFields(told.announcement, ["index", "proof", "sequence", "round_time", "opens"]);
  refuseOtherFields(told.outcome, ["index", "proof"]);
  const { sequence, round_time, opens } = told.announcement;
  const whole = [sequence, round_time].every((n) => Number.isSafeInteger(n) && n >= 1);
  refuseUnless("log", whole && typeof opens === "string");
  return told;
}

function checkOpening(one) {
  refuseOtherFields(one, ["id", "pseudonym", "salt"]);
  refuseUnless("team", Object.values(one).every((each) => typeof each === "string"));
  unhex(one.salt, SALT);
}

function checkChange(one) {
  refuseOtherFields(one, ["file", "digest", "out", "in"]);
  refuseUnless("changes", Object.values(one).every((each) => typeof each === "string"));
  refuseUnless("changes", ANSWER.test(one.file));
  unhex(one.digest, HASH);
}

function listed(field, value, check) {
  refuseUnless(field, Array.isArray(value) && value.length <= MOST);
  value.forEach(check);
  return value;
}

function refuseUnless(field, held) {
  if (held) return;
  throw new VerificationError(
    `${shown(field)} is not as a door proof has it`,
    `${shown(field)} 不符合现场证明的格式`,
  );
}
