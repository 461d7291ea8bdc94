/** The announcement itself: everything that decides a draw, fixed before the randomness exists. */

import { hex, shown } from "../bytes.js";
import { written } from "../canonical.js";
import { InvalidInput } from "../errors.js";
import { parseVkey } from "../note.js";
import { checkedPlan } from "../plan/terms.js";
import { REGISTERS } from "./sheets.js";
import { SPEC, isObject, readObject, refuseOtherFields } from "./files.js";
import { secondOf } from "./moments.js";
import { checkCustodians, checkLocks, checkedCustodian, checkedHuman } from "./people.js";
import { source } from "./sources.js";
import { within } from "./within.js";

const ALGORITHMS = {
  probabilities: "clip/1",
  select: "nested_pivotal/1",
  chances: "entropy_balanced/1",
  assign: "dyadic/1",
  schedule: "weeks/1",
  replace: "replacement/1",
  substitute: "substitute/1",
};
const NAMES = [
  "@spec", "algorithms", "announced_at", "beacon", "custodians", "fallbacks", "foreseen", "human",
  "key", "log", "plan", "registers", "sequence", "witnesses",
];
/** Human inputs, custodians, fallbacks or witnesses of one announcement. */
const MOST = 16;
const LISTED = {
  human: checkedHuman,
  custodians: checkedCustodian,
  fallbacks: source,
  witnesses: (vkey) => parseVkey(String(vkey)),
};
const ORIGIN = /^([^\s+\x00-\x1f\x7f]{1,200})?$/u;
const SCALARS = {
  registers: areRegisters,
  foreseen: isForeseen,
  log: (value) => typeof value === "string" && ORIGIN.test(value),
  sequence: (value) => isCount(value) && value >= 1 && value < 1_000_000_000,
  key: (value) => typeof value === "string",
};

/** Return announcement.json, parsed strictly; its registers are not looked at. */
export function readBody(files) {
  const name = "announcement.json";
  const body = readObject(files, name);
  return within(name, () => checkedBody(body));
}

function checkedBody(body) {
  refuseOtherFields(body, NAMES);
  sameJson("@spec", body["@spec"], `${SPEC} announcement`);
  sameJson("algorithms", body.algorithms, ALGORITHMS);
  const own = parseVkey(String(body.key));
  Object.entries(LISTED).forEach(([name, checked]) => checkList(name, body[name], checked));
  refuseOwnWitness(own, body.witnesses.map((vkey) => parseVkey(String(vkey))));
  source(body.beacon);
  for (const [name, sound] of Object.entries(SCALARS)) {
    if (!sound(body[name])) throw strange(name, body[name]);
  }
  secondOf("announced_at", body.announced_at);
  within("plan", () => checkedPlan(body.plan));
  checkCustodians(body.custodians, body.plan.proof);
  checkLocks(body.custodians, [body.beacon, ...body.fallbacks]);
  return body;
}

/** Refuse one key under two names, the authority's own among them: that is one witness. */
function refuseOwnWitness(own, witnesses) {
  const keys = new Set([own, ...witnesses].map((key) => hex(key.publicKey)));
  if (keys.size > witnesses.length) return;
  throw new InvalidInput(
    "witnesses: one key stands there twice, or is the authority's own",
    "witnesses：同一公钥重复，或为主管机关自身的公钥",
  );
}

/** Say whether these are the number of rows and the root of every register, and nothing else. */
function areRegisters(registers) {
  const named = isObject(registers) && sameNames(registers, Object.keys(REGISTERS));
  return named && Object.values(registers).every((one) => {
    const { rows, root } = isObject(one) && sameNames(one, ["root", "rows"]) ? one : {};
    return isCount(rows) && typeof root === "string" && /^[0-9a-f]{64}$/.test(root);
  });
}

/** Say whether this is what an announcement tells of the lists that could be drawn. */
function isForeseen(told) {
  const { teams, trials, failures, at_most: share } = isObject(told) ? told : {};
  if (teams === "not tried" || teams === "for every list") return sameNames(told, ["teams"]);
  const named = teams === "tried" && sameNames(told, ["at_most", "failures", "teams", "trials"]);
  const whole = [trials, failures].every(Number.isSafeInteger);
  return named && whole && typeof share === "string" && /^[01]\.[0-9]{4}$/.test(share);
}

function isCount(value) {
  return Number.isSafeInteger(value) && value >= 0;
}

function sameNames(value, names) {
  return Object.keys(value).sort().join() === [...names].sort().join();
}

function checkList(name, value, checked) {
  if (!Array.isArray(value) || value.length > MOST) throw strange(name, value);
  value.forEach((item) => checked(item));
}

function sameJson(name, got, want) {
  if (written(got) === written(want)) return;
  throw new InvalidInput(
    `${name} is ${shown(written(got))}; this page replays ${written(want)}`,
    `${name} 为 ${shown(written(got))}，本页只能复算 ${written(want)}`,
  );
}

function strange(name, value) {
  const got = shown(JSON.stringify(value));
  return new InvalidInput(`${name} is ${got}`, `${name} 为 ${got}，格式不符`);
}
