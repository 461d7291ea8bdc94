/**
 * `dyadic/1`: whole assignments with exactly the published chances, from fair coins.
 *
 * Chances are whole numbers of grains, 2^30 to 1. An edge whose chance is neither 0 nor 1 is an
 * *arc* from its seat to its officer, or to the *bundle* of an officer who is on several rows of
 * the task, from which one arc leads on to the officer; from every officer one arc leads to the
 * innermost group around, or to the top, and so on. Level l = 0, ..., 29 makes all values multiples
 * of 2^(l + 1).
 *
 * 1. Tickets. One word for each task, then one for each officer: places by (word, position).
 * 2. Order of the arcs. First those out of seats: seats by (place of the task, position), the arcs
 *    of a seat by the place of the officer. Then those out of bundles, in the order of the bundles'
 *    first arcs; out of officers, by place; out of groups, inner before outer as listed.
 * 3. Walks. At level l the odd arcs (bit l set) of a seat are partners in order: the first and the
 *    second, the third and the fourth, ... While odd arcs are unwalked, leave the seat of the first
 *    of them by it. Leave a seat by the partner of the arc that led to it, and any other node by
 *    the first unwalked odd arc into it, or when there is none by the arc out of it. Whenever a
 *    node comes again, the arcs walked since it was last left are a cycle: cut it out and walk on.
 *    A walk ends when it comes by the partner of its first arc.
 * 4. Coins. A level with c cycles takes the next ceil(c / 64) words. Bit k mod 64 (0 the lowest) of
 *    word k div 64 is for cycle k = 0, 1, ...: at 1 its arcs walked upwards rise, at 0 they fall.
 */

/** Coins in a word. */
export const COINS = 64;

/** Columns of a link: the ring of the unwalked arcs with one head, and the ends of the arc. */
const [NEXT, BACK, HEAD, TAIL] = [0, 1, 2, 3];
const LINK = 4;

/**
 * Odd arcs read at a time: walks stay near the first unwalked arc, so what they need is at hand.
 */
const BLOCK = 1024;

/**
 * Return room for any level of `arcs`.
 *
 * The odd arcs are those out of seats, as far as read, then those out of nodes. arc (which of the
 * arcs an odd arc out of a seat is), link (a ring starts and ends in a row of its own, after those
 * of the arcs, from `rings` on), cycle (2 k + 1 if walked upwards in the k-th cycle, 2 k if
 * downwards, k from 1; else 0), own (nodes: the arc out of a node; until all are read, whether
 * there is one), path and stood (the arcs of the walk, twice plus 1 if upwards, and the nodes they
 * left), at (where on the path a node stands, from 1; seats come after the nodes), seats and odd
 * (how many have been read).
 */
export function room(arcs) {
  const size = arcs.value.length;
  const nodes = arcs.above.length;
  const places = nodes + arcs.first.length - 1;
  return {
    arc: new Int32Array(size),
    link: new Int32Array(LINK * (size + 2 * nodes)),
    rings: size + nodes,
    cycle: new Int32Array(size + nodes),
    own: new Int32Array(nodes),
    path: new Int32Array(places),
    stood: new Int32Array(places),
    at: new Int32Array(places),
    seats: 0,
    odd: 0,
  };
}

/**
 * Split the arcs with `bit` set into cycles; return how many arcs of them leave seats, and cycles.
 */
export function split(arcs, level, bit) {
  const { link, own, rings, cycle } = level;
  const seats = arcs.first.length - 1;
  for (let ring = rings; ring < rings + own.length; ring++) {
    link[LINK * ring + NEXT] = link[LINK * ring + BACK] = ring;
  }
  own.fill(0);
  level.seats = level.odd = 0;
  let cycles = 0;
  for (let start = 0; start < level.odd || level.seats < seats; ) {
    if (start === level.odd) {
      read(arcs, level, bit);
      continue;
    }
    if (cycle[start] === 0) cycles = walk(arcs, level, bit, start, cycles);
    start += 2;
  }
  return { odd: level.odd, cycles };
}

/** Read the odd arcs of more seats; after the last seat, those out of nodes as well. */
function read(arcs, level, bit) {
  const { first, value, head } = arcs;
  const seats = first.length - 1;
  const nodes = level.own.length;
  const enough = level.odd + BLOCK;
  while (level.seats < seats && level.odd < enough) {
    const seat = level.seats++;
    for (let a = first[seat]; a < first[seat + 1]; a++) {
      if (((value[a] >>> bit) & 1) === 0) continue;
      level.arc[level.odd] = a;
      join(level, level.odd++, nodes + seat, head[a]);
    }
  }
  if (level.seats === seats) readNodes(arcs, level, level.odd);
}

/** An odd number of odd arcs into a node makes the one out of it odd; a node precedes its head. */
function readNodes({ above }, level, begin) {
  let r = begin;
  for (let node = 0; node + 1 < level.own.length; node++) {
    if (!level.own[node]) continue;
    level.own[node] = r;
    join(level, r++, node, above[node]);
  }
}

/** Put arc r at the end of the ring of its head. */
function join({ link, rings, cycle, own }, r, tail, head) {
  const ring = rings + head;
  const last = link[LINK * ring + BACK];
  const at = LINK * r;
  link[at + NEXT] = ring;
  link[at + BACK] = last;
  link[at + HEAD] = head;
  link[at + TAIL] = tail;
  link[LINK * last + NEXT] = link[LINK * ring + BACK] = r;
  cycle[r] = 0;
  own[head] ^= 1;
}

/** Walk from the seat of `start` until it is left no more; return the number of cycles. */
function walk(arcs, level, bit, start, before) {
  const { link, at, path, stood, rings, own } = level;
  let cycles = before;
  let node = link[LINK * start + TAIL];
  let depth = 0;
  let r = start;
  let rising = 1;
  for (;;) {
    path[depth] = 2 * r + rising;
    stood[depth] = node;
    at[node] = ++depth;
    leaveRing(link, r);
    node = link[LINK * r + (rising ? HEAD : TAIL)];
    if (at[node]) {
      cycles += 1;
      depth = cut(level, at[node] - 1, depth, cycles);
      if (r === (start ^ 1)) return cycles;
    }
    if (node >= own.length) {
      r ^= 1;
      rising = 1;
    } else {
      r = firstInto(arcs, level, bit, node);
      rising = r === rings + node ? 1 : 0;
      if (rising) r = own[node];
    }
  }
}

function leaveRing(link, r) {
  const before = link[LINK * r + BACK];
  const after = link[LINK * r + NEXT];
  link[LINK * before + NEXT] = after;
  link[LINK * after + BACK] = before;
}

/** Return the first unwalked odd arc into a node, or its ring when there is none. */
function firstInto(arcs, level, bit, node) {
  const ring = level.rings + node;
  const seats = arcs.first.length - 1;
  while (level.link[LINK * ring + NEXT] === ring && level.seats < seats) read(arcs, level, bit);
  return level.link[LINK * ring + NEXT];
}

/** Make a cycle of the end of the path; return the length that is left. */
function cut({ path, stood, at, cycle }, begin, end, number) {
  for (let k = begin; k < end; k++) {
    at[stood[k]] = 0;
    cycle[path[k] >>> 1] = 2 * number + (path[k] & 1);
  }
  return begin;
}

/**
 * Raise or lower the `odd` arcs out of seats: a coin for every cycle.
 * @param {Uint32Array} words each word as its high and its low half
 */
export function turn({ value }, { arc, cycle }, odd, bit, words) {
  const up = 2 ** bit;
  for (let r = 0; r < odd; r++) {
    const k = (cycle[r] >>> 1) - 1;
    const half = words[2 * (k >>> 6) + ((k & 32) === 0 ? 1 : 0)];
    const heads = (half >>> (k & 31)) & 1;
    value[arc[r]] += heads === (cycle[r] & 1) ? up : -up;
  }
}
