// Bytes and their spellings. Every reader is strict: one value, one spelling, all else refused.

import { InvalidInput } from "./errors.js";

const WRITER = new TextEncoder();
// The byte order mark is a character like any other, and JSON has none.
const READER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const SHOWN = 100; // characters of a hostile text that a message repeats

/** Lower-case hex digits of bytes. */
export function hex(bytes) {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/**
 * Bytes of lower-case hex digits.
 * @param {string} text
 * @param {number} [length] how many bytes they must be
 */
export function unhex(text, length) {
  const good = typeof text === "string" && /^(?:[0-9a-f]{2})*$/.test(text);
  if (!good || (length !== undefined && text.length !== 2 * length)) {
    const want = length === undefined ? "" : `${2 * length} `;
    throw new InvalidInput(
      `${shown(text)} is not ${want}lower-case hex digits`,
      `${shown(text)} 不是 ${want}位小写十六进制数字`,
    );
  }
  return Uint8Array.from(text.match(/../g) ?? [], (digits) => parseInt(digits, 16));
}

/** UTF-8 of a text; half a surrogate pair is refused. */
export function utf8(text) {
  if (!text.isWellFormed()) {
    throw new InvalidInput("a text holds half a surrogate pair", "文本含有不完整的代理对");
  }
  return WRITER.encode(text);
}

/** The text of UTF-8; anything else is refused, and a byte order mark is kept. */
export function text(bytes) {
  try {
    return READER.decode(bytes);
  } catch {
    throw new InvalidInput("the bytes are not UTF-8", "字节不是 UTF-8 编码");
  }
}

/** Base64 (RFC 4648 section 4) of bytes. */
export function base64(bytes) {
  let signs = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const three = (bytes[i] << 16) | (bytes[i + 1] << 8) | bytes[i + 2];
    for (let shift = 18; shift >= 0; shift -= 6) signs += SIGNS[(three >> shift) & 63];
  }
  const spare = (3 - (bytes.length % 3)) % 3;
  return signs.slice(0, signs.length - spare) + "=".repeat(spare);
}

/** Bytes of canonical base64; any other spelling of the same bytes is refused. */
export function unbase64(signs) {
  if (typeof signs !== "string") throw notBase64(signs);
  const bare = signs.replace(/={1,2}$/, "");
  const bytes = new Uint8Array((bare.length * 3) >> 2);
  let bits = 0;
  for (let i = 0, at = 0; i < bare.length; i++) {
    bits = (bits << 6) | SIGNS.indexOf(bare[i]);
    if (i % 4) bytes[at++] = bits >> (6 - 2 * (i % 4));
  }
  // Spare bits in the last sign would let one signature be written in several ways.
  if (base64(bytes) !== signs) throw notBase64(signs);
  return bytes;
}

function notBase64(signs) {
  return new InvalidInput(
    `${shown(signs)} is not canonical base64`,
    `${shown(signs)} 不是规范的 base64`,
  );
}

/** Four bytes, big-endian. */
export function u32(number) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

/**
 * Eight bytes, big-endian.
 * @param {number | bigint} number
 */
export function u64(number) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number));
  return bytes;
}

/** The parts one after the other. */
export function joined(...parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The parts, each after its length as u32: no two lists give the same bytes. */
export function framed(...parts) {
  return joined(...parts.flatMap((part) => [u32(part.length), part]));
}

/** Below, at or above zero as `a` sorts before, with or after `b`, byte by byte. */
export function compare(a, b) {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    if (a[i] !== b[i]) return a[i] - b[i];
  }
  return a.length - b.length;
}

/** Whether two sequences of bytes are the same. */
export const equal = (a, b) => compare(a, b) === 0;

/** What a message may repeat of a hostile value. */
export function shown(value) {
  return `'${String(value).slice(0, SHOWN)}'`;
}
