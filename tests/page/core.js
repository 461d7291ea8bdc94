// What test_page_core.py calls: methods and suites by name, so that arguments are JSON and bytes.

import { put } from "/canonical.js";
import * as merkle from "/merkle.js";
import * as rows from "/rows.js";
import { seed, Stream, subkey, Tickets, unit } from "/stream.js";
import { suite } from "/suite.js";

export const of = (name, method, ...args) => suite(name)[method](...args);
export const inTree = (name, method, ...args) => merkle[method](...args, suite(name));
export const inRows = (name, method, ...args) => rows[method](...args, suite(name));

export function each(name, messages) {
  return messages.map((message) => suite(name).digest(message));
}

export function proofs(name, leaves) {
  const tree = merkle.levels(leaves, suite(name));
  const count = leaves.length / 32;
  const places = Array.from({ length: count }, (_, i) => i);
  return {
    inclusion: places.map((i) => merkle.inclusionProof(tree, i)),
    consistency: places.map((i) => merkle.consistencyProof(tree, i + 1)),
  };
}

export const keyOf = (name, digest, material, label) =>
  subkey(seed(digest, material, suite(name)), label, suite(name));

export function streamed(name, key, counts) {
  const stream = new Stream(key, suite(name));
  return counts.map((count) => stream.words(count));
}

export function ticketed(name, key, leaves, times) {
  const tickets = new Tickets(key, leaves, suite(name));
  return Array.from({ length: times }, () => tickets.words(leaves.length / 32));
}

export const fractions = (name, key, count) => new Stream(key, suite(name)).random(count);

export const fractionsOf = (words) => unit(words.map(BigInt));

/** Cells one after the other, as a register's are written. */
export function cells(values) {
  const into = new Uint8Array(1 << 16);
  return into.slice(0, values.reduce((at, value) => put(into, at, value), 0));
}

/**
 * Nanoseconds of one compression, the best of a hundred times so many messages of 40 bytes: short
 * times, of which a busy machine interrupts some and not all.
 */
export function pace(name, count) {
  const messages = new Uint8Array(40 * count).map((_, i) => i);
  const taken = Array.from({ length: 100 }, () => {
    const start = performance.now();
    suite(name).digestsOfRows(messages, 40);
    return performance.now() - start;
  });
  return (Math.min(...taken) * 1e6) / count;
}

/** What every input gives, or how it is refused. */
export async function verdicts(module, method, inputs) {
  const loaded = await import(`/${module}`);
  return inputs.map((args) => {
    try {
      return { value: loaded[method](...args) };
    } catch (error) {
      if (error.zh === undefined) throw error;
      return { refused: error.message };
    }
  });
}
