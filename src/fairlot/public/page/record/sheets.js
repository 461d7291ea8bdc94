/** The tables of a record: what opens them, their rows, and the root that binds each register. */

import { equal, hex, text, unhex, utf8 } from "../bytes.js";
import { encode, parseLines, written } from "../canonical.js";
import { InvalidInput, VerificationError } from "../errors.js";
import { root } from "../merkle.js";
import { SCHEMAS, checkedRows, rowsOf } from "../plan/tables.js";
import { fieldDigests, leaves, privateDigests } from "../rows.js";
import { SHA256 } from "../suite.js";
import { HASH } from "../blocks.js";
import { SPEC, TABLES, isObject, readObject } from "./files.js";
import { within } from "./within.js";

/** Each register that is committed to, and its public table. */
export const REGISTERS = {
  sites: "standings",
  officers: "officers",
  experts: "experts",
  conflicts: "conflicts",
  absences: "absences",
  items: "items",
};
export const OPENINGS = { row: "number", key: "string", ...SCHEMAS.sites };
const MAX_ROWS = 2_000_000;
const MAX_OPENING = 1 << 16;

/**
 * Return what opens a record: keys by table, custodians' salts by name, the value of their lock;
 * refuse the opening of another announcement.
 */
export function readOpening(files) {
  const name = "opening.json";
  const told = readObject(files, name, MAX_OPENING);
  return within(name, () => {
    const { keys, salts, lock } = told;
    const own = {
      "@spec": `${SPEC} opening`,
      announcement: hex(SHA256.digest(files["announcement.json"])),
      keys, salts, lock,
    };
    if ([keys, salts, lock].every(isObject) && written(own) === written(told)) {
      return { keys: unhexed(keys), salts: unhexed(salts), lock };
    }
    throw new VerificationError("is not the opening of this announcement", "不是本公告的开启文件");
  });
}

function unhexed(texts) {
  return Object.fromEntries(Object.entries(texts).map(([name, digits]) => [name, unhex(digits)]));
}

/**
 * Return the tables that a record shows, each as {rows, columns}; in a pseudonymous one `sites` may
 * be missing.
 */
export function readTables(files, { proof: { view } }) {
  const veiled = view === "pseudonymous";
  const shown = TABLES.filter((name) => name !== "sites" || !veiled || "sites.jsonl" in files);
  return Object.fromEntries(shown.map((name) => {
    const more = veiled && name === "standings" ? { private: "string" } : {};
    return [name, readSheet(files, name, { ...SCHEMAS[name], ...more })];
  }));
}

/** Return the table of one file, as {rows, columns}; refuse rows that no register could have. */
export function readSheet(files, name, schema) {
  const file = `${name}.jsonl`;
  if (!(file in files)) throw new InvalidInput(`${file} is missing`, `缺少 ${file}`);
  return within(file, () => {
    const columns = parseLines(bodyOf(files[file], name), schema, MAX_ROWS);
    const rows = Object.hasOwn(SCHEMAS, name) ? checkedRows(name, columns) : rowsOf(columns);
    return { rows, columns };
  });
}

/** Return what follows the first line, which names the format. */
function bodyOf(data, name) {
  const want = encode({ "@spec": `${SPEC} ${name}` });
  const head = data.subarray(0, want.length + 1);
  if (equal(head, Uint8Array.of(...want, ...utf8("\n")))) return data.subarray(head.length);
  throw new VerificationError(
    `the first line is not ${text(want)}`,
    `首行应为 ${text(want)}`,
  );
}

/**
 * Return the leaves and the root of every register.
 * @param {Object<string, {columns: object}>} tables `standings` may have a column `private` with
 *   the private digests, and then `sites` is not looked at
 * @param {Object<string, Uint8Array>} keys that salt the tables
 */
export function commit(tables, keys, suite) {
  return Object.fromEntries(Object.entries(REGISTERS).map(([register, name]) => {
    const closed = register === "sites" ? privateOf(tables, keys, suite) : undefined;
    return [register, commitment(columnsOf(tables, name), keys[name], closed, suite)];
  }));
}

/** Return the leaves and the root of one table. */
export function commitment(columns, key, closed, suite) {
  const digests = fieldDigests(columns, key, suite);
  const hashes = leaves(digests, Object.keys(columns).length, closed, suite);
  return { leaves: hashes, root: root(hashes, suite) };
}

/** Return what the announcement says of a register. */
export function announcedAs({ leaves: hashes, root: top }) {
  return { rows: hashes.length / HASH, root: hex(top) };
}

/** Return the private digest of every row of `sites`, from its columns. */
export function closedSites(tables, key, suite) {
  const columns = columnsOf(tables, "sites");
  return privateDigests(fieldDigests(columns, key, suite), Object.keys(columns).length, suite);
}

function privateOf(tables, keys, suite) {
  const told = tables.standings.columns.private;
  if (!told) return closedSites(tables, keys.sites, suite);
  return unhex(told.join(""), HASH * told.length);
}

function columnsOf(tables, name) {
  const names = Object.keys(SCHEMAS[name]);
  return Object.fromEntries(names.map((column) => [column, tables[name].columns[column]]));
}
