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
import { encode, put, written } from "./canonical.js";
import { InvalidInput } from "./errors.js";
import { LEAF, leafHash } from "./merkle.js";
import { SHA256, sideBySide } from "./suite.js";

export const SALT = 16; // bytes
const CELL = 2 * HASH + 3; // bytes of a digest in hex as a text, and of what follows it
const AT_ONCE = 1 << 12; // rows: what they need on the way stays small
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
    const blocks = saltBlocks(key, first, end, names.length, suite);
    names.forEach((name, j) => {
      const cells = columns[name].slice(first, end);
      const { data, offsets } = messages(name, cells, blocks[j >> 1], SALT * (j % 2));
      place(into, suite.digests(data, offsets), first * names.length + j, names.length);
    });
  }
  return into;
}

/**
 * The private digest of every row, given the digests of its private fields.
 * @param {number} columns how many fields a row has
 */
export function privateDigests(digests, columns, suite = SHA256) {
  return hashedLists([{ digests, columns }], new Uint8Array(0), suite);
}

/**
 * The leaf of every row.
 * @param {Uint8Array} digests of the public fields
 * @param {number} columns how many a row has
 * @param {Uint8Array} [privateDigests] in a register with private columns
 */
export function leaves(digests, columns, privateDigests, suite = SHA256) {
  const closed = privateDigests ? [{ digests: privateDigests, columns: 1 }] : [];
  return hashedLists([{ digests, columns }, ...closed], LEAF, suite);
}

/** From, to of portions of rows. */
function portions(rows) {
  const count = Math.ceil(rows / AT_ONCE);
  return Array.from({ length: count }, (_, i) => [AT_ONCE * i, Math.min(rows, AT_ONCE * (i + 1))]);
}

/** The salts of columns 0 and 1 of rows `first` to `end`, row after row; of columns 2 and 3; … */
function saltBlocks(key, first, end, columns, suite) {
  const rows = end - first;
  const keyed = sideBySide(rows, key, { rows: numbered(first, end), width: 8 });
  const keys = { rows: suite.digestsOfRows(keyed, HASH + 8), width: HASH };
  return Array.from({ length: Math.ceil(columns / 2) }, (_, block) =>
    suite.digestsOfRows(sideBySide(rows, keys, u32(block)), HASH + 4),
  );
}

/** u64 of the numbers `first` to `end`, end to end; a register has at most 2^32 rows. */
function numbered(first, end) {
  const view = new DataView(new ArrayBuffer(8 * (end - first)));
  for (let i = first; i < end; i++) view.setUint32(8 * (i - first) + 4, i);
  return new Uint8Array(view.buffer);
}

/**
 * Salt || JCS([name, cell]) of every cell end to end, and where each begins.
 * @param {Uint8Array} salts of row i the 16 bytes from 32 i + `skip` on
 */
function messages(name, cells, salts, skip) {
  const head = utf8(`[${written(name)},`);
  const each = SALT + head.length + 1;
  const data = new Uint8Array(cells.reduce((sum, cell) => sum + each + most(cell), 0));
  const offsets = new Float64Array(cells.length + 1);
  let at = 0;
  cells.forEach((cell, row) => {
    for (let i = 0; i < SALT; i++) data[at++] = salts[HASH * row + skip + i];
    for (let i = 0; i < head.length; i++) data[at++] = head[i];
    at = put(data, at, cell);
    data[at++] = BRACKET;
    offsets[row + 1] = at;
  });
  return { data, offsets };
}

/** How many bytes a cell has at most: six for a control character, 16 digits and a sign. */
function most(cell) {
  return typeof cell === "string" ? 6 * cell.length + 2 : 17;
}

/** Digest i goes to place `first` + i * `step`. */
function place(into, digests, first, step) {
  const [to, from] = [into, digests].map((bytes) => new Uint32Array(bytes.buffer));
  for (let i = 0; i < from.length; i++) to[8 * (first + (i >> 3) * step) + (i & 7)] = from[i];
}

/**
 * The hash of `before` and JCS([the digests of a row, in hex]) of every row.
 * @param {{ digests: Uint8Array, columns: number }[]} parts of a row, side by side
 */
function hashedLists(parts, before, suite) {
  const [{ digests, columns }] = parts;
  const rows = digests.length / (HASH * columns);
  const head = joined(before, utf8("["));
  const width = head.length + CELL * parts.reduce((sum, part) => sum + part.columns, 0);
  const into = new Uint8Array(HASH * rows);
  for (const [first, end] of portions(rows)) {
    const lists = new Uint8Array(width * (end - first));
    for (let row = first; row < end; row++) listOf(lists, width * (row - first), head, parts, row);
    into.set(suite.digestsOfRows(lists, width), HASH * first);
  }
  return into;
}

/** Write `head`, and a row's digests in hex, each a text and before a comma or the bracket. */
function listOf(lists, at, head, parts, row) {
  for (let i = 0; i < head.length; i++) lists[at++] = head[i];
  for (const { digests, columns } of parts) {
    for (let from = columns * row; from < columns * (row + 1); from++, at += CELL) {
      lists[at] = lists[at + CELL - 2] = QUOTE;
      hexInto(lists, at + 1, digests, HASH * from);
      lists[at + CELL - 1] = COMMA;
    }
  }
  lists[at - 1] = BRACKET;
}

function hexInto(text, at, digests, from) {
  for (let i = 0; i < HASH; i++) {
    const byte = digests[from + i];
    text[at + 2 * i] = DIGITS[byte >> 4];
    text[at + 2 * i + 1] = DIGITS[byte & 15];
  }
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
