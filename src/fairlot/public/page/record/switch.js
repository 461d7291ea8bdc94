/** A switch to a fallback, signed by witnesses, when the announced beacon did not come out. */

import { hex, shown } from "../bytes.js";
import { VerificationError } from "../errors.js";
import { parseVkey, split, verify } from "../note.js";
import { secondOf } from "./moments.js";
import { named, source } from "./sources.js";

export const WITNESSES = 2;
const TEXT = new RegExp(
  "^fairlot\\.draw/v1 switch\\nannouncement ([0-9a-f]{64})\\nfrom ([^\\n]{1,200})\\n" +
    "to ([^\\n]{1,200})\\nat ([^\\n]{20})\\nbecause ([^\\n]{1,500})\\n$",
  "u",
);

/**
 * Return the identity of the fallback that this note switches to: the first that was still to come
 * when it was signed; refuse any other, and a note that two announced witnesses did not sign.
 * @param {string} note
 * @param {string} announcement its digest
 * @param {object} body of the announcement
 */
export function checkSwitch(note, announcement, { beacon, fallbacks, witnesses }) {
  const { text } = split(note);
  const [, , , , at, because] = TEXT.exec(text) ?? refuseNote(text);
  const [left, moment] = [source(beacon), secondOf("at", at)];
  const taken = fallbacks.map(source).find(({ time }) => time > moment);
  if (moment < left.time || !taken) {
    throw new VerificationError(
      `${named(left)} is not due at ${at}, or no announced fallback is still to come`,
      `${named(left)} 在 ${at} 尚未到期，或备用信标均已公布或未列出`,
    );
  }
  const want =
    `fairlot.draw/v1 switch\nannouncement ${announcement}\nfrom ${named(left)}\n` +
    `to ${named(taken)}\nat ${at}\nbecause ${because}\n`;
  if (text !== want) refuseNote(text);
  refuseFewer(signers(note, witnesses));
  return taken;
}

function refuseNote(text) {
  throw new VerificationError(
    `the note is not the switch that is open: ${shown(text)}`,
    `签名文本不是此时应有的信标切换：${shown(text)}`,
  );
}

/** Return those of these vkeys that signed the note. */
export function signers(note, vkeys) {
  return vkeys.filter((vkey) => signed(note, vkey));
}

/** Return the keys behind vkeys, in hex: one key under two names is one witness. */
export function keysOf(vkeys) {
  return [...new Set(vkeys.map((vkey) => hex(parseVkey(vkey).publicKey)))];
}

function refuseFewer(vkeys) {
  const { length } = keysOf(vkeys);
  if (length >= WITNESSES) return;
  throw new VerificationError(
    `${length} of the announced witnesses signed; want ${WITNESSES}`,
    `公告所列见证人中 ${length} 人签名，应有 ${WITNESSES} 人`,
  );
}

function signed(note, vkey) {
  try {
    verify(note, vkey);
    return true;
  } catch {
    return false;
  }
}
