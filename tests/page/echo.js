// What test_harness.py calls: nothing but what a module could do.

import { InvalidInput } from "/errors.js";

export const echo = (value) => value;
export const later = async (value) => value;
export const typed = () => new BigUint64Array([1n, 2n ** 64n - 1n]);

export function refuse(value) {
  throw new InvalidInput(`got ${value}`, `实为 ${value}`);
}

export function forever() {
  for (;;);
}

export const never = () => new Promise(() => {});
