// Salts locked until a round of quicknet: drand's tlock (drand/kyber, encrypt/ibe, EncryptCCAonG2).
//
// A ciphertext is U (96 bytes) || V (32) || W (32), in hex. An invalid one opens to zeros for
// everybody alike.

import { bls12_381 as bls } from "@noble/curves/bls12-381.js";

import { equal, joined, unhex, utf8 } from "./bytes.js";
import { randomness } from "./drand.js";
import { SHA256 } from "./suite.js";

const SALT = 32; // bytes
const POINT = 96;
const FIELD = 48;
const CIPHERTEXT = /^[0-9a-f]{320}$/;

/**
 * The salt that a round opens, or 32 zero bytes for an invalid ciphertext.
 * @param {string} ciphertext hex
 * @param {object} value the round, as a record keeps it; its signature is verified first
 */
export function unlock(ciphertext, value) {
  randomness(value.round, value);
  const opened = CIPHERTEXT.test(ciphertext) && decrypt(unhex(ciphertext), unhex(value.signature));
  return opened || new Uint8Array(SALT);
}

function decrypt(ciphertext, signature) {
  const [point, v, w] = [[0, POINT], [POINT, POINT + SALT], [POINT + SALT]].map((span) =>
    ciphertext.slice(...span),
  );
  const u = pointOf(point);
  if (!u) return null;
  const shared = bls.pairing(bls.G1.Point.fromBytes(signature), u);
  const sigma = xor(v, hash("IBE-H2", targetBytes(shared)));
  const block = xor(w, hash("IBE-H4", sigma));
  const again = bls.G2.Point.BASE.multiply(scalar(sigma, block)).toBytes(true);
  return equal(again, point) ? block : null;
}

function pointOf(bytes) {
  try {
    const point = bls.G2.Point.fromBytes(bytes);
    point.assertValidity();
    return point;
  } catch {
    return null; // noble throws where the bytes are no point of the subgroup
  }
}

/** r: of SHA-256(i || seed), its first byte halved, the first below the group's order. */
function scalar(sigma, block) {
  const seed = hash("IBE-H3", sigma, block);
  for (let i = 1; ; i++) {
    const [first, ...others] = SHA256.digest(joined(Uint8Array.of(i & 255, i >> 8), seed));
    const r = [first >> 1, ...others].reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    if (r < bls.fields.Fr.ORDER) return r;
  }
}

/** An element of the target group as kyber writes it: twelve of the field, the highest first. */
function targetBytes({ c0, c1 }) {
  const sixes = [c1, c0].flatMap((six) => [six.c2, six.c1, six.c0]);
  return joined(...sixes.flatMap((two) => [two.c1, two.c0]).map(fieldBytes));
}

function fieldBytes(number) {
  return unhex(number.toString(16).padStart(2 * FIELD, "0"));
}

function hash(name, ...parts) {
  return SHA256.digest(joined(utf8(name), ...parts));
}

function xor(data, mask) {
  return data.map((byte, i) => byte ^ mask[i]);
}
