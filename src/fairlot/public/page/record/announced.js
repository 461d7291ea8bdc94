/** An announcement that was read and found whole: what a replay starts from. */

import * as beacon from "../beacon.js";
import { hex, unhex } from "../bytes.js";
import { written } from "../canonical.js";
import { InvalidInput, VerificationError } from "../errors.js";
import { standings } from "../plan/standings.js";
import { SCHEMAS } from "../plan/tables.js";
import { checkShown, merged } from "../plan/views.js";
import { fieldDigest, privateDigest, salt } from "../rows.js";
import { seed } from "../stream.js";
import { SHA256, suite as suiteOf } from "../suite.js";
import { HASH } from "../blocks.js";
import { readBody } from "./announcement.js";
import { openedSalts } from "./people.js";
import {
  OPENINGS, announcedAs, closedSites, commit, readOpening, readSheet, readTables,
} from "./sheets.js";
import { within } from "./within.js";

const BLANK = { string: "", number: 0, boolean: false };

/**
 * @typedef {object} Announced
 * @property {string} digest SHA-256 of announcement.json, in hex
 * @property {Uint8Array} salt the hash of the same bytes under the draw's suite
 * @property {object} body
 * @property {object} plan
 * @property {import("../suite.js").Suite} suite
 * @property {{keys: object, salts: object, lock: object}} opening
 * @property {?object} tables lists of rows, null while the record is sealed; in a pseudonymous
 *   record `sites` is blank but for rows that are opened
 * @property {boolean} whole whether every row of `sites` is known
 * @property {?string[]} closed the private digests of a pseudonymous record, in hex
 * @property {?Object<string, Uint8Array>} leaves by register
 */

/** Return the announcement alone, without its registers. */
export function headOf(files) {
  const body = readBody(files);
  const data = files["announcement.json"];
  const suite = suiteOf(body.plan.proof.suite);
  const opening = { keys: {}, salts: {}, lock: {} };
  return {
    ...{ body, plan: body.plan, suite, digest: hex(SHA256.digest(data)), salt: suite.digest(data) },
    ...{ opening, tables: null, whole: false, closed: null, leaves: null },
  };
}

/**
 * Return the announcement with its registers; refuse them unless roots and sizes agree.
 * A record without opening.json is sealed.
 */
export function openAnnounced(files, head) {
  if (!("opening.json" in files)) return head;
  const opening = readOpening(files);
  const tables = readTables(files, head.plan);
  refuseMissingKeys(opening, tables);
  const found = commit(tables, opening.keys, head.suite);
  refuseOtherRoots(found, head.body);
  const whole = "sites" in tables;
  const leaves = Object.fromEntries(Object.entries(found).map(([name, one]) => [name, one.leaves]));
  const closed = tables.standings.columns.private ?? null;
  const announced = { ...head, opening, tables: told(head.plan, tables), whole, closed, leaves };
  if (whole) refuseOtherStandings(announced, tables);
  return announced;
}

/** Return the seed of the draw: beacon and custodians' salts, salted by the announcement. */
export function seedOf({ body, opening, salt: announcement, suite }, { identity, value }) {
  const salts = openedSalts(body.custodians, opening, suite);
  const { randomness } = beacon.read(identity, value);
  return seed(announcement, beacon.material(identity, randomness, salts), suite);
}

/**
 * Return the announcement with the private columns of the drawn rows filled in; refuse openings of
 * other rows, and rows that are not those bound by the root.
 */
export function withOpenings(announced, files, drawn) {
  if (announced.whole) return announced;
  const { rows } = readSheet(files, "openings", OPENINGS);
  return within("openings.jsonl", () => {
    if (rows.map(({ row }) => row).join() === drawn.join()) return withRows(announced, rows);
    throw new VerificationError("opens other rows than those drawn", "开启的行并非抽中的行");
  });
}

/** Return the announcement with these opened rows filled in; refuse what does not fit. */
export function withRows(announced, rows) {
  const { closed, plan, suite, tables } = announced;
  for (const row of rows) sameCell("private", row.row, closed[row.row], closedRow(row, suite));
  const sites = tables.sites.slice();
  for (const { row, key, ...site } of rows) sites[row] = site;
  const opened = { ...tables, sites };
  checkShown(plan, opened, rows.map(({ row }) => row));
  return { ...announced, tables: opened };
}

/** Return the private digest of an opened row from its row key, in hex. */
function closedRow({ key, ...row }, suite) {
  const rowKey = unhex(key, HASH);
  const digests = Object.keys(SCHEMAS.sites).map((column, j) =>
    fieldDigest(salt(rowKey, j, suite), column, row[column], suite),
  );
  return hex(privateDigest(digests, suite));
}

function refuseMissingKeys({ keys }, tables) {
  const lost = Object.keys(tables).filter((name) => !Object.hasOwn(keys, name)).sort().join(", ");
  if (!lost) return;
  throw new VerificationError(
    `opening.json: the key of ${lost} is missing`,
    `opening.json：缺少 ${lost} 的密钥`,
  );
}

function refuseOtherRoots(found, { registers }) {
  for (const [name, one] of Object.entries(found)) {
    const [got, want] = [announcedAs(one), registers[name] ?? null].map(written);
    if (got === want) continue;
    throw new InvalidInput(
      `${name} is not the register that announcement.json commits to: got ${got}, want ${want}`,
      `${name} 与 announcement.json 承诺的名录不一致：实为 ${got}，应为 ${want}`,
    );
  }
}

/** Return the rows of a replay; what is not shown of `sites` stands blank. */
function told(plan, tables) {
  const rows = Object.fromEntries(Object.entries(tables).map(([name, one]) => [name, one.rows]));
  const sites = rows.sites ?? rows.standings.map(blank);
  const open = plan.proof.view === "open" ? standings(plan, sites) : [];
  const detailed = rows.standings.map((row, i) => ({ ...row, detail: open[i]?.detail ?? "" }));
  return { ...rows, standings: detailed, sites };
}

function blank({ site, bureau_id }) {
  const cells = Object.entries(SCHEMAS.sites).map(([name, kind]) => [name, BLANK[kind]]);
  return { ...Object.fromEntries(cells), site_id: site, bureau_id };
}

/** Refuse standings that do not follow from the private columns beside them. */
function refuseOtherStandings({ plan, tables, opening, suite }, { standings: shown, sites }) {
  checkShown(plan, tables, [...shown.rows.keys()]);
  if (plan.proof.view === "open") return;
  const due = merged(standings(plan, tables.sites));
  for (const column of ["sector", "class"]) {
    shown.rows.forEach((row, i) => sameCell(column, i, row[column], due[i][column]));
  }
  const digests = closedSites({ sites }, opening.keys.sites, suite);
  shown.columns.private.forEach((got, i) =>
    sameCell("private", i, got, hex(digests.subarray(HASH * i, HASH * (i + 1)))),
  );
}

function sameCell(column, row, got, want) {
  if (got === want) return;
  throw new VerificationError(
    `row ${row + 1}: ${column} is ${got}; from the site's own columns follows ${want}`,
    `第 ${row + 1} 行：${column} 为 ${got}，由该场所自身数据应为 ${want}`,
  );
}
