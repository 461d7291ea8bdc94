// X.509 certificates (RFC 5280), read and not verified: see x509.js for who signed one.

import { hex, shown, unbase64, unhex } from "./bytes.js";
import { TAGS, context, elements, expected, natural, parts, seconds } from "./der.js";
import { InvalidInput } from "./errors.js";

const RSA = "2a864886f70d010101"; // 1.2.840.113549.1.1.1, RFC 8017
const EC = "2a8648ce3d0201"; // 1.2.840.10045.2.1, RFC 5480
const CURVES = { "2a8648ce3d030107": "P-256", "2b81040022": "P-384", "2b81040023": "P-521" };
const BITS = [2048, 8192]; // of a modulus: a larger one would only cost time
const MAX_EXPONENT = 2n ** 64n;
const NULL = "0500";
const NAME = "550403"; // 2.5.4.3, the common name
const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g;

/**
 * Return what a certificate says.
 * @param {Uint8Array} der
 * @returns {object} der; issuer and subject as hex of their DER; serial; since and until in Unix
 *   seconds; key {modulus, exponent}, {curve, point} or null; extensions [{name, critical, value}];
 *   signed (the bytes), algorithm (hex of its identifier) and signature
 */
export function readCertificate(der) {
  const [inner, algorithm, signature] = parts(der);
  const fields = parts(raw(inner));
  if (fields[0]?.tag === context(0)) fields.shift(); // the version
  const [serial, , issuer, validity, subject, info, ...more] = fields;
  const [since, until] = parts(raw(validity)).map(seconds);
  const extensions = more.find(({ tag }) => tag === context(3));
  return {
    der,
    ...{ serial: natural(serial), since, until, key: keyOf(raw(info)) },
    ...{ issuer: hex(raw(issuer)), subject: hex(raw(subject)) },
    extensions: extensions ? parts(extensions.body).map(({ raw: one }) => extension(one)) : [],
    ...{ signed: inner.raw, algorithm: nameOf(algorithm), signature: bitsOf(signature) },
  };
}

/** Return every certificate of a PEM text; refuse a text that holds none. */
export function readPem(pem) {
  const found = [...String(pem).matchAll(PEM)].map(([, signs]) => signs.replace(/\s/g, ""));
  if (!found.length) {
    throw new InvalidInput(
      `${shown(pem)} holds no certificate in PEM`,
      `${shown(pem)} 中没有 PEM 格式的证书`,
    );
  }
  return found.map((signs) => readCertificate(unbase64(signs)));
}

/** Return the last common name of a certificate's subject, or its names in hex. */
export function commonName({ subject }) {
  const pairs = parts(unhex(subject)).flatMap(({ body }) => elements(body));
  const named = pairs.map(({ raw: pair }) => parts(pair)).filter((pair) => pair.length === 2);
  const [, last] = named.findLast(([name]) => hex(name.body) === NAME) ?? [];
  return last ? shown(new TextDecoder().decode(last.body)) : subject;
}

/** Return the identifier of an algorithm in hex; those used here have no parameters, or NULL. */
export function algorithmOf(one) {
  const [, none, ...more] = parts(raw(one));
  if ((!none || hex(none.raw) === NULL) && !more.length) return nameOf(one);
  throw new InvalidInput("an algorithm has parameters", "算法带有参数");
}

/** Return an extension: its name, whether it is critical, and its value. */
function extension(bytes) {
  const [name, ...rest] = parts(bytes);
  const critical = rest.length > 1 && expected(rest[0], TAGS.boolean)[0] !== 0;
  return { name: hex(expected(name, TAGS.name)), critical, value: expected(rest.at(-1), TAGS.octets) };
}

/** Return the key; null for one of a kind that is not known here, of which nothing is verified. */
function keyOf(info) {
  const [algorithm, bits] = parts(info);
  const [name, curve] = parts(raw(algorithm)).map(({ body }) => hex(body));
  const key = bitsOf(bits);
  if (name === RSA) return rsaKey(key);
  return name === EC && Object.hasOwn(CURVES, curve) ? { curve: CURVES[curve], point: key } : null;
}

const nameOf = (one) => hex(expected(parts(raw(one))[0], TAGS.name));

/** Return the bits of a bit string that are whole bytes. */
function bitsOf(one) {
  const body = expected(one, TAGS.bits);
  if (body[0] === 0) return body.slice(1);
  throw new InvalidInput("a key or a signature has spare bits", "公钥或签名含有多余比特");
}

function rsaKey(der) {
  const [modulus, exponent] = parts(der).map(natural);
  const bits = modulus.toString(2).length;
  const fits = BITS[0] <= bits && bits <= BITS[1] && exponent < MAX_EXPONENT;
  return fits ? { modulus, exponent } : null;
}

const raw = (one) => one?.raw ?? unhex("");
