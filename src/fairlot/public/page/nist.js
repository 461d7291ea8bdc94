// One pulse of the NIST Randomness Beacon 2.0 (NISTIR 8213, section 4): 64 bytes, signed with RSA.
// Every value brings its certificate, which the announcement named by its digest; that it is NIST's
// the page says of those in certificates.js alone.

import { sha512 } from "@noble/hashes/sha2.js";

import { framed, hex, joined, shown, u32, u64, unbase64, unhex, utf8 } from "./bytes.js";
import { readCertificate } from "./certificate.js";
import { CERTIFICATES } from "./certificates.js";
import { InvalidInput, VerificationError } from "./errors.js";
import { signed } from "./rsa.js";

const MINUTE = 60;
const LINKS = ["previous", "hour", "day", "month", "year"];
const VERSIONS = ["Version 2.0", "2.0"];
const HASH = 64; // bytes of SHA-512
const MAX_CERTIFICATE = 16384; // characters of base64

// How each field is checked.
const text = (value) => typeof value === "string" && /^[\x00-\x7f]*$/.test(value);
const u32bits = (value) => isCount(value, 32);
const u53bits = (value) => isCount(value, 53);
const hash = (value) => isHex(value, HASH);
const signatureHex = (value) => isHex(value, 512);
const external = (value) => hasFields(value, EXTERNAL);
const link = (value) => hasFields(value, LINK);
const links = (value) => Array.isArray(value) && value.length === LINKS.length && value.every(link);
const EXTERNAL = { sourceId: hash, statusCode: u32bits, value: hash };
const LINK = { type: text, value: hash };
const PULSE = {
  uri: text,
  version: text,
  cipherSuite: u32bits,
  period: u32bits,
  certificateId: hash,
  chainIndex: u53bits,
  pulseIndex: u53bits,
  timeStamp: text,
  localRandomValue: hash,
  external,
  listValues: links,
  precommitmentValue: hash,
  statusCode: u32bits,
  signatureValue: signatureHex,
  outputValue: hash,
};

/** What an announcement says of the pulse of one minute (Unix seconds) of a chain. */
export function identity({ chain, certificate_id, time }) {
  unhex(certificate_id, HASH);
  if (!isCount(chain, 32) || !isCount(time, 36) || time % MINUTE) {
    throw new InvalidInput(
      `a NIST pulse is of chain ${shown(chain)} at second ${shown(time)}; want a whole minute`,
      `NIST 脉冲属第 ${shown(chain)} 链，时间为第 ${shown(time)} 秒，应为整分钟`,
    );
  }
  return { source: "nist 2.0", chain, certificate_id, time };
}

/**
 * The 64 bytes of a pulse, its signature verified, and whether the page knows the certificate.
 * @param {{ chain: number, certificate_id: string, time: number }} identity as announced
 * @param {{ pulse: object, certificate: string, previous?: object }} value as the record keeps it
 * @returns {{ randomness: Uint8Array, known: boolean }}
 */
export function randomness(identity, value) {
  const certificate = checkForm(identity, value);
  const { pulse, previous } = value;
  const output = outputOf(pulse, certificate, identity.time);
  if (previous) {
    outputOf(previous, certificate, identity.time - MINUTE);
    checkLink(previous, pulse);
  }
  return { randomness: output, known: CERTIFICATES.has(identity.certificate_id) };
}

/**
 * Return the certificate of a value; refuse a value that is not in its one form. Whether its
 * signatures hold is not looked at.
 */
export function checkForm(identity, { pulse, previous, certificate, ...more }) {
  same("value", Object.keys(more).join(), "");
  checkPulseOf(pulse, identity, identity.time);
  if (previous !== undefined) checkPulseOf(previous, identity, identity.time - MINUTE);
  return certificateOf(certificate, identity);
}

/** Return the certificate that was announced; refuse another, and one of a key that is not RSA. */
function certificateOf(text, { certificate_id: id }) {
  const der = String(text).length > MAX_CERTIFICATE ? new Uint8Array(0) : unbase64(text);
  same("certificate", hex(sha512(der)), id);
  const read = readCertificate(der);
  same("certificate's key", read.key?.modulus ? "RSA" : "another", "RSA");
  return read;
}

function checkPulseOf(pulse, identity, time) {
  checkPulse(pulse);
  pulse.listValues.forEach(({ type }, i) => same("type", type, LINKS[i]));
  if (!VERSIONS.includes(pulse.version)) same("version", pulse.version, VERSIONS[1]);
  checkIdentity(pulse, identity, time);
}

function outputOf(pulse, certificate, time) {
  const [message, signature] = [messageOf(pulse), unhex(pulse.signatureValue)];
  checkSignature(certificate, time, signature, message);
  const output = sha512(joined(message, signature));
  same("outputValue", pulse.outputValue, hex(output));
  return output;
}

function checkIdentity(pulse, { chain, certificate_id }, time) {
  const stamp = new Date(1000 * time).toISOString();
  const want = { cipherSuite: 0, period: 1000 * MINUTE, chainIndex: chain, timeStamp: stamp };
  Object.entries(want).forEach(([name, wanted]) => same(name, pulse[name], wanted));
  same("certificateId", pulse.certificateId, certificate_id);
  // Any other status: a chain that is not intact binds no pulse to what was committed before.
  same("statusCode", pulse.statusCode, 0);
}

function checkSignature({ key, since, until }, time, signature, message) {
  if (time < since || time > until) {
    throw new VerificationError(
      `the certificate is valid from ${since} to ${until}; the pulse is of ${time}`,
      `证书有效期为 ${since} 至 ${until}，脉冲时间为 ${time}`,
    );
  }
  if (signed(key, signature, message, sha512)) return;
  throw new VerificationError(
    "the signature of the pulse is not by the certificate's key",
    "脉冲的签名与证书公钥不符",
  );
}

/** The signed bytes (NISTIR 8213, 4.1): text and hashes framed, numbers bare. */
function messageOf(pulse) {
  const { external } = pulse;
  return joined(
    framed(utf8(pulse.uri), utf8(pulse.version)),
    u32(pulse.cipherSuite),
    u32(pulse.period),
    framedHex(pulse.certificateId),
    u64(pulse.chainIndex),
    u64(pulse.pulseIndex),
    framed(utf8(pulse.timeStamp)),
    framedHex(pulse.localRandomValue, external.sourceId),
    u32(external.statusCode),
    framedHex(external.value, ...pulse.listValues.map(({ value }) => value)),
    framedHex(pulse.precommitmentValue),
    u32(pulse.statusCode),
  );
}

/** Refuse two pulses of which the first did not commit to the second, or that do not chain. */
function checkLink(previous, pulse) {
  same("pulseIndex", pulse.pulseIndex, previous.pulseIndex + 1);
  same("listValues", pulse.listValues[0].value, previous.outputValue);
  const committed = hex(sha512(unhex(pulse.localRandomValue)));
  same("precommitmentValue", committed, previous.precommitmentValue);
}

function checkPulse(pulse) {
  if (hasFields(pulse, PULSE)) return;
  const got = shown(JSON.stringify(pulse));
  const want = Object.keys(PULSE).join(", ");
  throw new InvalidInput(
    `pulse is ${got}; want the fields ${want}`,
    `脉冲为 ${got}，应含字段 ${want}`,
  );
}

function hasFields(value, schema) {
  const keys = value !== null && typeof value === "object" ? Object.keys(value) : [];
  const wanted = Object.keys(schema);
  const named = keys.length === wanted.length && wanted.every((key) => Object.hasOwn(value, key));
  return named && wanted.every((key) => schema[key](value[key]));
}

function isHex(value, bytes) {
  return typeof value === "string" && value.length === 2 * bytes && /^[0-9a-f]*$/.test(value);
}

function isCount(value, bits) {
  return Number.isSafeInteger(value) && value >= 0 && value < 2 ** bits;
}

function same(name, got, want) {
  if (got === want) return;
  throw new VerificationError(
    `${name} is ${shown(got)}; want ${shown(want)}`,
    `${name} 为 ${shown(got)}，应为 ${shown(want)}`,
  );
}

function framedHex(...texts) {
  return framed(...texts.map((digits) => unhex(digits)));
}
