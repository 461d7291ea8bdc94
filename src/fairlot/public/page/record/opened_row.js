/**
 * One row of a committed register, alone: some fields open, the others as digests, and its place.
 * An open field is [column, salt, value], a closed one its digest, all in hex.
 */

import { HASH } from "../blocks.js";
import { shown, unhex } from "../bytes.js";
import { VerificationError } from "../errors.js";
import { verifyInclusion } from "../merkle.js";
import { SALT, fieldDigest, leafOf, privateDigest } from "../rows.js";
import { refuseOtherFields } from "./files.js";

const LONGEST_PROOF = 32; // a register has at most 2^32 rows

/**
 * Return a row as {index, proof, public, private}, unverified; refuse columns other than these, in
 * order, and cells of another kind.
 *
 * A part is a list of fields, {column, salt, value} or {digest}; the private part may be null, in a
 * register without one, or {digest}, one for the whole part.
 */
export function readRow(value, publicColumns, privateColumns = {}) {
  refuseOtherFields(value, ["index", "proof", "public", "private"]);
  const { index, proof } = value;
  const sound = Number.isSafeInteger(index) && index >= 0 && Array.isArray(proof);
  if (!sound || proof.length > LONGEST_PROOF) throw strange("index or proof", [index, proof]);
  return {
    index,
    proof: proof.map((digits) => unhex(digits, HASH)),
    public: readPart(value.public, publicColumns),
    private: readPrivate(value.private, privateColumns),
  };
}

/** Return the open fields of a part by column. */
export function openCells(part) {
  const open = (Array.isArray(part) ? part : []).filter(({ digest }) => !digest);
  return Object.fromEntries(open.map(({ column, value }) => [column, value]));
}

/** Refuse unless this row stands at its index in the tree of `size` rows. */
export function verifyRow(row, size, root, suite) {
  const digests = (part) => part.map((field) => digestOf(field, suite));
  const closed = Array.isArray(row.private)
    ? privateDigest(digests(row.private), suite)
    : row.private?.digest;
  const leaf = leafOf(digests(row.public), closed, suite);
  verifyInclusion(leaf, row.index, size, row.proof, root, suite);
}

function digestOf({ digest, salt, column, value }, suite) {
  return digest ?? fieldDigest(salt, column, value, suite);
}

function readPrivate(value, columns) {
  if (typeof value !== "string") return readPart(value, columns);
  const digest = unhex(value, Object.keys(columns).length ? HASH : 0);
  return digest.length ? { digest } : null;
}

function readPart(value, columns) {
  const names = Object.entries(columns);
  if (!Array.isArray(value) || value.length !== names.length || !names.length) {
    throw strange("a part of the row", value);
  }
  return value.map((field, j) => readField(field, ...names[j]));
}

function readField(field, column, kind) {
  if (typeof field === "string") return { digest: unhex(field, HASH) };
  const [named, salt, value] = Array.isArray(field) && field.length === 3 ? field : [];
  const whole = kind !== "number" || Number.isSafeInteger(value);
  if (named === column && typeof value === kind && whole) {
    return { column, salt: unhex(salt, SALT), value };
  }
  throw strange(column, field);
}

function strange(name, value) {
  const got = shown(JSON.stringify(value));
  return new VerificationError(
    `${name} is ${got}, which is not of an opened row`,
    `${name} 为 ${got}，不符合单行证明的格式`,
  );
}
