// The frame that SHA-256 and SM3 share: blocks of 64 bytes, eight words, the length at the end.

import { InvalidInput } from "./errors.js";

export const BLOCK = 64; // bytes
export const HASH = 32; // bytes

/** A hash given by its first eight words and its step from one block to the next. */
export class BlockHash {
  /**
   * @param {Int32Array} START eight words
   * @param {Int32Array} STATE eight words
   * @param {Int32Array} WORDS a block's 16, and room for what the hash makes of them
   * @param {() => void} compress takes WORDS into STATE
   */
  constructor({ START, STATE, WORDS, compress }) {
    this.start = START;
    this.state = STATE;
    this.words = WORDS;
    this.compress = compress;
  }

  /** The hash of one message, after `prefix`. */
  digest(message, prefix) {
    return this.digests(message, [0, message.length], prefix);
  }

  /**
   * The hash of `prefix` and each message, 32 bytes one after the other.
   * @param {Uint8Array} data the messages end to end
   * @param {ArrayLike<number>} offsets where each begins, and where the last one ends: n + 1
   * @param {Uint8Array} [prefix] whole blocks of 64 bytes
   */
  digests(data, offsets, prefix = new Uint8Array(0)) {
    const count = offsets.length - 1;
    const view = viewOf(data);
    const into = new DataView(new ArrayBuffer(HASH * count));
    const begun = this.#after(prefix);
    const { state } = this;
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < 8; j++) state[j] = begun[j];
      this.#absorb(view, offsets[i], offsets[i + 1], prefix.length);
      for (let j = 0; j < 8; j++) into.setInt32(HASH * i + 4 * j, state[j]);
    }
    return new Uint8Array(into.buffer);
  }

  /**
   * The hash of `prefix` and each row.
   * @param {Uint8Array} rows end to end
   * @param {number} width bytes of a row
   */
  digestsOfRows(rows, width, prefix) {
    const offsets = new Float64Array(rows.length / width + 1);
    for (let i = 0; i < offsets.length; i++) offsets[i] = i * width;
    return this.digests(rows, offsets, prefix);
  }

  #after(prefix) {
    if (prefix.length % BLOCK) {
      throw new InvalidInput(
        `prefix has ${prefix.length} bytes; want whole blocks of ${BLOCK}`,
        `前缀为 ${prefix.length} 字节，应为 ${BLOCK} 字节的整数倍`,
      );
    }
    const view = viewOf(prefix);
    this.state.set(this.start);
    for (let at = 0; at < prefix.length; at += BLOCK) this.#block(view, at);
    return this.state.slice();
  }

  #block(view, at) {
    const { words } = this;
    for (let i = 0; i < 16; i++) words[i] = view.getInt32(at + 4 * i);
    this.compress();
  }

  /** The rest of a message, its end mark and its length in bits. */
  #absorb(view, from, to, before) {
    const length = before + to - from;
    for (; to - from >= BLOCK; from += BLOCK) this.#block(view, from);
    const { words } = this;
    const rest = to - from;
    const whole = rest >> 2;
    for (let i = 0; i < whole; i++) words[i] = view.getInt32(from + 4 * i);
    words[whole] = lastWord(view, from + 4 * whole, rest & 3);
    // A plain loop is faster here than fill, as in digests than set.
    for (let i = whole + 1; i < 16; i++) words[i] = 0;
    if (rest > 55) {
      this.compress();
      for (let i = 0; i < 16; i++) words[i] = 0;
    }
    words[14] = length / 2 ** 29;
    words[15] = length << 3;
    this.compress();
  }
}

/** The last zero to three bytes of a message and the bit that ends it. */
function lastWord(view, at, rest) {
  let word = 0;
  for (let i = 0; i < rest; i++) word |= view.getUint8(at + i) << (24 - 8 * i);
  return word | (0x80 << (24 - 8 * rest));
}

function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
