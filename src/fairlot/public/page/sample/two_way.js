/**
 * Rounding a table at random: rows keep their whole sums, columns land on floor or ceiling.
 *
 * An entry strictly between 0 and D is an edge from its row to its column. A column whose sum is
 * not whole gets one slack edge to a node of its own connected block. Then every node has a whole
 * sum, and a walk along undecided edges closes a cycle, around which amounts rise and fall in turn.
 *
 * Gandhi, Khuller, Parthasarathy, Srinivasan (2006), J. ACM 53(3), doi:10.1145/1147954.1147956.
 */

import { blocks } from "./blocks.js";
import { D, below } from "./whole_numbers.js";

/**
 * @typedef {object} Entry
 * @property {number} amount in (0, D); the sum of each row is a multiple of D
 * @property {string} row
 * @property {string} column no row and column meet twice, and no row is named like a column
 * @property {bigint} order puts the entries in order, ties by position
 * @property {bigint} word decides a rotation
 *
 * @typedef {{value: number, ends: string[]}} Edge from a row, or the slack node, to a column
 */

const SLACK = "slack";

/**
 * Return every amount rounded to 0 or D, with its expectation kept to 2^-64 a rotation.
 * @param {Entry[]} entries
 * @returns {number[]}
 */
export function roundTwoWay(entries) {
  const rounded = new Array(entries.length);
  for (const block of blocks(entries.map(({ row, column }) => [row, column]))) {
    const places = block.sort((i, j) => rising(entries[i].order, entries[j].order) || i - j);
    const edges = withSlack(places.map((k) => entries[k]));
    settle(edges, places.map((k) => entries[k].word));
    places.forEach((k, at) => { rounded[k] = edges[at].value; });
  }
  return rounded;
}

function rising(a, b) {
  return Number(a > b) - Number(a < b);
}

/** Return the edges of a block: entries, then slack in the order of its columns' first edges. */
function withSlack(block) {
  const sums = new Map();
  for (const { amount, column } of block) sums.set(column, ((sums.get(column) ?? 0) + amount) % D);
  const slack = [...sums].filter(([, sum]) => sum > 0);
  return [
    ...block.map(({ amount, row, column }) => ({ value: amount, ends: [row, column] })),
    ...slack.map(([column, sum]) => ({ value: D - sum, ends: [SLACK, column] })),
  ];
}

/** Decide every edge, in place; the k-th rotation uses the k-th word. */
function settle(edges, words) {
  const at = incident(edges);
  let rotations = 0;
  for (const edge of edges) {
    const [path, nodes] = [[], [edge.ends[0]]];
    while (undecided(edge)) {
      walk(path, nodes, at);
      const start = nodes.indexOf(nodes.at(-1));
      if (start === path.length) continue;
      rotate(path.slice(start), words[rotations]);
      rotations += 1;
      path.length = path.findIndex((walked) => !undecided(walked));
      nodes.length = path.length + 1;
    }
  }
}

/** Go one step along the first undecided edge other than the one just walked. */
function walk(path, nodes, at) {
  const here = nodes.at(-1);
  const step = onward(at.get(here), path.at(-1));
  path.push(step);
  nodes.push(step.ends[Number(step.ends[0] === here)]);
}

function onward(queue, came) {
  // What is decided stays so, and need not be looked at again.
  while (!undecided(queue.edges[queue.next])) queue.next += 1;
  if (queue.edges[queue.next] !== came) return queue.edges[queue.next];
  let next = queue.next + 1;
  while (!undecided(queue.edges[next])) next += 1;
  return queue.edges[next];
}

/** Return the edges of every node, in edge order. */
function incident(edges) {
  const nodes = edges.flatMap(({ ends }) => ends);
  const at = new Map(nodes.map((node) => [node, { edges: [], next: 0 }]));
  for (const edge of edges) {
    for (const node of edge.ends) at.get(node).edges.push(edge);
  }
  return at;
}

function undecided({ value }) {
  return value > 0 && value < D;
}

/** Raise and lower the edges of a cycle in turn, the first by +up or -down. */
function rotate(cycle, word) {
  const room = (rises) => Math.min(...cycle.map(({ value }, k) =>
    ((k % 2 === 0) === rises ? D - value : value)));
  const [up, down] = [room(true), room(false)];
  const change = below(word, down, up + down) ? up : -down;
  cycle.forEach((edge, k) => { edge.value += k % 2 === 0 ? change : -change; });
}
