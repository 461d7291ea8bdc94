/**
 * `weeks/1`: week and order of the visits, by chance.
 *
 * The sites of a bureau stand in a row drawn by lot, those of a station side by side, and are dealt
 * out to the weeks one after the other, from a week drawn by lot on. Whole numbers only.
 */

import { dayNumber, dayText } from "./days.js";

export const COLUMNS = [
  "site_id", "bureau_id", "station_id", "week", "first", "last", "place", "moved", "clash",
];

const DAYS = 7;

/**
 * Return the week of every drawn site and its place among its bureau's visits of that week, one row
 * a site with the fields COLUMNS; weeks and places count from 1.
 *
 * 1. Within a bureau, stations stand in the order of the smallest `order` word of their sites, and
 *    the sites of a station in the order of theirs; equal words by site_id.
 * 2. The k-th site of the bureau, from 0, gets week (s + k) mod W, weeks counted from 0, where s is
 *    the high 64 bits of W times the `start` word of the bureau's first site.
 * 3. A site whose team has no day of its week on which nobody is absent goes to the next week that
 *    has one; after the last week comes the first. Where no week has one, it stays, and clashes.
 * 4. The visits of a bureau in one week take place in the order of their `order` words.
 *
 * @param {{site_id: string, bureau_id: string, station_id: string}[]} sites
 * @param {BigUint64Array} order word 0 of each site's ticket
 * @param {BigUint64Array} start word 1 of each site's ticket
 * @param {object} world teams (site_id and officer_id, a row a person), absences, and the window
 *   {first, last} of the visits: its W weeks are blocks of seven days, the last may be shorter
 */
export function schedule(sites, order, start, { teams, absences, window }) {
  const weeks = weeksOf(window);
  const lots = sites.map(({ site_id: id }, at) => ({ word: order[at], id }));
  const dealt = dealtOut(rowsOf(sites, lots), start, weeks.length);
  const away = awayOf(teams, absences, window);
  const free = sites.map(({ site_id: id }, at) => freeWeek(dealt[at], away.get(id) ?? 0n, weeks));
  const held = dealt.map((week, at) => free[at] ?? week);
  const place = placesOf(sites, held, lots);
  return sites.map(({ site_id, bureau_id, station_id }, at) => ({
    ...{ site_id, bureau_id, station_id, week: held[at] + 1 },
    ...{ first: weeks[held[at]].first, last: weeks[held[at]].last, place: place[at] },
    ...{ moved: held[at] !== dealt[at], clash: free[at] === undefined },
  }));
}

/** Return first and last day of every week, and both as a set: bit d is day d of the window. */
function weeksOf({ first, last }) {
  const [from, span] = [dayNumber(first), dayNumber(last) - dayNumber(first) + 1];
  return Array.from({ length: Math.ceil(span / DAYS) }, (_, k) => {
    const [at, end] = [DAYS * k, Math.min(DAYS * (k + 1), span)];
    return { first: dayText(from + at), last: dayText(from + end - 1), days: daysOf(at, end) };
  });
}

/** Return the days from `first` up to, and without, `end`. */
function daysOf(first, end) {
  return (1n << BigInt(Math.max(first, end))) - (1n << BigInt(first));
}

/** Return the sites of every bureau in the order drawn, as positions. */
function rowsOf(sites, lots) {
  const unit = sites.map(({ bureau_id: bureau, station_id: station }) => `${bureau} ${station}`);
  const earliest = new Map();
  lots.forEach((lot, at) => {
    const least = earliest.get(unit[at]);
    if (!least || byLot(lot, least) < 0) earliest.set(unit[at], lot);
  });
  const first = (at) => earliest.get(unit[at]);
  const drawn = (a, b) => byLot(first(a), first(b)) || byLot(lots[a], lots[b]);
  return [...grouped(sites, ({ bureau_id: bureau }) => bureau)].map((row) => row.sort(drawn));
}

/** Return the week of every site, before anybody's absence. */
function dealtOut(rows, start, weeks) {
  const week = new Array(start.length);
  for (const row of rows) {
    const first = Number((start[row[0]] * BigInt(weeks)) >> 64n);
    row.forEach((at, k) => { week[at] = (first + k) % weeks; });
  }
  return week;
}

/** Return, by site, the days of the window on which somebody of its team is absent. */
function awayOf(teams, absences, { first, last }) {
  const [from, to] = [dayNumber(first), dayNumber(last)];
  const absent = new Map();
  for (const { officer_id: id, absent_from: begin, absent_to: end } of absences) {
    const inside = Math.max(from, Math.min(dayNumber(begin), to + 1)) - from;
    const days = daysOf(inside, Math.min(dayNumber(end), to) + 1 - from);
    absent.set(id, (absent.get(id) ?? 0n) | days);
  }
  const away = new Map();
  for (const { site_id: site, officer_id: id } of teams) {
    away.set(site, (away.get(site) ?? 0n) | (absent.get(id) ?? 0n));
  }
  return away;
}

/** Return the first week, from `week` on and round again, with a day that nobody is away. */
function freeWeek(week, away, weeks) {
  const around = weeks.map((_, k) => (week + k) % weeks.length);
  return around.find((at) => weeks[at].days & ~away);
}

/** Number the visits of every bureau in every week, by lot. */
function placesOf(sites, weeks, lots) {
  const place = new Array(lots.length);
  for (const visits of grouped(sites, ({ bureau_id: id }, at) => `${id} ${weeks[at]}`)) {
    visits.sort((a, b) => byLot(lots[a], lots[b])).forEach((at, k) => { place[at] = k + 1; });
  }
  return place;
}

/** Return the positions of the sites that share a key, list by list. */
function grouped(sites, keyOf) {
  const groups = new Map();
  sites.forEach((site, at) => {
    const key = keyOf(site, at);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(at);
  });
  return groups.values();
}

/** By word; by id, should two words ever be equal. */
function byLot(a, b) {
  if (a.word !== b.word) return a.word < b.word ? -1 : 1;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
