/** The beacons that a record names: when each comes out, and how people write it. */

import { shown } from "../bytes.js";
import { written } from "../canonical.js";
import * as drand from "../drand.js";
import { InvalidInput } from "../errors.js";
import * as lottery from "../lottery.js";
import * as nist from "../nist.js";
import { isObject } from "./files.js";
import { momentText } from "./moments.js";

const KINDS = {
  "drand quicknet": {
    made: ({ round }) => drand.identity(round),
    named: ({ round }) => `drand:${round}`,
  },
  "nist 2.0": { made: nist.identity, named: nistText },
  kl8: { made: ({ issues }) => lottery.identity(issues), named: ({ issues }) => `kl8:${issues}` },
};

/** Return the identity of a beacon as it is; refuse one that is not exactly known. */
export function source(identity) {
  if (isObject(identity) && Object.hasOwn(KINDS, identity.source)) {
    const made = KINDS[identity.source].made(identity);
    if (written(made) === written(identity)) return made;
  }
  throw new InvalidInput(
    `the beacon is announced as ${shown(JSON.stringify(identity))}; ` +
      "want a quicknet round, a NIST pulse or 快乐8",
    `公告的信标为 ${shown(JSON.stringify(identity))}，应为 quicknet 轮次、NIST 脉冲或快乐8`,
  );
}

/** Return how people write a beacon: drand:ROUND, nist@TIME,CHAIN,CERTIFICATE, kl8:A,B. */
export function named(identity) {
  return KINDS[identity.source].named(identity);
}

function nistText({ time, chain, certificate_id: certificate }) {
  return `nist@${momentText(time)},${chain},${certificate}`;
}

/** Refuse a beacon whose value was public at `moment`, Unix seconds. */
export function refuseIfKnown(identity, moment) {
  const late = moment - identity.time;
  if (late < 0) return;
  throw new InvalidInput(
    `${named(identity)} came out ${late} s before the announcement; want a later one`,
    `${named(identity)} 在公告前 ${late} 秒已公布，应选更后的`,
  );
}

/** Refuse a beacon whose value cannot have been known at `moment`, Unix seconds. */
export function refuseIfFuture(identity, moment) {
  const last = identity.source === "kl8" ? lottery.laterTime(identity.issues) : identity.time;
  const early = last - moment;
  if (early <= 0) return;
  throw new InvalidInput(
    `${named(identity)} comes out only in ${early} s`,
    `${named(identity)} 在 ${early} 秒后才公布`,
  );
}
