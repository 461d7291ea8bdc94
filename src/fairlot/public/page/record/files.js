/** The files of a record by name: which are known, how large they may be, and objects in them. */

import { shown } from "../bytes.js";
import { decode } from "../canonical.js";
import { InvalidInput, VerificationError } from "../errors.js";
import { within } from "./within.js";

export const SPEC = "fairlot.draw/v1";
export const TABLES = [
  "standings", "sites", "officers", "experts", "conflicts", "absences", "items",
];
export const ANNOUNCED = [
  "announcement.json", "opening.json", ...TABLES.map((name) => `${name}.jsonl`),
];
export const LISTS = ["probabilities", "drawn", "visits", "teams", "schedule", "coverage"];
export const OUTCOME = ["outcome.json", ...LISTS.map((name) => `${name}.csv`), "openings.jsonl"];
export const BOUND = ["notice.html"];
export const DIGESTS = "digests.txt";
export const SWITCH = "switch.txt";
export const LATER = /^(event|replacement)-(?!000)[0-9]{3}\.json$/;
/** Who else saw a file, and when: an RFC 3161 time stamp, a place in the public log. */
export const PROOFS = /^(announcement|outcome|switch|event-(?!000)[0-9]{3})\.(tsr|log\.json)$/;

export const MAX_JSON = 1 << 20;
const MAX_FILE = 2 ** 28;
const MAX_TOTAL = 2 ** 29;
const KNOWN = new Set([...ANNOUNCED, ...OUTCOME, ...BOUND, DIGESTS, SWITCH]);
const SHOWN = 5; // names that a message repeats
const LINE_END = 10;

/** Return the name of the file of one event, or of its replacement. */
export function numbered(kind, number) {
  return `${kind}-${String(number).padStart(3, "0")}.json`;
}

/**
 * Return the files as they are; refuse a name that no record has, and more bytes than are read.
 * @param {Object<string, Uint8Array>} files
 */
export function checkedFiles(files) {
  const known = (name) => KNOWN.has(name) || LATER.test(name) || PROOFS.test(name);
  const strangers = Object.keys(files).filter((name) => !known(name)).sort();
  if (strangers.length) {
    const list = strangers.slice(0, SHOWN).map(shown).join(", ");
    throw new InvalidInput(
      `${list} does not belong to a record; if it is yours, leave it out and try again`,
      `记录中不应有 ${list}；如系自己所加，请去除后重试`,
    );
  }
  const sizes = Object.values(files).map((data) => data.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (Math.max(0, ...sizes) > MAX_FILE || total > MAX_TOTAL) {
    throw new InvalidInput(
      `the record has ${total} bytes; want at most ${MAX_TOTAL}, and ${MAX_FILE} in one file`,
      `记录共 ${total} 字节，应至多 ${MAX_TOTAL} 字节，单个文件至多 ${MAX_FILE} 字节`,
    );
  }
  return files;
}

/** Return the object that a file of one canonical line holds; refuse any other file. */
export function readObject(files, name, limit = MAX_JSON) {
  if (!(name in files)) throw new VerificationError(`${name} is missing`, `缺少 ${name}`);
  return within(name, () => objectOf(files[name], limit));
}

function objectOf(data, limit) {
  if (data.at(-1) !== LINE_END) {
    throw new VerificationError(
      "ends without a line end; it was cut short",
      "文件末尾缺少换行，内容被截断",
    );
  }
  const value = decode(data.subarray(0, -1), limit);
  if (isObject(value)) return value;
  throw new VerificationError("is not one object on one line", "应为一行一个对象");
}

export function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Refuse an object that has other fields than these. */
export function refuseOtherFields(value, want) {
  const got = isObject(value) ? Object.keys(value).sort() : [];
  const wanted = [...want].sort();
  if (isObject(value) && got.join() === wanted.join()) return;
  throw new VerificationError(
    `has the fields ${shown(got.join(", "))}; want ${wanted.join(", ")}`,
    `字段为 ${shown(got.join(", "))}，应为 ${wanted.join(", ")}`,
  );
}
