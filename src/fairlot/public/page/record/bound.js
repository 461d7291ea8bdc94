/** Which draw a small proof belongs to, and the announced roster to which it leads. */

import { HASH } from "../blocks.js";
import { hex, shown, unhex } from "../bytes.js";
import { written } from "../canonical.js";
import { VerificationError } from "../errors.js";
import { text } from "../plan/forms.js";
import { SHA256, suite } from "../suite.js";
import { readObject, refuseOtherFields } from "./files.js";

const NAMES = ["authority", "scope", "period", "task"];
/** The fields that a proof begins with. */
export const BOUND = [...NAMES, "announcement", "suite", "view", "sites"];
const VIEWS = ["open", "pseudonymous"];
const MAX_ROWS = 2 ** 32;

/** Return the fields of BOUND as they are; refuse any that no announcement has. */
export function checkedBound(told) {
  refuseOtherFields(told, BOUND);
  refuseOtherFields(told.sites, ["rows", "root"]);
  for (const name of NAMES) refuseUnless(name, told[name], text.fits(told[name]));
  suite(told.suite);
  refuseUnless("view", told.view, VIEWS.includes(told.view));
  const { rows, root } = told.sites;
  refuseUnless("rows", rows, Number.isSafeInteger(rows) && rows >= 1 && rows <= MAX_ROWS);
  unhex(told.announcement, HASH);
  unhex(root, HASH);
  return told;
}

/** Refuse unless this is what announcement.json says. */
export function refuseOtherAnnouncement(bound, data) {
  const { plan, registers } = readObject({ "announcement.json": data }, "announcement.json");
  const said = {
    ...Object.fromEntries(NAMES.map((name) => [name, plan[name]])),
    announcement: hex(SHA256.digest(data)),
    ...{ suite: plan.proof.suite, view: plan.proof.view, sites: registers.sites },
  };
  for (const name of BOUND) {
    const [got, want] = [bound[name], said[name]].map(written);
    if (got === want) continue;
    throw new VerificationError(
      `${name} is ${got}; the announcement has ${want}`,
      `${name} 为 ${got}，公告中为 ${want}`,
    );
  }
}

function refuseUnless(name, value, sound) {
  if (sound) return;
  throw new VerificationError(
    `${name} is ${shown(JSON.stringify(value))}`,
    `${name} 为 ${shown(JSON.stringify(value))}，格式不符`,
  );
}
