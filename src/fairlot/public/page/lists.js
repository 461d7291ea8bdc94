/** The published lists: CSV that spreadsheets open and nobody can turn into formulas. */

/**
 * What a spreadsheet runs or hides at the start of a cell; the apostrophe itself, so that a name
 * that begins with one can be told apart.
 */
const FORMULA = /^[=+\-@\t\r\n']/;

const QUOTED = /[",\r\n]/;

/**
 * Return a table as CSV: UTF-8 with its mark, CRLF line ends, cells quoted only where they must be.
 *
 * A text that a spreadsheet would run as a formula is published behind an apostrophe.
 * @param {string[]} names of the columns
 * @param {(string|number|boolean)[][]} rows
 * @returns {Uint8Array}
 */
export function csvBytes(names, rows) {
  const lines = rows.map((row) => line(row.map((cell) => written(harmless(cell)))));
  return new TextEncoder().encode(`\ufeff${line(names.map(written))}${lines.join("")}`);
}

function harmless(cell) {
  return typeof cell === "string" && FORMULA.test(cell) ? `'${cell}` : cell;
}

function line(texts) {
  // A line of one empty cell would read as no line at all.
  return texts.length === 1 && texts[0] === "" ? '""\r\n' : `${texts.join(",")}\r\n`;
}

/** True and false are written as Python writes them. */
function written(cell) {
  if (typeof cell === "boolean") return cell ? "True" : "False";
  const text = String(cell);
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
