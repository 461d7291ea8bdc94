// Canonical JSON (RFC 8785): one value, one sequence of bytes, and readers that trust nothing.
//
// Allowed are text, whole numbers within ±(2^53 - 1), true, false, null, lists and objects. A
// reader parses, writes the value again and compares: a repeated key, a fraction, white space,
// another order of keys, a longer escape or -0 cannot pass.

import { shown, text, utf8 } from "./bytes.js";
import { InvalidInput } from "./errors.js";

export const DEPTH = 32;
const [LF, QUOTE, BACKSLASH] = utf8('\n"\\');
const SHOWN = 40; // characters of a hostile value that a message repeats

/** The RFC 8785 bytes of `value`. */
export function encode(value) {
  return utf8(written(value));
}

/** The RFC 8785 text of `value`; fractions, big numbers and half surrogate pairs are refused. */
export function written(value) {
  return write(value, 0);
}

/**
 * Write the RFC 8785 bytes of a text, a number or a flag at `at`; return where they end.
 *
 * For the many cells of a register: of ASCII and Chinese, with nothing in it that JSON escapes,
 * a cell goes to its bytes without an array on the way; any other goes by `encode`.
 */
export function put(into, at, cell) {
  if (typeof cell !== "string") return putPlain(into, at, written(cell));
  into[at] = QUOTE;
  const end = putPlain(into, at + 1, cell);
  if (end > at) {
    into[end] = QUOTE;
    return end + 1;
  }
  const bytes = encode(cell);
  into.set(bytes, at);
  return at + bytes.length;
}

/** Write the UTF-8 of a text and return where it ends; 0 where a character is not plain. */
function putPlain(into, at, plain) {
  for (let i = 0; i < plain.length; i++) {
    const c = plain.charCodeAt(i);
    if (c < 0x80) {
      if (c < 0x20 || c === QUOTE || c === BACKSLASH) return 0;
      into[at++] = c;
    } else {
      // Two bytes in UTF-8, or half a pair of four: seldom in a register.
      if (c < 0x800 || (c >= 0xd800 && c < 0xe000)) return 0;
      into[at++] = 0xe0 | (c >> 12);
      into[at++] = 0x80 | ((c >> 6) & 63);
      into[at++] = 0x80 | (c & 63);
    }
  }
  return at;
}

/**
 * The value whose canonical bytes are exactly `data`.
 * @param {Uint8Array} data
 * @param {number} limit bytes, more are refused unread
 */
export function decode(data, limit) {
  if (data.length > limit) {
    throw new InvalidInput(
      `${data.length} bytes; want at most ${limit}`,
      `共 ${data.length} 字节，上限为 ${limit}`,
    );
  }
  return decodeText(text(data));
}

/**
 * The columns of a table of canonical lines, one object a line, each ended by LF.
 * @param {Uint8Array} data
 * @param {Object<string, "string" | "number" | "boolean">} schema the keys that every object has,
 *   no more and no fewer
 * @param {number} maxRows more lines are refused unread
 */
export function parseLines(data, schema, maxRows) {
  const names = Object.keys(schema);
  const columns = Object.fromEntries(names.map((name) => [name, []]));
  const sorted = [...names].sort();
  linesOf(data, maxRows).forEach((line, i) => {
    const row = within(i + 1, () => rowOf(line, schema, sorted));
    for (const name of names) columns[name].push(row[name]);
  });
  return columns;
}

function decodeText(data) {
  const value = read(data);
  const again = written(value);
  if (again !== data) throw notCanonical(data, again);
  return value;
}

function read(data) {
  try {
    return JSON.parse(data);
  } catch (error) {
    throw new InvalidInput(`not JSON: ${error.message}`, `不是 JSON：${error.message}`);
  }
}

function write(value, depth) {
  switch (typeof value) {
    case "string":
      return writeText(value);
    case "number":
      return writeNumber(value);
    case "boolean":
      return String(value);
    case "object":
      return value === null ? "null" : writeNested(value, depth);
  }
  throw new InvalidInput(`a ${typeof value} is not JSON`, `${typeof value} 不是 JSON`);
}

function writeText(value) {
  refuseHalf(value);
  // RFC 8785 3.2.2.2 asks for what JSON.stringify writes.
  return JSON.stringify(value);
}

function writeNumber(value) {
  refuseFraction(value);
  return String(value);
}

function refuseHalf(value) {
  if (value.isWellFormed()) return;
  throw new InvalidInput(
    `${shown(value)} holds half a surrogate pair`,
    `${shown(value)} 含有不完整的代理对`,
  );
}

function refuseFraction(value) {
  if (Number.isSafeInteger(value)) return;
  throw new InvalidInput(
    `${value} is not a whole number within ±(2^53 - 1); write it as text`,
    `${value} 不是 ±(2^53 - 1) 以内的整数，请写成文本`,
  );
}

function writeNested(value, depth) {
  if (depth === DEPTH) {
    throw new InvalidInput(`nested deeper than ${DEPTH}`, `嵌套超过 ${DEPTH} 层`);
  }
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(",")}]`;
  // 3.2.3 orders keys by UTF-16 code units, as sort does.
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${writeText(key)}:${write(value[key], depth + 1)}`).join(",")}}`;
}

function notCanonical(got, want) {
  let at = 0;
  while (at < got.length && got[at] === want[at]) at++;
  const [is, should] = [got, want].map((one) => `'${one.slice(at, at + SHOWN)}'`);
  return new InvalidInput(
    `character ${at} is not canonical: got ${is}, want ${should}`,
    `第 ${at} 个字符不是规范形式：实为 ${is}，应为 ${should}`,
  );
}

function linesOf(data, maxRows) {
  let rows = 0;
  for (let at = data.indexOf(LF); at >= 0; at = data.indexOf(LF, at + 1)) rows++;
  if (rows > maxRows) {
    throw new InvalidInput(
      `${rows} lines; want at most ${maxRows}`,
      `共 ${rows} 行，上限为 ${maxRows}`,
    );
  }
  const lines = text(data).split("\n");
  if (lines.pop() !== "") {
    throw new InvalidInput(`line ${rows + 1} is cut short`, `第 ${rows + 1} 行不完整`);
  }
  return lines;
}

function rowOf(line, schema, sorted) {
  const row = read(line);
  const keys = row !== null && typeof row === "object" ? Object.keys(row) : [];
  if (keys.length !== sorted.length || !sorted.every((name, k) => name === keys[k])) {
    const want = sorted.join(", ");
    throw new InvalidInput(`want an object with the keys ${want}`, `应为依次含有键 ${want} 的对象`);
  }
  for (const name of sorted) refuseOther(name, row[name], schema[name]);
  // With its keys in order, such a row is written by RFC 8785 as by JSON.stringify.
  const again = JSON.stringify(row);
  if (again !== line) throw notCanonical(line, again);
  return row;
}

function refuseOther(name, value, kind) {
  if (typeof value !== kind) {
    throw new InvalidInput(
      `${name} is a ${typeof value}; want a ${kind}`,
      `${name} 的类型为 ${typeof value}，应为 ${kind}`,
    );
  }
  if (kind === "string") refuseHalf(value);
  if (kind === "number") refuseFraction(value);
}

function within(line, reading) {
  try {
    return reading();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(`line ${line}: ${error.message}`, `第 ${line} 行：${error.zh}`);
  }
}
