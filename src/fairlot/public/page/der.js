// DER (ITU-T X.690): elements of one-byte tags and definite lengths, each in its shortest form.

import { hex, shown } from "./bytes.js";
import { InvalidInput } from "./errors.js";

/** The tags that certificates and time stamps are made of; [0] and the like are `context(0)`. */
export const TAGS = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  name: 0x06,
  utcTime: 0x17,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
};
const LONG = 0x80; // a length in so many bytes more, or a class of tags
const MAX_LENGTH_BYTES = 3;
const UTC_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d*[1-9])?Z$/;

export const context = (number) => 0xa0 | number;

/**
 * Return what stands one after another in these bytes, each as {tag, body, raw}.
 * @param {Uint8Array} bytes
 */
export function elements(bytes) {
  const found = [];
  for (let at = 0; at < bytes.length; at += found.at(-1).raw.length) {
    found.push(element(bytes.subarray(at)));
  }
  return found;
}

/** Return the parts of the one element, a sequence unless told otherwise, that fills these bytes. */
export function parts(bytes, tag = TAGS.sequence) {
  return elements(content(bytes, tag));
}

/** Return the content of the one element of this tag that fills these bytes. */
export function content(bytes, tag) {
  const [one, ...more] = elements(bytes);
  if (more.length) throw notDer(bytes);
  return expected(one, tag);
}

/** Return the content of an element; refuse one of another tag, or none. */
export function expected(one, tag) {
  if (one?.tag !== tag) throw notDer(one?.raw ?? new Uint8Array(0));
  return one.body;
}

/** Return the number in an integer; a negative one, or one in more bytes than it takes, is refused. */
export function natural(one) {
  const body = expected(one, TAGS.integer);
  const spare = body[0] === 0 && body.length > 1 && body[1] < LONG;
  if (!body.length || body[0] >= LONG || spare) throw notDer(one.raw);
  return BigInt(`0x${hex(body)}`);
}

/** Return the Unix second of UTCTime or GeneralizedTime (RFC 5280 4.1.2.5), a fraction cut off. */
export function seconds(one) {
  const wide = one?.tag === TAGS.time;
  const told = String.fromCharCode(...expected(one, wide ? TAGS.time : TAGS.utcTime));
  const century = told < "50" ? "20" : "19";
  const form = wide ? TIME.exec(told) : UTC_TIME.exec(century + told);
  const [, year, month, day, ...clock] = form ?? [];
  const text = `${year}-${month}-${day}T${clock.join(":")}`;
  const moment = Date.parse(`${text}Z`) || 0;
  // A day of no calendar, or a second 60, is another moment, or none.
  if (new Date(moment).toISOString().slice(0, text.length) !== text) throw notDer(one.raw);
  return moment / 1000;
}

/** Return the microseconds after the whole second of GeneralizedTime, cut. */
export function fraction({ body }) {
  const [, digits = ""] = /\.(\d*)Z$/.exec(String.fromCharCode(...body)) ?? [];
  return Number(digits.slice(0, 6).padEnd(6, "0"));
}

function element(bytes) {
  const [tag, first] = bytes;
  const wide = first > LONG ? first - LONG : 0;
  const digits = bytes.subarray(2, 2 + wide);
  const length = wide ? digits.reduce((sum, byte) => sum * 256 + byte, 0) : first;
  const whole = 2 + wide + length;
  const longest = wide > MAX_LENGTH_BYTES || first === LONG;
  const spare = wide && (length < LONG || digits[0] === 0);
  if (!(whole <= bytes.length) || longest || spare || (tag & 0x1f) === 0x1f) throw notDer(bytes);
  return { tag, body: bytes.subarray(2 + wide, whole), raw: bytes.subarray(0, whole) };
}

function notDer(bytes) {
  const got = shown(hex(bytes.subarray(0, 40)));
  return new InvalidInput(`${got} is not the DER that is wanted here`, `${got} 不是此处应有的 DER`);
}
