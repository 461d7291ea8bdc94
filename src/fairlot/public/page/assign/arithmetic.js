/** Sums and steps by + - * / in a fixed order: alike in every interpreter. */

/** A pivot below this share of its diagonal is 0: factors tied by full bundles have no scale. */
const FLAT = 1e-13;

/** Return the sum of the products of the first `size` numbers, from left to right. */
export function dot(one, other, size = one.length) {
  let total = 0;
  for (let i = 0; i < size; i++) total += one[i] * other[i];
  return total;
}

/** Return about amount * exp(log) for -32 < log < 32, and exactly for log = 0. */
export function grown(amount, log) {
  let ratio = (64 + log) / (64 - log); // exp(log / 32), but for its third power and beyond
  ratio *= ratio;
  ratio *= ratio;
  ratio *= ratio;
  ratio *= ratio;
  ratio *= ratio;
  return amount * ratio;
}

/**
 * Eliminate a symmetric matrix of n x n numbers from `at` on, in place, without pivoting; a
 * direction without curvature is left out.
 */
export function eliminate(matrix, at, n) {
  const diagonal = [];
  for (let p = 0; p < n; p++) diagonal.push(matrix[at + p * n + p]);
  for (let p = 0; p < n; p++) {
    const row = at + p * n;
    if (matrix[row + p] <= FLAT * diagonal[p]) {
      for (let i = p; i < n; i++) matrix[at + i * n + p] = 0;
      continue;
    }
    for (let i = p + 1; i < n; i++) {
      const below = at + i * n;
      const by = matrix[below + p] / matrix[row + p];
      for (let j = p + 1; j < n; j++) matrix[below + j] -= by * matrix[row + j];
      matrix[below + p] = by;
    }
  }
}

/** Solve with an eliminated matrix, in place; 0 in the directions left out. */
export function solve(matrix, at, n, right) {
  for (let p = 0; p < n; p++) {
    for (let i = p + 1; i < n; i++) right[i] -= matrix[at + i * n + p] * right[p];
  }
  for (let p = n - 1; p >= 0; p--) {
    const row = at + p * n;
    for (let j = p + 1; j < n; j++) right[p] -= matrix[row + j] * right[j];
    right[p] = matrix[row + p] > 0 ? right[p] / matrix[row + p] : 0;
  }
}
