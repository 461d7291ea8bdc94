// The beacons that an announcement may name: what each gave, and whether that is shown.

import { framed, shown, utf8 } from "./bytes.js";
import { encode, written } from "./canonical.js";
import * as drand from "./drand.js";
import { VerificationError } from "./errors.js";
import * as lottery from "./lottery.js";
import * as nist from "./nist.js";
import { DOMAIN } from "./stream.js";

/**
 * What the announced beacon gave, after everything in it that can be verified was verified.
 * @param {object} identity as the announcement has it
 * @param {object} value as the record keeps it
 * @returns {{ randomness: Uint8Array, shown: boolean, en: string, zh: string }} and whether it is
 *   shown that the value comes from the beacon, or what would show it
 */
export function read(identity, value) {
  return reading(READERS, identity, value);
}

/** Refuse a value that is not in the one form of its beacon; its signature is not looked at. */
export function checkForm(identity, value) {
  reading(FORMS, identity, value);
}

function reading(readers, identity, value) {
  const kind = isObject(identity) && Object.hasOwn(readers, identity.source) ? identity.source : "";
  if (kind && isObject(value)) return readers[kind](identity, value);
  const got = shown(JSON.stringify([identity, value]));
  throw new VerificationError(
    `the beacon and its value are ${got}; want a quicknet round, a NIST pulse or 快乐8`,
    `信标及其值为 ${got}，应为 quicknet 轮次、NIST 脉冲或快乐8`,
  );
}

const READERS = { "drand quicknet": readDrand, "nist 2.0": readNist, kl8: readLottery };
const FORMS = {
  "drand quicknet": ({ round }, value) => drand.signatureOf(round, value),
  "nist 2.0": nist.checkForm,
  kl8: readLottery,
};

/** What enters the seed: the beacon, what it gave, and the custodians' salts. */
export function material(identity, randomness, salts = []) {
  return framed(utf8(`${DOMAIN} beacon`), encode(identity), randomness, ...salts);
}

function readDrand(identity, value) {
  const { round } = identity;
  sameIdentity(identity, drand.identity(round));
  return {
    randomness: drand.randomness(round, value),
    shown: true,
    en: `the signature of quicknet round ${round} was verified`,
    zh: `已验证 quicknet 第 ${round} 轮的签名`,
  };
}

function readNist(identity, value) {
  sameIdentity(identity, nist.identity(identity));
  const { randomness, known } = nist.randomness(identity, value);
  const short = `${identity.certificate_id.slice(0, 16)}…`;
  const [en, zh] = known
    ? [`the pulse is signed under NIST's certificate ${short}`, `脉冲由 NIST 证书 ${short} 签名`]
    : [
        `the pulse is signed under certificate ${short}, which the announcement names; NIST's own page of certificates would show that it is NIST's`,
        `脉冲由公告所列证书 ${short} 签名；该证书属于 NIST 须由其官方网站证实`,
      ];
  return { randomness, shown: known, en, zh };
}

function readLottery(identity, value) {
  const { issues } = identity;
  sameIdentity(identity, lottery.identity(issues));
  const [first, second] = issues;
  return {
    randomness: lottery.randomness(issues, value),
    shown: false,
    en: `the numbers are as ${value.witnesses.join(", ")} declare them; the China Welfare Lottery's published results of 快乐8 ${first} and ${second} would show them`,
    zh: `开奖号码由${value.witnesses.join("、")}见证声明；中国福利彩票公布的快乐8第 ${first}、${second} 期开奖公告可予证实`,
  };
}

function sameIdentity(got, want) {
  if (written(got) === written(want)) return;
  throw new VerificationError(
    `the beacon is announced as ${shown(written(got))}; want ${written(want)}`,
    `公告的信标为 ${shown(written(got))}，应为 ${written(want)}`,
  );
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
