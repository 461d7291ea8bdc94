/** Decimals as people write them, taken exactly: whole numbers of 10^-12. */

import { InvalidInput } from "../errors.js";

const PLACES = 12;

/** How many units make 1. */
export const ONE = 10n ** BigInt(PLACES);

/** Up to nine digits before the point and twelve behind it; no sign, no exponent. */
export const DECIMAL = /^(0|[1-9][0-9]{0,8})(\.[0-9]{1,12})?$/;

/**
 * Return a decimal in units of 10^-12.
 * @param {string} text such as "0.15"
 * @returns {bigint}
 */
export function units(text) {
  if (typeof text !== "string" || !DECIMAL.test(text)) {
    throw new InvalidInput(
      `got ${JSON.stringify(text)}; want a plain decimal such as "0.15"`,
      `实为 ${JSON.stringify(text)}，应为“0.15”这样的十进制数`,
    );
  }
  const [whole, part = ""] = text.split(".");
  return BigInt(whole + part.padEnd(PLACES, "0"));
}

/** Return how many whole ones there are in so many units, rounded down. */
export function floor(amount) {
  return Number(amount / ONE);
}

/** Return the same, rounded up. */
export function ceil(amount) {
  return Number((amount + ONE - 1n) / ONE);
}
