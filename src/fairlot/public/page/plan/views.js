/** The pseudonymous view: what it leaves of the standings, and whether a row shown fits it. */

import { compare, utf8 } from "../bytes.js";
import { InvalidInput } from "../errors.js";
import { standings } from "./standings.js";
import { SCHEMAS } from "./tables.js";

/** Sites left to chance that a published group has at least, wherever its bureau has as many. */
const FEWEST = 10;
const MERGED = "-";
const LABELS = ["sector", "class"];

/**
 * Return standings with the labels that the pseudonymous view shows; sites keep their names.
 *
 * What the rules have decided shows no sector, class or weight. Of what is left to chance, by
 * bureau: a sector of fewer than ten sites is "-", and while those are fewer than ten together, the
 * next smallest sector joins them; classes are shown in a sector, or in "-", where each of them
 * there has ten sites or more.
 * @param {import("./standings.js").Standing[]} rows
 */
export function merged(rows) {
  const open = rows.map(closed);
  const small = smallSectors(sizesOf(open, ({ bureau_id: bureau, sector }) => [bureau, sector]));
  const named = open.map((row) => (small.has(keyOf(row)) ? { ...row, sector: MERGED } : row));
  const cells = sizesOf(named, ({ bureau_id: b, sector, class: own }) => [b, sector, own]);
  const few = cells.filter(({ size }) => size < FEWEST);
  const mixed = new Set(few.map(({ labels: [b, sector] }) => JSON.stringify([b, sector])));
  return named.map((row) => (mixed.has(keyOf(row)) ? { ...row, class: MERGED } : row));
}

/**
 * Refuse rows whose public columns are not what the plan makes of their private ones.
 *
 * In the pseudonymous view a merged label passes: that it had to be merged is seen by who knows
 * every row.
 * @param {object} plan
 * @param {object} tables standings and sites
 * @param {number[]} index rows whose private columns are known; in the open view, all
 */
export function checkShown(plan, tables, index) {
  const veil = plan.proof.view === "pseudonymous";
  const shown = index.map((row) => tables.standings[row]);
  const sites = index.map((row) => tables.sites[row]);
  const due = standings(plan, sites).map((row, k) => {
    return veil ? { ...closed(row), site: shown[k].site } : row;
  });
  refuseTwice(sites);
  for (const column of Object.keys(SCHEMAS.standings)) {
    const passes = veil && LABELS.includes(column) ? MERGED : undefined;
    refuseOther(column, shown, due, passes);
  }
}

function refuseTwice(sites) {
  const seen = new Set();
  for (const { site_id: id } of sites) {
    if (seen.has(id)) throw new InvalidInput(`${id} stands there twice`, `${id} 重复`);
    seen.add(id);
  }
}

function refuseOther(column, shown, due, passes) {
  const at = shown.findIndex((row, k) => row[column] !== due[k][column] && row[column] !== passes);
  if (at < 0) return;
  const [got, want] = [shown[at][column], due[at][column]].map((cell) => JSON.stringify(cell));
  throw new InvalidInput(
    `${column} of ${shown[at].site} is ${got}; from its own columns follows ${want}`,
    `${shown[at].site} 的 ${column} 为 ${got}，按其自身各列应为 ${want}`,
  );
}

/** Hide what decides nothing: labels and weight under a rule, and "key" where none applies. */
function closed(row) {
  if (row.rule === "weighted") return { ...row, key: false, detail: "" };
  return { ...row, sector: MERGED, class: MERGED, weight: "1", detail: "" };
}

function keyOf({ bureau_id: bureau, sector }) {
  return JSON.stringify([bureau, sector]);
}

/** Return how many sites left to chance have the same labels, labels by labels. */
function sizesOf(rows, labelsOf) {
  const sizes = new Map();
  for (const row of rows.filter(({ rule }) => rule === "weighted")) {
    const key = JSON.stringify(labelsOf(row));
    sizes.set(key, (sizes.get(key) ?? 0) + 1);
  }
  return [...sizes].map(([key, size]) => ({ key, size, labels: JSON.parse(key) }));
}

/** Return, by bureau, the sectors below ten sites, and the next ones until ten are together. */
function smallSectors(sizes) {
  const [small, together] = [new Set(), new Map()];
  const order = ({ labels: [a, b] }, { labels: [c, d] }) => byBytes(a, c) || byBytes(b, d);
  for (const one of sizes.sort((a, b) => a.size - b.size || order(a, b))) {
    const sum = together.get(one.labels[0]) ?? 0;
    if (one.size >= FEWEST && (sum === 0 || sum >= FEWEST)) continue;
    small.add(one.key);
    together.set(one.labels[0], sum + one.size);
  }
  return small;
}

// Python orders by code point, as UTF-8 does; JavaScript alone would order by UTF-16 units.
function byBytes(a, b) {
  return compare(utf8(a), utf8(b));
}
