/** What was drawn, against what had to be: one row a bureau and one for the city. */

export const COLUMNS = [
  "bureau_id",
  "roster",
  "base",
  "counted",
  "take_all",
  "floor",
  "ceiling",
  "quota",
  "drawn",
  "share",
];

/**
 * Return per bureau, and last for the city: sites, floor, quota, drawn, and the share.
 *
 * The share is (drawn + counted) / base to four decimals, cut and never rounded up, as text.
 * @param {import("./quotas.js").Quotas} quotas
 * @param {import("./standings.js").Standing[]} standings
 * @param {number[]} drawn positions
 * @returns {object[]} with the fields COLUMNS
 */
export function coverage({ bureaux, city }, standings, drawn) {
  const count = new Map(bureaux.map(({ bureau_id: id }) => [id, 0]));
  for (const i of drawn) {
    const id = standings[i].bureau_id;
    count.set(id, count.get(id) + 1);
  }
  const rows = bureaux.map((bureau) => ({ ...bureau, drawn: count.get(bureau.bureau_id) }));
  const told = [...rows, total(rows, city)].map((row) => ({ ...row, share: cut(row) }));
  return told.map((row) => Object.fromEntries(COLUMNS.map((name) => [name, row[name]])));
}

function total(rows, city) {
  const sum = (name) => rows.reduce((all, row) => all + row[name], 0);
  const whole = Object.fromEntries(COLUMNS.slice(1, -1).map((name) => [name, sum(name)]));
  return { bureau_id: "*", ...whole, floor: Math.max(whole.floor, city) };
}

/** Return the share with four decimals, in whole numbers; a share of nothing is blank. */
function cut({ drawn, counted, base }) {
  if (base === 0) return "";
  const [done, of] = [BigInt(drawn + counted), BigInt(base)];
  return `${done / of}.${String(((done % of) * 10_000n) / of).padStart(4, "0")}`;
}
