// Merkle trees after RFC 9162: many rows, one hash, short proofs. To verify is to compute again and
// compare. Leaf hashes stand end to end, 32 bytes each; a proof is a list of 32-byte arrays.

import { HASH } from "./blocks.js";
import { equal, hex, joined, shown } from "./bytes.js";
import { InvalidInput, VerificationError } from "./errors.js";
import { SHA256, sideBySide } from "./suite.js";

export const LEAF = Uint8Array.of(0); // RFC 9162 2.1.1
const NODE = Uint8Array.of(1);

/** The hash of one row's bytes. */
export function leafHash(data, suite = SHA256) {
  return suite.digest(joined(LEAF, data));
}

/** The root over leaf hashes in their order; of no leaves, the hash of nothing. */
export function root(leaves, suite = SHA256) {
  const top = levels(leaves, suite).at(-1);
  return top.length ? top : suite.digest(top);
}

/** The tree from its leaves up, each level hashes end to end; of it proofs are cut. */
export function levels(leaves, suite = SHA256) {
  const tree = [leaves];
  while (tree.at(-1).length > HASH) tree.push(parents(tree.at(-1), suite));
  return tree;
}

/** The sibling hashes from leaf `index` of `levels` up (RFC 9162 2.1.3.1). */
export function inclusionProof(tree, index) {
  checkIndex(index, tree[0].length / HASH);
  return siblingsAbove(tree, index);
}

/** What shows that the tree began with its first `size` leaves (2.1.4.1). */
export function consistencyProof(tree, size) {
  const whole = tree[0].length / HASH;
  checkSizes(size, whole);
  if (size === whole) return [];
  const [low, index] = lastFullSubtree(size);
  // Whoever asks holds the old root; where that is the subtree, it need not be sent.
  const start = index ? [hashAt(tree[low], index)] : [];
  return [...start, ...siblingsAbove(tree.slice(low), index)];
}

/** The root of the tree of `size` leaves that has `leaf` at `index` (2.1.3.2). */
export function rootFromInclusionProof(leaf, index, size, proof, suite = SHA256) {
  checkIndex(index, size);
  checkProof("inclusion", proof, countSiblings(index, size));
  let hash = leaf;
  let at = 0;
  for (let last = size - 1; last; [index, last] = [half(index), half(last)]) {
    if (index % 2) hash = node(proof[at++], hash, suite);
    else if (index < last) hash = node(hash, proof[at++], suite);
  }
  return hash;
}

/** Refuse unless the tree with root `want` has `leaf` at `index`. */
export function verifyInclusion(leaf, index, size, proof, want, suite = SHA256) {
  sameRoot(rootFromInclusionProof(leaf, index, size, proof, suite), want);
}

/**
 * Refuse unless the tree of `size2` leaves begins with the one of `size1` (2.1.4.2).
 * Requires 1 <= size1 <= size2; about an empty tree nothing can be shown.
 */
export function verifyConsistency(size1, size2, proof, root1, root2, suite = SHA256) {
  checkSizes(size1, size2);
  if (size1 === size2) {
    checkProof("consistency", proof, 0);
    sameRoot(root1, root2);
    return;
  }
  const [low, start] = lastFullSubtree(size1);
  const last = Math.floor((size2 - 1) / 2 ** low);
  const path = start ? proof : [root1, ...proof];
  checkProof("consistency", path, 1 + countSiblings(start, last + 1));
  const [old, grown] = climbed(path, start, last, suite);
  sameRoot(old, root1);
  sameRoot(grown, root2);
}

function climbed(path, index, last, suite) {
  let old = path[0];
  let grown = path[0];
  for (const sibling of path.slice(1)) {
    for (; index % 2 === 0 && index === last; last = half(last)) index = half(index);
    if (index % 2) old = node(sibling, old, suite);
    grown = index % 2 ? node(sibling, grown, suite) : node(grown, sibling, suite);
    [index, last] = [half(index), half(last)];
  }
  return [old, grown];
}

function node(left, right, suite) {
  return suite.digest(joined(NODE, left, right));
}

function parents(level, suite) {
  const pairs = Math.floor(level.length / (2 * HASH));
  const messages = sideBySide(pairs, NODE, { rows: level, width: 2 * HASH });
  return joined(suite.digestsOfRows(messages, 1 + 2 * HASH), level.subarray(2 * HASH * pairs));
}

/** Hash number `index` of hashes end to end. */
export function hashAt(hashes, index) {
  return hashes.subarray(HASH * index, HASH * (index + 1));
}

function siblingsAbove(tree, index) {
  return tree.slice(0, -1).flatMap((level, height) => {
    const at = half(index, height);
    const sibling = at % 2 ? at - 1 : at + 1;
    return HASH * sibling < level.length ? [hashAt(level, sibling)] : [];
  });
}

/** Level and index of the largest full subtree that ends with leaf `size` - 1. */
function lastFullSubtree(size) {
  let low = 0;
  while (size % 2 ** (low + 1) === 0) low++;
  return [low, half(size - 1, low)];
}

/** At how many levels `index` has a sibling in a tree of `size` leaves. */
function countSiblings(index, size) {
  let count = 0;
  for (let last = size - 1; last; [index, last] = [half(index), half(last)]) {
    count += index % 2 || index < last ? 1 : 0;
  }
  return count;
}

// The shifts of JavaScript end at 32 bits; a log may be longer.
function half(number, times = 1) {
  return Math.floor(number / 2 ** times);
}

function checkIndex(index, size) {
  if (isCount(index) && isCount(size) && index < size) return;
  throw new InvalidInput(
    `leaf ${index} in a tree of ${size}; want 0 <= leaf < ${size}`,
    `叶序号为 ${index}，树共 ${size} 个叶，应在 0 与 ${size} 之间`,
  );
}

function checkSizes(size1, size2) {
  if (isCount(size1) && isCount(size2) && 1 <= size1 && size1 <= size2) return;
  throw new InvalidInput(
    `sizes are ${size1} and ${size2}; want 1 <= first <= second`,
    `两次大小为 ${size1} 与 ${size2}，应满足 1 <= 前者 <= 后者`,
  );
}

const isCount = (number) => Number.isSafeInteger(number) && number >= 0;

function checkProof(kind, proof, want) {
  if (proof.length !== want) {
    throw new VerificationError(
      `${kind} proof has ${proof.length} hashes; want ${want}`,
      `${kind} 证明含 ${proof.length} 个哈希，应为 ${want} 个`,
    );
  }
  const odd = proof.find((hash) => hash.length !== HASH);
  if (odd) {
    throw new VerificationError(
      `${kind} proof holds ${shown(hex(odd))}; want ${HASH} bytes`,
      `${kind} 证明含 ${shown(hex(odd))}，应为 ${HASH} 字节`,
    );
  }
}

function sameRoot(got, want) {
  if (equal(got, want)) return;
  throw new VerificationError(
    `root is ${hex(got)}; want ${hex(want)}`,
    `根为 ${hex(got)}，应为 ${hex(want)}`,
  );
}
