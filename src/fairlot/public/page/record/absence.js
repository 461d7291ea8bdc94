/** Proof that a site is not in the roster of an open draw: the rows it would stand between. */

import { compare, equal, shown, unhex, utf8 } from "../bytes.js";
import { VerificationError } from "../errors.js";
import { SCHEMAS, isId } from "../plan/tables.js";
import { suite } from "../suite.js";
import { BOUND, checkedBound, refuseOtherAnnouncement } from "./bound.js";
import { SPEC, readObject, refuseOtherFields } from "./files.js";
import { openCells, readRow, verifyRow } from "./opened_row.js";
import { readable } from "./readable.js";
import { Steps, holds, notShown } from "./steps.js";

/** Every step by its key, in order, in English and Chinese. */
export const ABSENCE_STEPS = {
  file: ["the file is whole", "文件完整"],
  roster: ["the neighbours stand in the roster, with none between", "相邻两行在名录中且紧邻"],
  order: ["the site would stand there", "该场所应处其间"],
  announced: ["the roster is the announced one", "名录与公告一致"],
};

const ABSENCE = `${SPEC} absence`;
const FILE = "absence.json";
const MAX_ABSENCE = 1 << 16;

/** Say whether this is the beginning of such a proof. */
export function isAbsence(data) {
  const start = utf8(`{"@spec":"${ABSENCE}"`);
  return equal(data.subarray(0, start.length), start);
}

/**
 * Return every step with its verdict, and what the file says; never refuses a file for what it
 * contains.
 * @param {Uint8Array} data
 * @param {Uint8Array} [announcement] announcement.json as the reader has it
 */
export function checkAbsence(data, announcement) {
  const steps = new Steps(ABSENCE_STEPS);
  const proof = steps.do("file", () => readAbsence(data));
  if (proof) {
    steps.judge("roster", () => adjacent(proof));
    steps.judge("order", () => between(proof));
    steps.judge("announced", () => announced(proof, announcement));
  }
  return { steps: steps.inOrder().map(readable), proof: proof ?? null };
}

/** Return the proof, unverified; any other spelling of it is refused. */
function readAbsence(data) {
  const told = readObject({ [FILE]: data }, FILE, MAX_ABSENCE);
  refuseOtherFields(told, [...BOUND, "@spec", "site", "neighbours"]);
  const { site, neighbours } = told;
  refuseUnless("@spec", told["@spec"] === ABSENCE);
  refuseUnless("site", typeof site === "string");
  refuseUnless("neighbours", Array.isArray(neighbours) && [1, 2].includes(neighbours.length));
  const rows = neighbours.map((row) => readRow(row, SCHEMAS.standings, SCHEMAS.sites));
  refuseUnless("neighbours", rows.every((row) => "site" in openCells(row.public)));
  const bound = checkedBound(Object.fromEntries(BOUND.map((name) => [name, told[name]])));
  // Under pseudonyms the order of the rows says nothing about ids.
  refuseUnless("view", bound.view === "open");
  return { bound, site, rows };
}

/** Refuse rows that are not in the roster, or that leave room between them or beyond. */
function adjacent({ bound, rows }) {
  const size = bound.sites.rows;
  for (const row of rows) verifyRow(row, size, unhex(bound.sites.root), suite(bound.suite));
  const [first, second] = rows.map(({ index }) => index);
  const atAnEnd = second === undefined && (first === 0 || first === size - 1);
  if (atAnEnd || second === first + 1) return holds();
  throw new VerificationError(
    `rows ${rows.map(({ index }) => index + 1).join(", ")} leave room between them or beyond`,
    `第 ${rows.map(({ index }) => index + 1).join("、")} 行之间或之外另有行`,
  );
}

function between({ bound, site, rows }) {
  const fits = isId(site) && stands(site, rows, bound.sites.rows - 1);
  if (fits) return holds();
  throw new VerificationError(`${shown(site)} would not stand there`, `${shown(site)} 不应处其间`);
}

/** Say whether the id comes after the first row and before the second, or beyond an end. */
function stands(site, rows, last) {
  const signs = rows.map((row) => compare(utf8(openCells(row.public).site), utf8(site)));
  const [{ index }] = rows;
  if (signs.length === 2) return signs[0] < 0 && signs[1] > 0;
  return (index === 0 && signs[0] > 0) || (index === last && signs[0] < 0);
}

function announced({ bound }, announcement) {
  if (announcement) {
    refuseOtherAnnouncement(bound, announcement);
    return holds();
  }
  const { announcement: digest } = bound;
  return notShown(
    `announcement.json with the SHA-256 ${digest} would show it`,
    `需 SHA-256 为 ${digest} 的 announcement.json 证明`,
  );
}

function refuseUnless(field, held) {
  if (held) return;
  throw new VerificationError(
    `${field} is not as a proof of absence has it`,
    `${field} 不符合不在名录证明的格式`,
  );
}
