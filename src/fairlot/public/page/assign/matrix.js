/** The matrix of chances as a record commits to it: texts, and three numbers a pair. */

import { owners } from "./listing.js";

/**
 * Return the lines that name the tasks, the seats and the officers, and of every pair its seat, its
 * officer and its numerator, u32 each, pair after pair.
 */
export function matrixOf({ problem, numerator }) {
  const { tasks, officers, seat_task, seat_kind, quota, ptr, idx } = problem;
  const seats = seat_kind.map((kind, s) => `${tasks[seat_task[s]]} ${kind} ${quota[s]}`);
  const pairs = new DataView(new ArrayBuffer(12 * idx.length));
  owners(ptr).forEach((seat, e) => {
    pairs.setUint32(12 * e, seat);
    pairs.setUint32(12 * e + 4, idx[e]);
    pairs.setUint32(12 * e + 8, numerator[e]);
  });
  return { tasks, seats, officers, pairs: new Uint8Array(pairs.buffer) };
}
