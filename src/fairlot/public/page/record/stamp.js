/** Time stamps by someone else (RFC 3161): these bytes existed at this moment, says an authority. */

import { sha256 } from "@noble/hashes/sha2.js";

import { equal, hex } from "../bytes.js";
import { algorithmOf, commonName, readPem } from "../certificate.js";
import { checkToken, readToken } from "../cms.js";
import { TAGS, elements, expected, fraction, natural, parts, seconds } from "../der.js";
import { VerificationError } from "../errors.js";
import { HASHES, checkChain, signsOthers } from "../x509.js";

const MAX_STAMP = 1 << 16; // bytes
const UNITS = { [TAGS.integer]: 1_000_000, 0x80: 1000, 0x81: 1 }; // of an accuracy, in microseconds

/**
 * Return when an authority that the reader pinned saw these bytes; refuse a stamp in any doubt.
 * @param {Uint8Array} response a TimeStampResp in DER
 * @param {Uint8Array} data
 * @param {string} pem certificates that the reader trusts: a self-signed root, and the authority's
 *   own beside it when no other one under that root may sign
 * @returns {{moment: number, authority: string}} Unix seconds, the latest that the stated accuracy
 *   allows, and who signed
 */
export function readStamp(response, data, pem) {
  const pinned = readPem(pem);
  if (response.length > MAX_STAMP) throw refused("too long", "过长");
  const token = readToken(granted(response));
  const { made, latest } = readInfo(token.content, data);
  const own = signerOf(token, pinned);
  checkToken(token, own);
  checkChain(own, pinned, token.certificates, made);
  return { moment: latest, authority: commonName(own) };
}

/** Return the token of a response; RFC 3161 2.4.2: without a grant there is none. */
function granted(response) {
  const [status, token, ...more] = parts(response);
  const [code] = elements(expected(status, TAGS.sequence));
  if (natural(code) === 0n && token && !more.length) return token.raw;
  throw refused("not granted", "未签发");
}

/** Return when a stamp was made, and the latest that it may mean; refuse one of other data. */
function readInfo(content, data) {
  const [version, , imprint, , time, accuracy] = parts(content);
  const [algorithm, hashed] = elements(expected(imprint, TAGS.sequence));
  const same = HASHES[algorithmOf(algorithm)] === sha256;
  if (natural(version) !== 1n || !same || !equal(expected(hashed, TAGS.octets), sha256(data))) {
    throw refused("of other data", "对应其他数据");
  }
  const made = seconds(time);
  return { made, latest: made + Math.ceil((fraction(time) + spread(accuracy)) / 1_000_000) };
}

/** Return by how many microseconds the time may be off; none stated counts as none. */
function spread(accuracy) {
  const told = accuracy?.tag === TAGS.sequence ? elements(accuracy.body) : [];
  return told.reduce((sum, { tag, body, raw }) => {
    if (!(tag in UNITS)) throw refused("of an unknown accuracy", "精度未知");
    return sum + Number(natural({ tag: TAGS.integer, body, raw })) * UNITS[tag];
  }, 0);
}

/** Return the one certificate that the signer names; two would let two checks look at different ones. */
function signerOf({ signer: { issuer, serial }, certificates }, pinned) {
  const named = [...certificates, ...pinned].filter((one) =>
    one.issuer === issuer && one.serial === serial);
  const [own] = named;
  const alike = new Set(named.map(({ der }) => hex(der))).size === 1;
  // Where an authority's own certificate is pinned, no other one under its root signs.
  const owned = pinned.filter((one) => !signsOthers(one));
  const allowed = !owned.length || (alike && owned.some(({ der }) => equal(der, own.der)));
  if (alike && allowed) return own;
  throw refused("not by a certificate that is pinned", "签名证书不在所信任之列");
}

function refused(en, zh) {
  return new VerificationError(`the time stamp is ${en}`, `时间戳${zh}`);
}
