// Checkpoints (C2SP tlog-checkpoint): a log's whole content in three lines, signed and cosigned.
// A witness signs the text and the moment (C2SP tlog-cosignature, Ed25519).

import { shown, unbase64, utf8 } from "./bytes.js";
import { InvalidInput, VerificationError } from "./errors.js";
import { COSIGNATURE, checkSignature, parseVkey, signaturesOf, split, verify } from "./note.js";

const SIZE = /^(?:0|[1-9][0-9]{0,15})$/;
const TIME_BYTES = 8;
const LAST_TIME = (1n << 63n) - 1n; // tlog-cosignature: the greatest time stamp

/**
 * Read the text; extension lines, which nobody can audit, are refused.
 * @returns {{ origin: string, size: number, root: Uint8Array }}
 */
export function parseCheckpoint(body) {
  const lines = body.split("\n");
  const [origin, size, signs, end] = lines;
  if (lines.length === 4 && origin && SIZE.test(size) && end === "") {
    const root = unbase64(signs);
    if (root.length === 32) return { origin, size: Number(size), root };
  }
  throw new VerificationError(
    "not a checkpoint: want three lines, origin, size and root in base64",
    "不是检查点：应为三行，依次为日志名称、条目数和 base64 的根",
  );
}

/** The checkpoint of a note that the log with this key signed; it is refused otherwise. */
export function openCheckpoint(note, vkey) {
  const checkpoint = parseCheckpoint(verify(note, vkey));
  const { name } = parseVkey(vkey);
  if (name === checkpoint.origin) return checkpoint;
  throw new VerificationError(
    `the log is ${shown(checkpoint.origin)}; the key is ${shown(name)}'s`,
    `日志为 ${shown(checkpoint.origin)}，而密钥属于 ${shown(name)}`,
  );
}

/** The checkpoint of a note, whoever signed it. */
export function readCheckpoint(note) {
  return parseCheckpoint(split(note).text);
}

/**
 * When these witnesses (vkeys) saw the checkpoint, in Unix seconds, sorted.
 * Cosignatures by others are passed over; one of theirs that does not fit is refused.
 */
export function cosignatureTimes(note, witnesses) {
  const times = witnesses.flatMap((vkey) => timesOf(note, parseVkey(vkey)));
  return times.sort((a, b) => a - b);
}

/** Return those of these vkeys that cosign checkpoints; the others sign notes. */
export function cosigners(vkeys) {
  return vkeys.filter((vkey) => parseVkey(vkey).algorithm === COSIGNATURE);
}

function timesOf(note, witness) {
  if (witness.algorithm !== COSIGNATURE) {
    throw new InvalidInput(
      `the key of ${witness.name} signs notes; want a witness's, with the type 4`,
      `${witness.name} 的公钥用于签署正文，应为见证人公钥（类型 4）`,
    );
  }
  const { text, ours } = signaturesOf(note, witness);
  parseCheckpoint(text);
  return ours.map((stamped) => timeOf(text, witness, stamped));
}

function timeOf(body, witness, stamped) {
  const time = stamped.slice(0, TIME_BYTES).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  if (time <= 0n || time > LAST_TIME) {
    throw new VerificationError(
      `cosignature by ${witness.name} has the time ${time}; want Unix seconds`,
      `${witness.name} 的见证签名时间为 ${time}，应为 Unix 秒`,
    );
  }
  const message = utf8(`cosignature/v1\ntime ${time}\n${body}`);
  checkSignature(witness, stamped.slice(TIME_BYTES), message);
  return Number(time);
}
