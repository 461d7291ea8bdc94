// Signed notes (C2SP signed-note): a text, an empty line, and who signed it with Ed25519.
// A key is told by its name and a hash of four bytes; a vkey is name+hash+base64 of type and key.

import { ed25519 } from "@noble/curves/ed25519.js";

import { equal, hex, joined, shown, unbase64, utf8 } from "./bytes.js";
import { InvalidInput, VerificationError } from "./errors.js";
import { SHA256 } from "./suite.js";

// The types of signature that a vkey may name, by their C2SP numbers.
export const ED25519 = 1;
export const COSIGNATURE = 4;
const SPLIT = "\n\n— ";
const MAX_NOTE = 1 << 20; // characters
const MAX_SIGNATURES = 16;
// Spelt out, for \s is not the same in every language.
const SPACE = "\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const NAME = `[^+\\x00-\\x20\\x7f${SPACE}\\ud800-\\udfff]+`;
const CONTROL = /[\x00-\x09\x0b-\x1f\ud800-\udfff]/u;
const VKEY = new RegExp(`^(${NAME})\\+([0-9a-f]{8})\\+([A-Za-z0-9+/=]+)$`, "u");
const SIGNATURE = new RegExp(`^— (${NAME}) ([A-Za-z0-9+/=]+)$`, "u");

/**
 * Read `name+hash+key`; another algorithm, or a hash that is not the key's, is refused.
 * @returns {{ name: string, algorithm: number, publicKey: Uint8Array, id: Uint8Array }}
 */
export function parseVkey(text) {
  const [, name, digits, signs] = VKEY.exec(text) ?? [];
  const data = name ? unbase64(signs) : new Uint8Array(0);
  if (data.length !== 33 || ![ED25519, COSIGNATURE].includes(data[0])) {
    throw new InvalidInput(
      `vkey is ${shown(text)}; want name+hash+base64 of an Ed25519 key`,
      `公钥 ${shown(text)} 应为“名称+哈希+Ed25519 公钥的 base64”`,
    );
  }
  const id = SHA256.digest(joined(utf8(`${name}\n`), data)).slice(0, 4);
  if (hex(id) !== digits) {
    throw new InvalidInput(
      `vkey ${name} has the hash ${digits}; want ${hex(id)}`,
      `公钥 ${name} 的哈希为 ${digits}，应为 ${hex(id)}`,
    );
  }
  return { name, algorithm: data[0], publicKey: data.slice(1), id };
}

/**
 * The text of a note that this key signed; it is refused otherwise.
 * Signatures of other keys are passed over, as the format asks.
 */
export function verify(note, vkey) {
  const key = parseVkey(vkey);
  if (key.algorithm !== ED25519) {
    throw new InvalidInput(
      `vkey ${shown(vkey)} is a witness's; want a key that signs notes`,
      `公钥 ${shown(vkey)} 属于见证人，应为签署正文的公钥`,
    );
  }
  const { text, ours } = signaturesOf(note, key);
  if (ours.length === 0) {
    throw new VerificationError(`the note has no signature by ${vkey}`, `没有 ${vkey} 的签名`);
  }
  for (const signature of ours) checkSignature(key, signature, utf8(text));
  return text;
}

/** The text of a note, and the signatures that say they are by this key, unchecked. */
export function signaturesOf(note, key) {
  const { text, signatures } = split(note);
  const isOurs = ({ name, data }) => name === key.name && equal(data.slice(0, 4), key.id);
  return { text, ours: signatures.filter(isOurs).map(({ data }) => data.slice(4)) };
}

/** Refuse an Ed25519 signature (RFC 8032) that this key did not make of these bytes. */
export function checkSignature(key, signature, message) {
  if (fits(key.publicKey, signature, message)) return;
  throw new VerificationError(
    `the signature by ${key.name} does not fit the text`,
    `${key.name} 的签名与正文不符`,
  );
}

/** The text of a note, and the name and bytes (four of the key, the rest) of each signature. */
export function split(note) {
  // The text may hold empty lines itself: signatures follow the last one.
  const end = note.lastIndexOf(SPLIT);
  if (end < 0 || note.length > MAX_NOTE || !note.endsWith("\n")) {
    throw new VerificationError(
      "not a signed note: want a text, an empty line and lines of signatures",
      "不是签名文本：应为正文、空行和签名行",
    );
  }
  const text = note.slice(0, end + 1);
  checkText(text);
  const lines = note.slice(end + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) {
    throw new VerificationError(
      `${lines.length} signatures; want at most ${MAX_SIGNATURES}`,
      `共 ${lines.length} 个签名，上限为 ${MAX_SIGNATURES}`,
    );
  }
  return { text, signatures: lines.map(readSignature) };
}

function readSignature(line) {
  const [, name, signs] = SIGNATURE.exec(line) ?? [];
  if (name) return { name, data: unbase64(signs) };
  throw new VerificationError(
    `signature line is ${shown(line)}; want — name base64`,
    `签名行 ${shown(line)} 应为“— 名称 base64”`,
  );
}

function checkText(text) {
  if (!CONTROL.test(text)) return;
  throw new VerificationError(
    "a note's text is UTF-8, ends with a line end and has no control signs",
    "签名正文应为 UTF-8，以换行结尾，且不含控制字符",
  );
}

function fits(publicKey, signature, message) {
  if (signature.length !== 64) return false;
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false; // noble throws where the key is no point
  }
}
