// One round of drand's quicknet: BLS on BLS12-381, 48 bytes in G1 with the key in G2, over SHA-256
// of the round as u64 (scheme bls-unchained-g1-rfc9380); the randomness is the signature's SHA-256.

import { bls12_381 as bls } from "@noble/curves/bls12-381.js";

import { equal, hex, joined, shown, u32, u64, unhex, utf8 } from "./bytes.js";
import { InvalidInput, VerificationError } from "./errors.js";
import { SHA256 } from "./suite.js";

const DST = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";
const SIGNATURE = 48; // bytes
const MAX_ROUND = 2 ** 40;

export const QUICKNET = {
  beaconId: "quicknet",
  publicKey:
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c" +
    "8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb" +
    "5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
  period: 3,
  genesisTime: 1692803367,
  groupHash: "f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e",
};

/** The chain's name: the hash of its constants (drand, common/chain/info.go), in hex. */
export function chainHash(chain) {
  const times = joined(u32(chain.period), u64(chain.genesisTime));
  const keys = joined(unhex(chain.publicKey), unhex(chain.groupHash));
  const name = chain.beaconId === "default" ? "" : chain.beaconId;
  return hex(SHA256.digest(joined(times, keys, utf8(name))));
}

/** The second (Unix time) at which a round comes out. */
export function roundTime(chain, round) {
  return chain.genesisTime + (round - 1) * chain.period;
}

/** What an announcement says of a round of quicknet. */
export function identity(round) {
  if (!Number.isSafeInteger(round) || round < 1 || round >= MAX_ROUND) {
    throw new InvalidInput(
      `round is ${shown(round)}; want a whole number from 1 on`,
      `轮次为 ${shown(round)}，应为正整数`,
    );
  }
  return {
    source: "drand quicknet",
    chain_hash: chainHash(QUICKNET),
    public_key: QUICKNET.publicKey,
    round,
    time: roundTime(QUICKNET, round),
  };
}

/**
 * The 32 bytes of a round of quicknet, its signature verified.
 * @param {number} round as announced
 * @param {{ round: number, signature: string, randomness: string }} value as the record keeps it
 */
export function randomness(round, value) {
  const signature = signatureOf(round, value);
  verifyRound(unhex(QUICKNET.publicKey), round, signature);
  return SHA256.digest(signature);
}

/** The signature of a value in its one form, not yet verified; any other form is refused. */
export function signatureOf(round, value) {
  identity(round);
  const signature = unhex(value.signature, SIGNATURE);
  const want = { randomness: hex(SHA256.digest(signature)), round, signature: hex(signature) };
  const keys = Object.keys(value).sort();
  if (keys.join() !== Object.keys(want).join() || keys.some((key) => value[key] !== want[key])) {
    throw new VerificationError(
      `the value is ${shown(JSON.stringify(value))}; want round ${round} and the signature's hash`,
      `值为 ${shown(JSON.stringify(value))}，应为第 ${round} 轮及签名的哈希`,
    );
  }
  return signature;
}

/**
 * Refuse unless the signature of a round is by this key, a point of G2.
 * A point off the curve, off the subgroup, at infinity or not in its one form is refused.
 */
export function verifyRound(publicKey, round, signature) {
  if (holds(publicKey, round, signature)) return;
  throw new VerificationError(
    `the signature of round ${round} is not by the chain's key`,
    `第 ${round} 轮的签名与链公钥不符`,
  );
}

function holds(publicKey, round, signature) {
  if (signature.length !== SIGNATURE) return false;
  const { shortSignatures } = bls;
  try {
    const point = bls.G1.Point.fromBytes(signature);
    point.assertValidity();
    if (!equal(point.toBytes(true), signature)) return false;
    const message = shortSignatures.hash(SHA256.digest(u64(round)), DST);
    return shortSignatures.verify(point, message, publicKey);
  } catch {
    return false; // noble throws where the bytes are no point of the subgroup
  }
}
