// From published randomness to the numbers of a draw: seed, keys, tickets, words.
//
// seed = HKDF-Extract(salt = H(announcement), material)
// key = HKDF-Expand(seed, domain || label, 64)
//
// A Stream is the u64 words of H(key || u64(0)), H(key || u64(1)), …; Tickets give each row the
// words of H(key || leaf), H(key || u64(1) || leaf), H(key || u64(2) || leaf), …

import { HASH } from "./blocks.js";
import { joined, shown, u64, utf8 } from "./bytes.js";
import { InvalidInput } from "./errors.js";
import { SHA256 } from "./suite.js";

export const DOMAIN = "fairlot.draw/v1";
const KEY = 64; // bytes
const WORDS = 4; // u64 in a hash

/** The 32 bytes from which a whole draw follows. */
export function seed(announcementDigest, material, suite = SHA256) {
  checkLength("announcement digest", announcementDigest, HASH);
  return suite.extract(announcementDigest, material);
}

/** The 64-byte key of one use of the seed; the label is printable ASCII. */
export function subkey(seed, label, suite = SHA256) {
  checkLength("seed", seed, HASH);
  if (!/^[ -~]+$/.test(label)) {
    throw new InvalidInput(
      `label is ${shown(label)}; want printable ASCII`,
      `标签 ${shown(label)} 应为可打印的 ASCII 字符`,
    );
  }
  return suite.expand(seed, utf8(`${DOMAIN} ${label}`), KEY);
}

/** 64-bit words as fractions in (0, 1), exactly: (2 floor(word / 2^12) + 1) / 2^53. */
export function unit(words) {
  return Float64Array.from(words, (word) => (2 * Number(word >> 12n) + 1) / 2 ** 53);
}

/** Numbers in one order: `words` and `random` take the next ones. */
export class Stream {
  #at = 0;

  constructor(key, suite = SHA256) {
    checkLength("key", key, KEY);
    this.key = key;
    this.suite = suite;
  }

  /** The next `n` words, a BigUint64Array; asking for 2 and then 3 gives what asking for 5 does. */
  words(n) {
    const first = Math.floor(this.#at / WORDS);
    const skip = this.#at % WORDS;
    const count = Math.ceil((skip + n) / WORDS);
    const blocks = Array.from({ length: count }, (_, i) => u64(first + i));
    this.#at += n;
    const digests = this.suite.digestsOfRows(joined(...blocks), 8, this.key);
    return wordsOf(digests).slice(skip, skip + n);
  }

  /** The next `n` words as fractions in (0, 1). */
  random(n) {
    return unit(this.words(n));
  }
}

/** Numbers bound to rows: call k gives every row the k-th word of its own sequence. */
export class Tickets {
  #at = 0;
  #block = new BigUint64Array(0);

  /** @param {Uint8Array} leaves 32 bytes each */
  constructor(key, leaves, suite = SHA256) {
    checkLength("key", key, KEY);
    this.key = key;
    this.leaves = leaves;
    this.suite = suite;
  }

  /** The next word of each of the `n` rows; `n` must be the number of rows. */
  words(n) {
    const rows = this.leaves.length / HASH;
    if (n !== rows) {
      throw new InvalidInput(
        `asked for ${n} words; want one for each of ${rows} rows`,
        `请求 ${n} 个数，应为每行一个，共 ${rows} 行`,
      );
    }
    const word = this.#at % WORDS;
    if (word === 0) this.#block = wordsOf(this.#digests(this.#at / WORDS));
    this.#at += 1;
    return BigUint64Array.from({ length: n }, (_, row) => this.#block[WORDS * row + word]);
  }

  /** The next word of each row as a fraction in (0, 1). */
  random(n) {
    return unit(this.words(n));
  }

  #digests(block) {
    return this.suite.tickets(this.key, this.leaves, block);
  }
}

function wordsOf(digests) {
  const view = new DataView(digests.buffer, digests.byteOffset, digests.length);
  return BigUint64Array.from({ length: digests.length / 8 }, (_, i) => view.getBigUint64(8 * i));
}

function checkLength(name, data, want) {
  if (data.length === want) return;
  throw new InvalidInput(
    `${name} has ${data.length} bytes; want ${want}`,
    `${name} 为 ${data.length} 字节，应为 ${want}`,
  );
}
