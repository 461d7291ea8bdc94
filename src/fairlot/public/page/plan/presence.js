/** Who is there to be sent: active, licensed, and not away. */

import { dayNumber } from "./days.js";

/**
 * @typedef {{first: string, last: string}} Window first and last day on which a visit may fall, ISO
 */

/**
 * Return what keeps an officer at home: a visit may fall on any day of the window, so a licence
 * must last to its end; who is away on some days has others to go on.
 * @param {object} officer
 * @param {Set<string>} away who is absent throughout
 * @param {Window} window
 */
export function presence({ officer_id: id, active, license_expiry: expiry }, away, { last }) {
  const licensed = expiry >= last;
  return { licensed, able: active && licensed && !away.has(id) };
}

/**
 * Return who is absent on every day of the window; absences may join end to end.
 * @param {object[]} absences
 * @param {Window} window
 * @returns {Set<string>}
 */
export function awayThroughout(absences, { first, last }) {
  const present = new Map(); // the first day not yet known to be an absence
  const rising = [...absences].sort((a, b) => dayNumber(a.absent_from) - dayNumber(b.absent_from));
  for (const { officer_id: id, absent_from: from, absent_to: to } of rising) {
    const day = present.get(id) ?? dayNumber(first);
    if (dayNumber(from) <= day) present.set(id, Math.max(day, dayNumber(to) + 1));
  }
  const away = [...present].filter(([, day]) => day > dayNumber(last));
  return new Set(away.map(([id]) => id));
}
