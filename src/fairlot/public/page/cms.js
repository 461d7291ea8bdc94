// The token of a time stamp: CMS SignedData (RFC 5652, section 5) of exactly one signer.

import { sha1 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";

import { equal, hex } from "./bytes.js";
import { algorithmOf, readCertificate } from "./certificate.js";
import { TAGS, context, elements, expected, natural, parts } from "./der.js";
import { VerificationError } from "./errors.js";
import { HASHES, checkSignature } from "./x509.js";

const SIGNED_DATA = "2a864886f70d010702"; // RFC 5652 5.1
const STAMP = "2a864886f70d0109100104"; // RFC 3161 2.4.2, id-ct-TSTInfo
const CONTENT_TYPE = "2a864886f70d010903"; // RFC 5652 11.1
const MESSAGE_DIGEST = "2a864886f70d010904"; // RFC 5652 11.2
const CERTIFICATE = "2a864886f70d010910020c"; // RFC 2634 5.4: names it by SHA-1
const CERTIFICATE_V2 = "2a864886f70d010910022f"; // RFC 5035

/**
 * Return what a token wraps, who says to have signed it, and the certificates that came along.
 * @param {Uint8Array} token ContentInfo in DER
 * @returns {{content: Uint8Array, signer: object, certificates: object[]}}
 */
export function readToken(token) {
  const [version, digests, inner, ...rest] = parts(unwrapped(token, SIGNED_DATA));
  const [digest, ...further] = elements(expected(digests, TAGS.set));
  const [one, ...others] = elements(expected(rest.at(-1), TAGS.set));
  const [sent] = optional(rest.slice(0, -1), context(0), context(1)); // then lists of revocations
  const signer = readSigner(one?.raw ?? token);
  const listed = !further.length && HASHES[algorithmOf(digest)] === signer.digest;
  if (natural(version) !== 3n || others.length || !listed) throw loose("one signer, version 3");
  return {
    content: expected(elements(unwrapped(inner.raw, STAMP))[0], TAGS.octets),
    certificates: sent ? elements(sent.body).map(({ raw }) => readCertificate(raw)) : [],
    signer,
  };
}

/** Refuse unless the signed attributes bind content and certificate, and its key signed them. */
export function checkToken({ content, signer }, certificate) {
  const { attributes, algorithm, digest, signature } = signer;
  const told = readAttributes(attributes.body);
  const kind = hex(expected(told(CONTENT_TYPE), TAGS.name));
  const hashed = expected(told(MESSAGE_DIGEST), TAGS.octets);
  if (kind !== STAMP || !equal(hashed, digest(content))) throw loose("attributes of this content");
  const named = [[CERTIFICATE, sha1], [CERTIFICATE_V2, sha256]].filter(([name]) => told(name));
  if (!named.length || !named.every(([name, hash]) => names(told(name), certificate.der, hash))) {
    throw loose("attributes that name the certificate that signed");
  }
  // RFC 5652 5.4: they are signed as a SET, not as the [0] that they stand under.
  const message = Uint8Array.from(attributes.raw, (byte, i) => (i ? byte : TAGS.set));
  checkSignature(certificate.key, algorithm, message, signature, digest);
}

/** Return the content of a ContentInfo; refuse one of another kind. */
function unwrapped(bytes, kind) {
  const [name, wrapped, ...more] = parts(bytes);
  if (hex(expected(name, TAGS.name)) !== kind || more.length) throw loose("a time stamp");
  return expected(wrapped, context(0));
}

/** Return the elements of these tags, undefined where one is left out; refuse any other. */
function optional(given, ...tags) {
  const found = tags.map((tag) => given.find((one) => one.tag === tag));
  if (found.filter(Boolean).some((one, i) => one !== given[i])) throw loose("its parts in order");
  if (found.filter(Boolean).length !== given.length) throw loose("no further part");
  return found;
}

function readSigner(bytes) {
  const [version, id, digest, attributes, algorithm, signature, ...more] = parts(bytes);
  optional(more, context(1)); // attributes that nobody signed
  const [issuer, serial] = elements(expected(id, TAGS.sequence));
  const name = algorithmOf(digest);
  if (natural(version) !== 1n || !Object.hasOwn(HASHES, name)) throw loose("a signer of version 1");
  expected(attributes, context(0));
  return {
    ...{ issuer: hex(issuer.raw), serial: natural(serial), digest: HASHES[name], attributes },
    ...{ algorithm: algorithmOf(algorithm), signature: expected(signature, TAGS.octets) },
  };
}

/** Return what gives the one value of an attribute, by the name of its type. */
function readAttributes(bytes) {
  const pairs = elements(bytes).map(({ raw }) => parts(raw));
  return (wanted) => {
    const [found, ...more] = pairs.filter(([name]) => hex(expected(name, TAGS.name)) === wanted);
    const [value, ...others] = found ? elements(expected(found[1], TAGS.set)) : [];
    if (more.length || others.length) throw loose("one value of an attribute");
    return value;
  };
}

/** Say whether the first certificate that an attribute names is this one (RFC 5035, section 3). */
function names(attribute, der, untold) {
  const [listed] = elements(expected(attribute, TAGS.sequence));
  const [first] = elements(expected(listed, TAGS.sequence));
  const [one, two] = elements(expected(first, TAGS.sequence));
  const told = untold === sha256 && one?.tag === TAGS.sequence;
  const hash = told ? HASHES[algorithmOf(one)] : untold;
  return Boolean(hash) && equal(expected(told ? two : one, TAGS.octets), hash(der));
}

function loose(want) {
  return new VerificationError(
    `the token is not of the form of RFC 3161 and RFC 5652; want ${want}`,
    `时间戳令牌不符合 RFC 3161 与 RFC 5652 的格式；应为 ${want}`,
  );
}
