/** Days as they are written, YYYY-MM-DD, and as numbers that can be counted. */

const DAY = 86_400_000;

/** Return the number of a day: one more for each day later. */
export function dayNumber(text) {
  return Date.parse(`${text}T00:00:00Z`) / DAY;
}

/** Return the day of a number, as it is written. */
export function dayText(number) {
  return new Date(DAY * number).toISOString().slice(0, 10);
}

/** Say whether a text is a day of the calendar, in the years 0001 to 9999. */
export function isDay(text) {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text) || text < "0001") return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text); // 02-30 would be 03-01
}
