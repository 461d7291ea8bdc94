/** What people add to an announcement: digits thrown in, and custodians of salts. */

import { equal, framed, hex, shown, utf8 } from "../bytes.js";
import { written } from "../canonical.js";
import { identity } from "../drand.js";
import { InvalidInput, VerificationError } from "../errors.js";
import { DOMAIN } from "../stream.js";
import { unlock } from "../tlock.js";
import { isLine } from "../visible.js";
import { isObject } from "./files.js";
import { momentText } from "./moments.js";
import { named } from "./sources.js";
import { holds, notShown } from "./steps.js";

// At least 128 bits: 10^39 > 2^128 > 10^38, and four bits a hex digit.
const DIGITS = { dice: /^[0-9]{39,4096}$/, hex: /^[0-9a-f]{32,4096}$/ };
const SALT = 32; // bytes
const LEAST = 2; // custodians of a sealed draw

/** Return {kind, by, digits} as it is; refuse anything but dice or hex digits by somebody. */
export function checkedHuman(value) {
  const { kind, by, digits } = isObject(value) ? value : {};
  const sound = hasFields(value, "by,digits,kind") && isLine(by) && Object.hasOwn(DIGITS, kind);
  if (sound && typeof digits === "string" && DIGITS[kind].test(digits)) return value;
  throw new InvalidInput(
    `human input is ${shown(JSON.stringify(value))}; want kind, by, and 39 dice or 32 hex digits`,
    `人工输入为 ${shown(JSON.stringify(value))}，应含 kind、by 及至少 39 位骰子或 32 位十六进制数字`,
  );
}

/** Return {name, commitment, lock} as it is; the lock is {} or a drand round and a ciphertext. */
export function checkedCustodian(value) {
  const { name, commitment, lock } = isObject(value) ? value : {};
  const sound = hasFields(value, "commitment,lock,name") && isLine(name) && isLock(lock);
  if (sound && typeof commitment === "string" && /^[0-9a-f]{64}$/.test(commitment)) return value;
  throw new InvalidInput(
    `a custodian is ${shown(JSON.stringify(value))}; want name, commitment and lock`,
    `保管人为 ${shown(JSON.stringify(value))}，应含 name、commitment、lock`,
  );
}

/** Refuse a name beside itself, locks to two rounds, and a sealed draw that one hand can open. */
export function checkCustodians(custodians, { opens }) {
  const names = new Set(custodians.map(({ name }) => name));
  const locked = custodians.filter(({ lock }) => isLocked(lock));
  const rounds = new Set(locked.map(({ lock }) => lock.round));
  const enough = opens ? names.size >= LEAST : names.size === 0;
  if (enough && names.size === custodians.length && rounds.size <= 1) return;
  const list = [...names].join(", ");
  throw new InvalidInput(
    `the custodians are ${shown(list)}; want ${LEAST} or more of a sealed draw, none of another, ` +
      "each once, and one round for their locks",
    `保管人为 ${shown(list)}；封存抽取应有 ${LEAST} 名以上且不重复、锁定至同一轮，未封存者不应有`,
  );
}

/** Refuse a lock that opens before, or with, a beacon that may be drawn from: it locks nothing. */
export function checkLocks(custodians, beacons) {
  const last = beacons.reduce((late, one) => (one.time > late.time ? one : late));
  const early = custodians.find(({ lock }) => isLocked(lock) && timeOf(lock) <= last.time);
  if (!early) return;
  const { name, lock: { round } } = early;
  throw new InvalidInput(
    `the salt of ${name} is locked to round ${round}, which comes no later than ${named(last)}`,
    `${name} 的盐值锁定至第 ${round} 轮，不晚于 ${named(last)}`,
  );
}

/**
 * Return the salts in the order of the announcement; refuse one that is missing or another.
 *
 * A salt opens its commitment; a locked one, once its round is there, is what decrypts, whatever
 * was committed to.
 * @param {object[]} custodians
 * @param {{salts: Object<string, Uint8Array>, lock: object}} opening `lock` is the value of the
 *   round of their locks, {} while it is not there
 */
export function openedSalts(custodians, { salts, lock: value }, suite) {
  const lost = custodians.map(({ name }) => name).filter((name) => !Object.hasOwn(salts, name));
  if (lost.length) {
    throw new VerificationError(
      `the salt of ${lost.join(", ")} is missing`,
      `缺少保管人 ${lost.join("、")} 的盐值`,
    );
  }
  for (const one of custodians) {
    if (isLocked(one.lock) && isLocked(value)) checkUnlocked(one, salts[one.name], value);
    else checkCommitted(one, salts[one.name], suite);
  }
  return custodians.map(({ name }) => salts[name]);
}

/** Say whether the locks were opened; not before their round is out. */
export function locksOpened(custodians, { lock }) {
  const locked = custodians.filter((one) => isLocked(one.lock));
  if (!locked.length || isLocked(lock)) return holds();
  const [names, names_zh] = [", ", "、"].map((comma) => locked.map(({ name }) => name).join(comma));
  const { round } = locked[0].lock;
  const at = momentText(timeOf(locked[0].lock));
  return notShown(
    `the lock of ${names} was not opened: round ${round} of drand, out at ${at}, ` +
      "would show whether it holds the same salt (fairlot open --lock)",
    `尚未开启 ${names_zh} 的时间锁：drand 第 ${round} 轮（${at} 公布）` +
      "可证明其中为同一盐值（fairlot open --lock）",
  );
}

function timeOf({ round }) {
  return identity(round).time;
}

function checkUnlocked({ name, lock }, salt, value) {
  if (value.round !== lock.round) {
    throw new VerificationError(
      `the salt of ${name} is locked to round ${lock.round} of drand; got round ${value.round}`,
      `${name} 的盐值锁定至 drand 第 ${lock.round} 轮，实有第 ${value.round} 轮`,
    );
  }
  if (equal(salt, unlock(lock.ciphertext, value))) return;
  throw new VerificationError(
    `the salt of ${name} is not what its lock decrypts to`,
    `${name} 的盐值与时间锁解密结果不符`,
  );
}

function checkCommitted({ name, commitment }, salt, suite) {
  const got = hex(suite.digest(framed(utf8(`${DOMAIN} custodian`), utf8(name), salt)));
  if (salt.length === SALT && got === commitment) return;
  throw new VerificationError(
    `the salt of ${name} opens ${got}; want ${commitment}`,
    `${name} 的盐值对应承诺 ${got}，应为 ${commitment}`,
  );
}

function isLocked(lock) {
  return Object.keys(lock).length > 0;
}

function hasFields(value, names) {
  return isObject(value) && Object.keys(value).sort().join() === names;
}

function isLock(lock) {
  if (!isObject(lock) || written(lock) === "{}") return isObject(lock);
  const { round, ciphertext } = lock;
  const sound = hasFields(lock, "ciphertext,round") && Number.isSafeInteger(round) && round > 0;
  return sound && typeof ciphertext === "string" && /^([0-9a-f]{2}){1,512}$/.test(ciphertext);
}
