/** Which rule decides a site's chance: the first that applies, in the order of RULES. */

import { dayNumber } from "./days.js";

/**
 * @typedef {object} Rule
 * @property {"zero"|"one"|"weighted"} effect what it does to the probability
 * @property {string} en how it is told
 * @property {string} zh the same in Chinese
 */

/**
 * The rules by name, in the order in which they bind; the last two arise from the quota.
 * @type {Object<string, Rule>}
 */
export const RULES = {
  excluded: { effect: "zero", en: "not in operation: {detail}", zh: "登记状态不在抽查范围：{detail}" },
  counted: {
    effect: "zero",
    en: "already visited in a joint draw: {detail}",
    zh: "已计入联合抽查：{detail}",
  },
  yearly_cap: {
    effect: "zero",
    en: "visited {detail} times this year, the most allowed",
    zh: "本年已检查 {detail} 次，达到年度上限",
  },
  listed: { effect: "one", en: "listed as seriously dishonest", zh: "列入严重违法失信名单，必查" },
  key: { effect: "one", en: "key sector {detail}, covered in full", zh: "重点领域全覆盖：{detail}" },
  gap: {
    effect: "zero",
    en: "visited on {detail}, inside the minimum gap",
    zh: "上次检查 {detail}，未满最小间隔",
  },
  weighted: { effect: "weighted", en: "weight {detail}", zh: "权重 {detail}" },
  quota_met: {
    effect: "zero",
    en: "the sites covered in full already meet the quota",
    zh: "全覆盖已满足抽查比例",
  },
  no_weight: { effect: "zero", en: "weight 0 in this plan", zh: "方案权重为 0" },
};

/** Return in both languages why a site has its chance. */
export function reason(rule, detail) {
  const told = (template) => template.replace("{detail}", () => detail);
  return { en: told(RULES[rule].en), zh: told(RULES[rule].zh) };
}

/** Each rule that looks at a single site: whether it holds, and its detail. */
const CASES = [
  [
    "excluded",
    (site, plan) => plan.rules.excluded_status.includes(site.status),
    (site) => site.status,
  ],
  ["counted", (site) => site.counted !== "", (site) => site.counted],
  [
    "yearly_cap",
    (site, plan) => site.visits_ytd >= plan.rules.max_visits_per_year,
    (site) => String(site.visits_ytd),
  ],
  ["listed", (site, plan) => site.listed && plan.rules.listed_take_all, () => ""],
  ["key", (site, plan) => isKey(plan, site) && plan.key.take_all, (site) => site.sector],
  ["gap", insideGap, (site) => site.last_inspected],
  ["weighted", () => true, weightOf],
];

/**
 * Return the name of the rule that applies to a site, and its detail.
 * @param {object} plan
 * @param {object} site a row of the deciding table of sites
 */
export function applied(plan, site) {
  const [rule, , detail] = CASES.find(([, holds]) => holds(site, plan));
  return { rule, detail: detail(site, plan) };
}

/** Say whether a site is key, by its sector or by the roster's flag. */
export function isKey(plan, { sector, is_key: flag }) {
  return plan.key.sectors.includes(sector) || (flag && plan.key.flagged);
}

/** Return the multiplier of a credit class as the plan writes it; "" is unrated. */
export function multiplierOf({ weights }, credit) {
  if (credit === "" && weights.unrated !== undefined) return weights.unrated;
  return weights[credit || (weights.unrated_as ?? "B")];
}

function weightOf({ credit_class: credit }, plan) {
  return `${credit || "unrated"} x${multiplierOf(plan, credit)}`;
}

/** Say whether fewer than the minimum of days lie between a visit and the first visit day. */
function insideGap({ last_inspected: last }, { visits, rules }) {
  return last !== "" && dayNumber(visits.first) - dayNumber(last) < rules.min_gap_days;
}
