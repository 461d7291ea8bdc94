/** The published tables: their columns, what a cell may hold, and the order of the rows. */

import { InvalidInput } from "../errors.js";
import { DECIMAL } from "../sample/decimals.js";
import { isDay } from "./days.js";
import { isVisible } from "../visible.js";
import { RULES } from "./rules.js";

const [TEXT, WHOLE, FLAG] = ["string", "number", "boolean"];

function texts(...names) {
  return Object.fromEntries(names.map((name) => [name, TEXT]));
}

/** The columns of each table, in order; `sites` stands row for row beside `standings`. */
export const SCHEMAS = {
  standings: {
    ...texts("site", "bureau_id", "sector", "class", "rule"),
    key: FLAG,
    weight: TEXT,
  },
  sites: {
    ...texts("site_id", "uscc", "name", "bureau_id", "station_id", "sector", "sector2"),
    is_key: FLAG,
    listed: FLAG,
    ...texts("credit_class", "last_inspected"),
    visits_ytd: WHOLE,
    ...texts("status", "counted", "last_team"),
  },
  officers: {
    ...texts("officer_id", "bureau_id", "station_id", "license_expiry", "department", "skills"),
    seniority: WHOLE,
    max_tasks: WHOLE,
    min_tasks: WHOLE,
    active: FLAG,
  },
  experts: texts("expert_id", "employer_uscc", "skills"),
  conflicts: texts("person_id", "target", "valid_from", "valid_to"),
  absences: texts("officer_id", "absent_from", "absent_to"),
  items: texts("item_id", "name", "sector", "basis", "ratio_min", "ratio_max", "departments"),
};

const ID = /^[A-Za-z0-9._:/-]{1,64}$/;

/** Characters of one cell: the legal basis of an item is the longest that anyone writes. */
const LONGEST = 2000;

/** The rules that stand of a site before its quota is known. */
const APPLIED = Object.keys(RULES).slice(0, -2);

export const isId = (value) => ID.test(value);
const isDayOrNone = (value) => value === "" || isDay(value);

/** What a text may be, by column; any other text can be seen, a number is a count. */
const ADMITTED = {
  ...each(isId, "site", "site_id", "bureau_id", "officer_id", "person_id", "target", "item_id",
    "expert_id"),
  ...each(isDayOrNone, "last_inspected", "counted", "valid_from", "valid_to"),
  ...each(isDay, "license_expiry", "absent_from", "absent_to"),
  station_id: (value) => value === "" || isId(value),
  last_team: (value) => value === "" || areIds(value.split(";")),
  credit_class: (value) => /^[A-D]?$/.test(value),
  class: (value) => /^[A-D-]?$/.test(value),
  rule: (value) => APPLIED.includes(value),
  weight: (value) => DECIMAL.test(value),
};

function each(admit, ...names) {
  return Object.fromEntries(names.map((name) => [name, admit]));
}

function areIds(ids) {
  return ids.every((id, k) => isId(id) && (k === 0 || ids[k - 1] < id));
}

const BY_KIND = {
  [TEXT]: (value) => [...value].length <= LONGEST && isVisible(value),
  [WHOLE]: (value) => value >= 0,
  [FLAG]: () => true,
};

/**
 * Return the rows of a table, read from a record; refuse one that no register could have made.
 *
 * Rows stand in canonical order, and nobody stands there twice. Those of `sites` follow those of
 * `standings`, so only their cells are looked at.
 * @param {string} name
 * @param {Object<string, (string | number | boolean)[]>} columns those of SCHEMAS[name], maybe more
 * @returns {object[]}
 */
export function checkedRows(name, columns) {
  for (const [column, kind] of Object.entries(SCHEMAS[name])) {
    const admit = ADMITTED[column] ?? BY_KIND[kind];
    const strange = [...new Set(columns[column])].find((value) => !admit(value));
    if (strange !== undefined) refuseCell(column, strange);
  }
  const rows = rowsOf(columns);
  if (name !== "sites") refuseDisorder(rows, keyOf(name));
  return rows;
}

/** Return one object a row. */
export function rowsOf(columns) {
  const [first] = Object.values(columns);
  const rows = first.map(() => ({}));
  for (const [name, cells] of Object.entries(columns)) {
    cells.forEach((cell, i) => { rows[i][name] = cell; });
  }
  return rows;
}

/** Return the columns that order the rows, and whether two rows may be alike in them. */
function keyOf(name) {
  const all = Object.keys(SCHEMAS[name]);
  const repeated = name === "conflicts" || name === "absences";
  return { columns: repeated ? all : all.slice(0, 1), repeated };
}

function refuseDisorder(rows, { columns, repeated }) {
  for (let i = 1; i < rows.length; i++) {
    const name = columns.find((column) => rows[i][column] !== rows[i - 1][column]);
    if (name === undefined ? repeated : rows[i - 1][name] < rows[i][name]) continue;
    const [before, after] = [rows[i - 1][columns[0]], rows[i][columns[0]]];
    throw new InvalidInput(
      `${after} stands after ${before}: not in canonical order, or twice`,
      `${after} 排在 ${before} 之后：次序不规范或重复`,
    );
  }
}

const SHOWN = 100;

function refuseCell(column, value) {
  const got = JSON.stringify(value).slice(0, SHOWN);
  throw new InvalidInput(
    `${column} is ${got}, which no register holds`,
    `${column} 为 ${got}，不是名录中可能的值`,
  );
}
