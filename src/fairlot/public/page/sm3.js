// SM3 (GB/T 32905-2016; ISO/IEC 10118-3), made for many short messages.

/** GB/T 32905 4.1. */
const START = Int32Array.of(
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
);

/** 4.2, each constant turned left by its round as 5.3.3 asks. */
const T = Int32Array.from({ length: 64 }, (_, j) =>
  turned(j < 16 ? 0x79cc4519 : 0x7a879d8a, j % 32),
);

// As in SHA-256, arrays that never change place.
const STATE = new Int32Array(8);
const WORDS = new Int32Array(68);

/** 5.3.3: take a block, the first 16 words, into the state. */
function compress() {
  expand();
  let a = STATE[0];
  let b = STATE[1];
  let c = STATE[2];
  let d = STATE[3];
  let e = STATE[4];
  let f = STATE[5];
  let g = STATE[6];
  let h = STATE[7];
  for (let j = 0; j < 64; j++) {
    const a12 = (a << 12) | (a >>> 20);
    const ss = (((a12 + e) | 0) + T[j]) | 0;
    const ss1 = (ss << 7) | (ss >>> 25);
    const ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
    const gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g);
    const tt1 = (((((ff + d) | 0) + (ss1 ^ a12)) | 0) + (WORDS[j] ^ WORDS[j + 4])) | 0;
    const tt2 = (((((gg + h) | 0) + ss1) | 0) + WORDS[j]) | 0;
    d = c;
    c = (b << 9) | (b >>> 23);
    b = a;
    a = tt1;
    h = g;
    g = (f << 19) | (f >>> 13);
    f = e;
    e = tt2 ^ ((tt2 << 9) | (tt2 >>> 23)) ^ ((tt2 << 17) | (tt2 >>> 15));
  }
  STATE[0] ^= a;
  STATE[1] ^= b;
  STATE[2] ^= c;
  STATE[3] ^= d;
  STATE[4] ^= e;
  STATE[5] ^= f;
  STATE[6] ^= g;
  STATE[7] ^= h;
}

/** 5.3.2: 68 words from 16. */
function expand() {
  for (let j = 16; j < 68; j++) {
    const w3 = WORDS[j - 3];
    const w13 = WORDS[j - 13];
    const x = WORDS[j - 16] ^ WORDS[j - 9] ^ ((w3 << 15) | (w3 >>> 17));
    const p1 = x ^ ((x << 15) | (x >>> 17)) ^ ((x << 23) | (x >>> 9));
    WORDS[j] = p1 ^ ((w13 << 7) | (w13 >>> 25)) ^ WORDS[j - 6];
  }
}

function turned(word, by) {
  return (word << by) | (word >>> (32 - by));
}

export const sm3 = { START, STATE, WORDS, compress };
