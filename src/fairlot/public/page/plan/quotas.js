/** Quotas per bureau in whole numbers, and one exact inclusion probability per site. */

import { InvalidInput } from "../errors.js";
import { clipProbabilities, numerators } from "../sample/probabilities.js";
import { D } from "../sample/whole_numbers.js";
import { bureauOf } from "./bureaux.js";
import { raisedForCity } from "./city.js";

/**
 * @typedef {object} Quotas
 * @property {string[]} rule of each site, those included that the quota itself decides
 * @property {string[]} detail what is told of it
 * @property {number[]} numerator its probability in units of 2^-40
 * @property {import("./bureaux.js").Bureau[]} bureaux by id
 * @property {number} city how many sites the city's own floor asks to be drawn
 */

/**
 * Return quotas and probabilities for standings in the order of the record.
 * @param {object} plan
 * @param {import("./standings.js").Standing[]} standings
 * @returns {Quotas}
 */
export function quotas(plan, standings) {
  if (!standings.length) throw new InvalidInput("the roster has no sites", "名录库没有机构");
  const rows = byBureau(standings);
  refuseStrangeDenominators(plan, rows);
  const own = [...rows].map(([id, places]) => bureauOf(plan, id, places.map((i) => standings[i])));
  const { bureaux, city } = raisedForCity(plan, own);
  const numerator = new Array(standings.length).fill(0);
  for (const bureau of bureaux) {
    fill(plan, bureau, rows.get(bureau.bureau_id), standings, numerator);
  }
  return { ...withZeros(standings, numerator), numerator, bureaux, city };
}

/** Return the places of each bureau's sites, bureaux by id. */
function byBureau(standings) {
  const ids = new Set(standings.map((site) => site.bureau_id));
  const rows = new Map([...ids].sort().map((id) => [id, []]));
  standings.forEach(({ bureau_id: id }, i) => rows.get(id).push(i));
  return rows;
}

function refuseStrangeDenominators({ ratio }, rows) {
  const strange = Object.keys(ratio.denominators).filter((id) => !rows.has(id)).sort().join(", ");
  if (!strange) return;
  throw new InvalidInput(
    `the plan fixes a denominator for ${strange}, which the roster does not know`,
    `方案为 ${strange} 规定了抽查基数，但名录中没有该监管机关`,
  );
}

/** Write the numerators of one bureau's sites. */
function fill({ bounds }, { bureau_id: id, quota, take_all: whole }, rows, standings, numerator) {
  const under = (...names) => rows.filter((i) => names.includes(standings[i].rule));
  for (const i of under("listed", "key")) numerator[i] = D;
  const some = under("weighted");
  const n = quota - whole;
  if (n === 0) return;
  const weights = some.map((i) => standings[i].weight);
  const pi = within(id, () => clipProbabilities(weights, n, bounds.pi_floor, bounds.pi_ceiling));
  within(id, () => numerators(pi, n)).forEach((a, k) => { numerator[some[k]] = a; });
}

/** Give the sites that the quota itself left at zero their own rule. */
function withZeros(standings, numerator) {
  const left = standings.map(({ rule }, i) => rule === "weighted" && numerator[i] === 0);
  const zero = ({ weight }) => (/[1-9]/.test(weight) ? "quota_met" : "no_weight");
  return {
    rule: standings.map((site, i) => (left[i] ? zero(site) : site.rule)),
    detail: standings.map(({ detail }, i) => (left[i] ? "" : detail)),
  };
}

function within(id, work) {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(`bureau ${id}: ${error.message}`, `监管机关 ${id}：${error.zh}`);
  }
}
