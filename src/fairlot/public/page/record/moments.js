/** Moments as a record writes them, 2026-07-13T10:05:00Z, and as Unix seconds. */

import { shown } from "../bytes.js";
import { InvalidInput } from "../errors.js";

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** Return the moment of a Unix second, as it is written. */
export function momentText(second) {
  return `${new Date(1000 * second).toISOString().slice(0, 19)}Z`;
}

/** Return the Unix second of a moment; refuse any other text, and a day that is in no calendar. */
export function secondOf(name, text) {
  const second = typeof text === "string" && MOMENT.test(text) ? Date.parse(text) / 1000 : NaN;
  if (Number.isFinite(second) && momentText(second) === text) return second;
  throw new InvalidInput(
    `${name} is ${shown(text)}; want a moment such as 2026-07-13T10:05:00Z`,
    `${name} 为 ${shown(text)}，应为 2026-07-13T10:05:00Z 这样的时刻`,
  );
}
