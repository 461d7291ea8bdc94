// The hash of a draw, named in its plan: SHA-256, or SM3 (GB/T 32905).

import { BLOCK, BlockHash, HASH } from "./blocks.js";
import { joined, shown, u64 } from "./bytes.js";
import { InvalidInput } from "./errors.js";
import { sha256 } from "./sha256.js";
import { sm3 } from "./sm3.js";

/** One hash and what a draw makes of it. */
export class Suite extends BlockHash {
  /**
   * @param {string} name as a plan names it
   * @param {object} hash as BlockHash takes it
   */
  constructor(name, hash) {
    super(hash);
    this.name = name;
  }

  /** HMAC (RFC 2104) of `data` under `key`. */
  hmac(key, data) {
    const short = key.length > BLOCK ? this.digest(key) : key;
    const padded = joined(short, new Uint8Array(BLOCK - short.length));
    const inner = this.digest(data, padded.map((byte) => byte ^ 0x36));
    return this.digest(inner, padded.map((byte) => byte ^ 0x5c));
  }

  /** 32 even bytes out of uneven `material` (HKDF-Extract, RFC 5869 2.2). */
  extract(salt, material) {
    return this.hmac(salt, material);
  }

  /** `length` bytes that follow from `seed` and `info` (HKDF-Expand, 2.3); at most 8160. */
  expand(seed, info, length) {
    const blocks = [new Uint8Array(0)];
    for (let i = 1; HASH * (i - 1) < length; i++) {
      blocks.push(this.hmac(seed, joined(blocks.at(-1), info, Uint8Array.of(i))));
    }
    return joined(...blocks).slice(0, length);
  }

  /**
   * H(key || leaf) of every leaf, or from block 1 on H(key || u64(block) || leaf).
   * @param {Uint8Array} key 64 bytes
   * @param {Uint8Array} leaves 32 bytes each
   */
  tickets(key, leaves, block = 0) {
    if (block === 0) return this.digestsOfRows(leaves, HASH, key);
    const rows = sideBySide(leaves.length / HASH, u64(block), { rows: leaves, width: HASH });
    return this.digestsOfRows(rows, 8 + HASH, key);
  }
}

/**
 * Rows made of parts: of bytes the same in every row, of `{ rows, width }` row by row.
 * @returns {Uint8Array} the rows end to end
 */
export function sideBySide(count, ...parts) {
  const each = parts.map((part) => ("rows" in part ? part : { rows: part, width: 0 }));
  const widths = each.map(({ rows, width }) => width || rows.length);
  const whole = widths.reduce((sum, width) => sum + width, 0);
  const into = new Uint8Array(count * whole);
  let first = 0;
  each.forEach(({ rows, width }, k) => {
    spread(into, first, whole, rows, width, widths[k]);
    first += widths[k];
  });
  return into;
}

function spread(into, first, whole, rows, step, width) {
  for (let to = first, from = 0; to < into.length; to += whole, from += step) {
    for (let i = 0; i < width; i++) into[to + i] = rows[from + i];
  }
}

export const SHA256 = new Suite("sha256", sha256);
export const SM3 = new Suite("sm3", sm3);

/** The suite that a plan names; any other name is refused. */
export function suite(name) {
  const found = [SHA256, SM3].find((each) => each.name === name);
  if (found) return found;
  throw new InvalidInput(
    `suite is ${shown(name)}; want one of sha256, sm3`,
    `杂凑算法为 ${shown(name)}，应为 sha256, sm3 之一`,
  );
}
