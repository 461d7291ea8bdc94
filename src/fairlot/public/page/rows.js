// A register as leaves: every field under a salt of its own, so that one can be shown alone.
//
// 1. row key of row i = H(K || u64(i)).
// 2. salt block k of a row = H(row key || u32(k)); the salt of column j is bytes 0-15 of block
//    floor(j / 2) for an even j, bytes 16-31 for an odd one.
// 3. field digest = H(salt || JCS([column, value])).
// 4. private digest of a row = H(JCS([the field digests of its private columns, in hex])).
// 5. leaf = H(0x00 || JCS([the field digests of its public columns, in hex, then the private digest
//    if there are private columns])).
//
// Digests of many rows stand end to end, row after row.

import { HASH } from "./blocks.js";
import { hex, joined, u32, u64, utf8 } from "./bytes.js";
import { encode, written } from "./canonical.js";
import { InvalidInput } from "./errors.js";
import { LEAF, leafHash } from "./merkle.js";
import { SHA256, sideBySide } from "./suite.js";

export const SALT = 16; // bytes
const CELL = 2 * HASH + 3; // bytes of a digest in hex as a text, and of what follows it
const AT_ONCE = 1 << 12; // rows: what they need on the way stays small
const LINE_END = 10;
const [QUOTE, COMMA, BRACKET] = utf8('",]');
const DIGITS = utf8("0123456789abcdef");

/** The key that opens one part of row `row`. */
export function rowKey(key, row, suite = SHA256) {
  checkKey(key);
  return suite.digest(joined(key, u64(row)));
}

/** The 16 bytes that open column number `column` of a row's part. */
export function salt(rowKey, column, suite = SHA256) {
  const block = suite.digest(joined(rowKey, u32(column >> 1)));
  return block.subarray(SALT * (column % 2)).slice(0, SALT);
}

/** The digest that stands for one field. */
export function fieldDigest(salt, column, value, suite = SHA256) {
  return suite.digest(joined(salt, encode([column, value])));
}

/** What stands for the private part of a row, given its field digests in order. */
export function privateDigest(digests, suite = SHA256) {
  return suite.digest(encode(digests.map(hex)));
}

/** The leaf of a row, given its public field digests in order and the private digest, if any. */
export function leafOf(digests, privateDigest, suite = SHA256) {
  const parts = privateDigest ? [...digests, privateDigest] : digests;
  return leafHash(encode(parts.map(hex)), suite);
}

/**
 * The digests of all fields of one part of a register, 32 bytes each, row after row.
 * @param {Object<string, (string | number | boolean)[]>} columns in the order of the schema
 * @param {Uint8Array} key the part's 32 bytes
 */
export function fieldDigests(columns, key, suite = SHA256) {
  checkKey(key);
  const names = Object.keys(columns);
  const rows = sharedLength(columns);
  const into = new Uint8Array(rows * names.length * HASH);
  for (const [first, end] of portions(rows)) {
    const salts = saltsOf(key, first, end, names.length, suite);
    names.forEach((name, j) => {
      const { data, offsets } = messages(name, columns[name].slice(first, end), salts[j]);
      const digests = suite.digests(data, offsets);
      place(into, digests, first * names.length + j, names.length);
    });
  }
  return into;
}

/**
 * The private digest of every row, given the digests of its private fields.
 * @param {number} columns how many fields a row has
 */
export function privateDigests(digests, columns, suite = SHA256) {
  return hashedLists(digests, columns, new Uint8Array(0), suite);
}

/**
 * The leaf of every row.
 * @param {Uint8Array} digests of the public fields
 * @param {number} columns how many a row has
 * @param {Uint8Array} [privateDigests] in a register with private columns
 */
export function leaves(digests, columns, privateDigests, suite = SHA256) {
  if (!privateDigests) return hashedLists(digests, columns, LEAF, suite);
  const parts = [digests, privateDigests];
  const [open, closed] = parts.map((rows, i) => ({ rows, width: i ? HASH : HASH * columns }));
  const both = sideBySide(privateDigests.length / HASH, open, closed);
  return hashedLists(both, columns + 1, LEAF, suite);
}

/** From, to of portions of rows. */
function portions(rows) {
  const count = Math.ceil(rows / AT_ONCE);
  return Array.from({ length: count }, (_, i) => [AT_ONCE * i, Math.min(rows, AT_ONCE * (i + 1))]);
}

/** For every column the salts of rows `first` to `end`, end to end. */
function saltsOf(key, first, end, columns, suite) {
  const rows = end - first;
  const numbers = joined(...Array.from({ length: rows }, (_, i) => u64(first + i)));
  const keyed = sideBySide(rows, key, { rows: numbers, width: 8 });
  const keys = { rows: suite.digestsOfRows(keyed, HASH + 8), width: HASH };
  const salts = [];
  for (let block = 0; 2 * block < columns; block++) {
    const pairs = suite.digestsOfRows(sideBySide(rows, keys, u32(block)), HASH + 4);
    salts.push(halves(pairs, 0), halves(pairs, SALT));
  }
  return salts;
}

function halves(pairs, skip) {
  const into = new Uint8Array(pairs.length / 2);
  for (let i = 0; i < into.length; i++) into[i] = pairs[2 * (i & ~15) + skip + (i & 15)];
  return into;
}

/**
 * Salt || JCS([name, cell]) of every cell end to end, and where each begins.
 *
 * One call encodes the column: before every cell stand room for a salt and the beginning of its
 * list. The room begins with a line end, which JSON escapes within a text, so it is found again.
 */
function messages(name, cells, salts) {
  const head = `\n${" ".repeat(SALT - 1)}[${written(name)},`;
  const data = utf8(cells.map((cell) => `${head}${written(cell)}]`).join(""));
  const offsets = new Float64Array(cells.length + 1).fill(data.length);
  let row = 0;
  for (let at = data.indexOf(LINE_END); at >= 0; at = data.indexOf(LINE_END, at + SALT)) {
    offsets[row] = at;
    for (let i = 0; i < SALT; i++) data[at + i] = salts[SALT * row + i];
    row += 1;
  }
  return { data, offsets };
}

/** Digest i goes to place `first` + i * `step`. */
function place(into, digests, first, step) {
  const [to, from] = [into, digests].map((bytes) => new Uint32Array(bytes.buffer));
  for (let i = 0; i < from.length; i++) to[8 * (first + (i >> 3) * step) + (i & 7)] = from[i];
}

/** The hash of `before` and JCS([the digests of a row, in hex]) of every row. */
function hashedLists(digests, columns, before, suite) {
  const rows = digests.length / (HASH * columns);
  const into = new Uint8Array(HASH * rows);
  const width = before.length + 1 + columns * CELL;
  for (const [first, end] of portions(rows)) {
    const some = digests.subarray(HASH * columns * first, HASH * columns * end);
    const lists = hexLists(some, columns, joined(before, utf8("[")));
    into.set(suite.digestsOfRows(lists, width), HASH * first);
  }
  return into;
}

/** Of every row `head`, then its digests in hex, each a text and before a comma or the bracket. */
function hexLists(digests, columns, head) {
  const rows = digests.length / (HASH * columns);
  const lists = sideBySide(rows, head, new Uint8Array(columns * CELL));
  let to = 0;
  for (let i = 0; i < digests.length; to += CELL) {
    if (i % (HASH * columns) === 0) to += head.length;
    lists[to] = lists[to + CELL - 2] = QUOTE;
    for (let j = 1; j <= 2 * HASH; j += 2, i++) {
      lists[to + j] = DIGITS[digests[i] >> 4];
      lists[to + j + 1] = DIGITS[digests[i] & 15];
    }
    lists[to + CELL - 1] = i % (HASH * columns) ? COMMA : BRACKET;
  }
  return lists;
}

function sharedLength(columns) {
  const lengths = new Set(Object.values(columns).map((column) => column.length));
  if (lengths.size === 1) return lengths.values().next().value;
  const got = [...lengths].join(", ");
  throw new InvalidInput(
    `columns of lengths ${got}; want one length, of one column or more`,
    `各列长度为 ${got}，应至少有一列且长度一致`,
  );
}

function checkKey(key) {
  if (key.length === HASH) return;
  throw new InvalidInput(
    `key has ${key.length} bytes; want ${HASH}`,
    `密钥为 ${key.length} 字节，应为 ${HASH}`,
  );
}
