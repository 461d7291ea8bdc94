// RSA signatures PKCS #1 v1.5 with SHA-512 (RFC 8017 8.2.2): compute what the padded hash must be,
// and compare whole.

import { sha512 } from "@noble/hashes/sha2.js";

import { equal, joined, unhex } from "./bytes.js";

/** RFC 8017 9.2, note 1: DER of the algorithm, before the 64 bytes of the hash. */
const PREFIX = unhex("3051300d060960864801650304020305000440");

/**
 * Whether this key made the signature of these bytes.
 * @param {{ modulus: bigint, exponent: bigint }} key
 */
export function signed(key, signature, message) {
  const size = Math.ceil(key.modulus.toString(16).length / 2);
  const number = numberOf(signature);
  if (signature.length !== size || number >= key.modulus) return false;
  const hash = joined(PREFIX, sha512(message));
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
