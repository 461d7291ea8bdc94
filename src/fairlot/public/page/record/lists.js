/** The lists of a record: their bytes, their rows, and where a published one differs. */

import { equal } from "../bytes.js";
import { VerificationError } from "../errors.js";
import { csvBytes } from "../lists.js";
import { SPEC } from "./files.js";

const LONGEST = 160; // characters of a line that a message repeats
const CELL = /"((?:[^"]|"")*)"(,|\r\n|$)|([^,"\r\n]*)(,|\r\n|$)/y;
const MAX_ROWS = 2_000_000;

/**
 * Return a list of a record: its format and the numbers of the rows stand first.
 * @param {string} name
 * @param {string[]} columns
 * @param {object[]} rows
 */
export function listBytes(name, columns, rows) {
  const cells = rows.map((row, i) => [i + 1, ...columns.map((column) => row[column])]);
  return csvBytes([`${SPEC} ${name}`, ...columns], cells);
}

/** Return columns and rows of a list as texts, without its row numbers and apostrophes. */
export function readList(data) {
  const [[, ...columns], ...rows] = parsed(new TextDecoder().decode(data));
  const bare = (cell) => (cell.startsWith("'") ? cell.slice(1) : cell);
  return { columns, rows: rows.map(([, ...cells]) => cells.map(bare)) };
}

function parsed(text) {
  const rows = [[]];
  CELL.lastIndex = 0;
  while (CELL.lastIndex < text.length) {
    const [, quoted, after, plain, end] = CELL.exec(text) ?? [];
    if ((after ?? end) === undefined || rows.length > MAX_ROWS) throw notList();
    rows.at(-1).push(quoted?.replaceAll('""', '"') ?? plain);
    if ((after ?? end) !== ",") rows.push([]);
  }
  return rows.slice(0, -1);
}

function notList() {
  return new VerificationError("a list is no CSV", "清单不是 CSV");
}

/** Refuse a published file that is not, byte for byte, what the replay makes. */
export function refuseDifference(name, files, want) {
  const got = files[name] ?? new Uint8Array(0);
  if (equal(got, want)) return;
  const [theirs, ours] = [got, want].map((data) => new TextDecoder().decode(data).split("\n"));
  const differs = ours.findIndex((line, i) => i < theirs.length && line !== theirs[i]);
  const line = differs < 0 ? Math.min(ours.length, theirs.length) : differs;
  const [is, due] = [theirs, ours].map((lines) =>
    JSON.stringify((lines[line] ?? "end of file").slice(0, LONGEST)),
  );
  throw new VerificationError(
    `${name} line ${line + 1}: got ${is}, want ${due}`,
    `${name} 第 ${line + 1} 行：实为 ${is}，应为 ${due}`,
  );
}
