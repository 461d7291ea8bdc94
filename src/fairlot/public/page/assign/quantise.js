/**
 * Chances in whole grains: every sum exact, every chance within a few grains of what it was.
 *
 * Along each row, want = x * WHOLE + carry becomes trunc(want + 0.5), at least a grain if x > 0 and
 * at most WHOLE - 1 if x < 1, and carry what want has beyond it. What the row lacks of its quota
 * goes to its largest numerator, the first of equal ones, within the same limits. Then `evening`,
 * and `repair` if that leaves a surplus.
 */

import { evened, leastOf, mostOf, onwardOf } from "./evening.js";
import { WHOLE } from "./network.js";
import { repair } from "./repair.js";

/**
 * Return the chances (edges) in whole grains, and how many had to become 0 or 1.
 * @param {Float64Array} x (edges) chances in [0, 1] that keep the limits up to small errors
 * @param {Float64Array} low (nodes) least grains
 * @param {Float64Array} high (nodes) most grains
 */
export function quantise(network, x, low, high) {
  const numerator = rounded(network, x);
  const onward = onwardOf(network, numerator, low, high);
  if (!evened(network.ptr, x, numerator, onward)) repair(network.ptr, x, numerator, onward);
  let vanished = 0;
  numerator.forEach((grains, e) => {
    if ((grains === 0 && x[e] > 0) || (grains === WHOLE && x[e] < 1)) vanished += 1;
  });
  return { numerator, vanished };
}

/** Round every seat: each chance hands its error on to the next, the last to the largest. */
function rounded({ ptr, quota }, x) {
  const numerator = new Int32Array(x.length);
  for (let s = 0; s < quota.length; s++) {
    let left = quota[s] * WHOLE;
    let carry = 0;
    let largest = ptr[s];
    for (let e = ptr[s]; e < ptr[s + 1]; e++) {
      const want = x[e] * WHOLE + carry;
      numerator[e] = within(Math.trunc(want + 0.5), x[e]);
      carry = want - numerator[e];
      left -= numerator[e];
      if (numerator[e] > numerator[largest]) largest = e;
    }
    if (left !== 0 && ptr[s] < ptr[s + 1]) {
      numerator[largest] = within(numerator[largest] + left, x[largest]);
    }
  }
  return numerator;
}

function within(grains, x) {
  return Math.min(Math.max(grains, leastOf(x)), mostOf(x));
}
