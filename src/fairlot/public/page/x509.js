// Signatures as X.509 and CMS carry them, and the chain from a certificate to a root that a reader
// pinned (RFC 5280, section 6.1, for the purpose of time stamping alone).

import { p256, p384, p521 } from "@noble/curves/nist.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";

import { equal, hex } from "./bytes.js";
import { TAGS, content, expected, natural, parts } from "./der.js";
import { VerificationError } from "./errors.js";
import { signed } from "./rsa.js";

/** Hash functions by the hex of their object identifiers. */
export const HASHES = {
  "608648016503040201": sha256,
  "608648016503040202": sha384,
  "608648016503040203": sha512,
};
const RSA = "2a864886f70d010101"; // the hash is named elsewhere
const ALGORITHMS = {
  "2a864886f70d01010b": ["RSA", sha256],
  "2a864886f70d01010c": ["RSA", sha384],
  "2a864886f70d01010d": ["RSA", sha512],
  "2a8648ce3d040302": ["EC", sha256],
  "2a8648ce3d040303": ["EC", sha384],
  "2a8648ce3d040304": ["EC", sha512],
};
const CURVES = { "P-256": p256, "P-384": p384, "P-521": p521 };

const KEY_USAGE = "551d0f";
const CONSTRAINTS = "551d13";
const PURPOSES = "551d25";
const UNDERSTOOD = [KEY_USAGE, CONSTRAINTS, PURPOSES];
const TIME_STAMPING = "2b06010505070308"; // 1.3.6.1.5.5.7.3.8
const SIGNS = 0xc0; // digitalSignature and contentCommitment, bits 0 and 1 of the key usage
const SIGNS_CERTIFICATES = 0x04; // bit 5
const LONGEST = 8; // certificates of a chain

/**
 * Refuse a signature that this key did not make of the message.
 * @param {?object} key of a certificate
 * @param {string} algorithm hex of its object identifier
 * @param {Uint8Array} message
 * @param {Uint8Array} signature
 * @param {Function} [digest] the hash that must be meant
 */
export function checkSignature(key, algorithm, message, signature, digest) {
  const named = Object.hasOwn(ALGORITHMS, algorithm) ? ALGORITHMS[algorithm] : [];
  const [kind, own] = algorithm === RSA ? ["RSA", digest] : named;
  const meant = key && own && (!digest || own === digest) && kind === (key.curve ? "EC" : "RSA");
  if (meant && (key.curve ? signedBy : signed)(key, signature, message, own)) return;
  throw new VerificationError("the signature is not by the certificate's key", "签名与证书公钥不符");
}

function signedBy({ curve, point }, signature, message, digest) {
  try {
    const told = { prehash: false, lowS: false, format: "der" };
    return CURVES[curve].verify(signature, digest(message), point, told);
  } catch {
    return false; // a point off the curve, or no signature at all
  }
}

/**
 * Refuse a certificate that was not made for time stamping alone, or from which no chain leads to a
 * pinned root.
 * @param {object} signer what `readCertificate` gives
 * @param {object[]} pinned those that the reader trusts: a root is one that names itself
 * @param {object[]} sent those that came along
 * @param {number} moment Unix seconds at which all of them must be valid
 */
export function checkChain(signer, pinned, sent, moment) {
  checkPurpose(signer);
  let one = signer;
  for (let below = 0; below < LONGEST; below += 1) {
    checkValid(one, moment);
    if (pinned.some((root) => root.subject === root.issuer && equal(root.der, one.der))) return;
    one = [...pinned, ...sent].find((each) => issued(each, one, below)) ?? refuseLoose(one);
  }
  refuseLoose(one);
}

/** Refuse a certificate that is not valid then, or asks for what is not looked at here. */
function checkValid({ since, until, extensions }, moment) {
  const strange = extensions.filter(({ name, critical }) => critical && !UNDERSTOOD.includes(name));
  if (since <= moment && moment <= until && !strange.length) return;
  throw new VerificationError(
    `a certificate of the chain is valid from ${since} to ${until}, the stamp is of ${moment}, or it ` +
      `has a critical extension that is not known here (${strange.length})`,
    `证书链中有证书有效期为 ${since} 至 ${until}，而时间戳为 ${moment}，或含未知的关键扩展（${strange.length} 项）`,
  );
}

/** RFC 3161 2.3: the sole purpose, and critical; RFC 5280 4.2.1.3: a key that signs, and no more. */
function checkPurpose({ extensions }) {
  const { critical, value } = extensions.find(({ name }) => name === PURPOSES) ?? {};
  const purposes = critical ? parts(value).map((one) => hex(expected(one, TAGS.name))) : [];
  const usage = usageOf(extensions);
  if (purposes.join() === TIME_STAMPING && (usage & SIGNS) && !(usage & ~SIGNS)) return;
  throw new VerificationError(
    "the certificate was not made for time stamping alone",
    "证书并非专用于时间戳",
  );
}

/** Say whether the first certificate may sign others, so many below it, and signed the second. */
function issued(over, one, below) {
  if (over.subject !== one.issuer || !isAuthority(over, below)) return false;
  try {
    checkSignature(over.key, one.algorithm, one.signed, one.signature);
    return true;
  } catch {
    return false;
  }
}

/** Say whether a certificate is one of an authority over others (RFC 5280, 4.2.1.9). */
export function signsOthers({ extensions }) {
  const [ca] = constraints(extensions);
  return ca?.tag === TAGS.boolean && ca.body[0] === 0xff;
}

function isAuthority(one, below) {
  const [, length] = constraints(one.extensions);
  const near = !length || natural(length) >= BigInt(below);
  const usage = usageOf(one.extensions, SIGNS_CERTIFICATES);
  return signsOthers(one) && near && Boolean(usage & SIGNS_CERTIFICATES);
}

function constraints(extensions) {
  const told = extensions.find(({ name }) => name === CONSTRAINTS);
  return told ? parts(told.value) : [];
}

/** Return the first eight bits of the key usage, or what stands for them where it is not told. */
function usageOf(extensions, untold = SIGNS) {
  const told = extensions.find(({ name }) => name === KEY_USAGE);
  if (!told) return untold;
  const [, first = 0, ...more] = content(told.value, TAGS.bits);
  return more.some(Boolean) ? 0 : first;
}

function refuseLoose({ issuer }) {
  throw new VerificationError(
    `no chain leads from the certificate to a pinned root; missing is ${issuer}`,
    `证书链未通向所信任的根证书；缺少 ${issuer}`,
  );
}
