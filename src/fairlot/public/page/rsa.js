// RSA signatures PKCS #1 v1.5 (RFC 8017 8.2.2): compute what the padded hash must be, and compare
// whole.

import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";

import { equal, joined, unhex } from "./bytes.js";

/** RFC 8017 9.2, note 1: DER of the algorithm, before the bytes of the hash. */
const PREFIXES = new Map([
  [sha256, unhex("3031300d060960864801650304020105000420")],
  [sha384, unhex("3041300d060960864801650304020205000430")],
  [sha512, unhex("3051300d060960864801650304020305000440")],
]);

/**
 * Whether this key made the signature of these bytes.
 * @param {{ modulus: bigint, exponent: bigint }} key
 * @param {Uint8Array} signature
 * @param {Uint8Array} message
 * @param {function(Uint8Array): Uint8Array} digest one of SHA-256, SHA-384 and SHA-512
 */
export function signed(key, signature, message, digest) {
  const size = Math.ceil(key.modulus.toString(16).length / 2);
  const number = numberOf(signature);
  if (signature.length !== size || number >= key.modulus) return false;
  const hash = joined(PREFIXES.get(digest), digest(message));
  const filler = new Uint8Array(size - hash.length - 3).fill(0xff);
  const want = joined(Uint8Array.of(0, 1), filler, Uint8Array.of(0), hash);
  return equal(bytesOf(power(number, key.exponent, key.modulus), size), want);
}

function power(base, exponent, modulus) {
  let result = 1n;
  for (let rest = exponent; rest; rest >>= 1n, base = (base * base) % modulus) {
    if (rest & 1n) result = (result * base) % modulus;
  }
  return result;
}

function numberOf(bytes) {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function bytesOf(number, size) {
  return unhex(number.toString(16).padStart(2 * size, "0"));
}
