/** The outcome: which beacon gave what, and what binds the rest. */

import { checkForm } from "../beacon.js";
import { shown, text } from "../bytes.js";
import { encode, written } from "../canonical.js";
import { VerificationError } from "../errors.js";
import { SPEC, SWITCH, readObject, refuseOtherFields } from "./files.js";
import { named, source } from "./sources.js";
import { checkSwitch } from "./switch.js";
import { within } from "./within.js";

const NAME = "outcome.json";
const OUTCOME = `${SPEC} outcome`;
const FIELDS = ["@spec", "announcement", "beacon", "chances", "drawn", "results", "value"];

/** Return outcome.json, parsed strictly; what it says is not yet compared with anything. */
export function readOutcome(files) {
  const outcome = readObject(files, NAME);
  within(NAME, () => refuseOtherFields(outcome, FIELDS));
  if (outcome["@spec"] === OUTCOME) return outcome;
  throw new VerificationError(
    `outcome.json: @spec is ${shown(JSON.stringify(outcome["@spec"]))}; want ${OUTCOME}`,
    `outcome.json：@spec 为 ${shown(JSON.stringify(outcome["@spec"]))}，应为 ${OUTCOME}`,
  );
}

/**
 * Return the identity of the beacon and its value; refuse another announcement, and another beacon
 * than announced, but for a witnessed switch to a fallback.
 */
export function cameFrom(files, { body, digest }) {
  const outcome = readOutcome(files);
  const identity = within(NAME, () => source(outcome.beacon));
  within(NAME, () => checkForm(identity, outcome.value));
  if (outcome.announcement !== digest) {
    throw new VerificationError(
      `outcome.json: is of the announcement ${shown(outcome.announcement)}; want ${digest}`,
      `outcome.json：出自公告 ${shown(outcome.announcement)}，应为 ${digest}`,
    );
  }
  const switched = SWITCH in files && checkSwitch(text(files[SWITCH]), digest, body);
  const want = switched || source(body.beacon);
  if (written(identity) === written(want)) return { identity, value: outcome.value };
  throw new VerificationError(
    `the randomness is of ${named(identity)}; want ${named(want)}`,
    `随机数来自 ${named(identity)}，应为 ${named(want)}`,
  );
}

/** Return outcome.json as the replay makes it. */
export function outcomeBytes({ digest }, { identity, value }, drawn, chances, results) {
  const told = {
    "@spec": OUTCOME,
    announcement: digest,
    beacon: identity,
    chances,
    drawn,
    results,
    value,
  };
  return new Uint8Array([...encode(told), 10]);
}
