/** What a value of a plan or of a table may look like. */

import { DECIMAL, ONE, units } from "../sample/decimals.js";
import { isLine } from "../visible.js";
import { isDay } from "./days.js";

/**
 * @typedef {object} Form
 * @property {(value: unknown) => boolean} fits
 * @property {string} en what is wanted
 * @property {string} zh the same in Chinese
 * @property {boolean} [optional] whether the value may be missing
 */

export const text = {
  fits: isLine,
  en: "one line of visible text, 1 to 200 characters",
  zh: "一行可见文字（1 至 200 字）",
};

export const flag = { fits: (value) => typeof value === "boolean", en: "true or false", zh: "真或假" };

export const decimal = {
  fits: (value) => typeof value === "string" && DECIMAL.test(value),
  en: 'a plain decimal such as "0.15"',
  zh: "“0.15”这样的十进制数",
};

export const share = {
  fits: (value) => decimal.fits(value) && units(value) <= ONE,
  en: 'a share between 0 and 1, such as "0.15"',
  zh: "0 与 1 之间的比例，如“0.15”",
};

export const day = { fits: isDay, en: "a date such as 2024-07-01", zh: "日期，如 2024-07-01" };

export const dayOrNone = { ...day, fits: (value) => value === "" || isDay(value) };

/** Whole numbers from `least` to `most`. */
export function count(least, most) {
  return {
    fits: (value) => Number.isSafeInteger(value) && least <= value && value <= most,
    en: `a whole number from ${least} to ${most}`,
    zh: `${least} 至 ${most} 的整数`,
  };
}

export function oneOf(...values) {
  const list = values.join(", ");
  return { fits: (value) => values.includes(value), en: `one of ${list}`, zh: `${list} 之一` };
}

/** Lists of such values. */
export function listOf({ fits, en, zh }) {
  return {
    fits: (value) => Array.isArray(value) && value.every(fits),
    en: `a list, each ${en}`,
    zh: `列表，每项为${zh}`,
  };
}

/** Objects with any names and such values. */
export function tableOf({ fits, en, zh }) {
  return {
    fits: (value) => isObject(value) && Object.values(value).every(fits),
    en: `an object, each value ${en}`,
    zh: `对象，每个值为${zh}`,
  };
}

/** A form whose value may be missing. */
export function maybe(form) {
  return { ...form, optional: true };
}

export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
