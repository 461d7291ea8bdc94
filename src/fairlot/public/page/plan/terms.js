/** The terms of a plan as an announcement states them: written out in full, nothing by default. */

import { InvalidInput } from "../errors.js";
import { units } from "../sample/decimals.js";
import { dayNumber } from "./days.js";
import {
  count, day, dayOrNone, decimal, flag, isObject, listOf, maybe, oneOf, share, tableOf, text,
} from "./forms.js";

/** More seats than anyone fills. */
const MOST = 2 ** 31 - 1;

/** Days of one window of visits. */
const LONGEST = 5 * 366;

const LIMIT = {
  bureau: maybe(text),
  department: maybe(text),
  least: count(0, MOST),
  most: count(0, MOST),
};

/** The fields of a plan; an object in it is a part with fields of its own. */
const TERMS = {
  spec: oneOf("fairlot.plan/v1"),
  authority: text,
  scope: text,
  period: text,
  task: text,
  as_of: day,
  visits: { first: day, last: day },
  ratio: {
    bureau_floor: share,
    bureau_ceiling: share,
    city_floor: share,
    city_ceiling: share,
    district_draws_count_toward_city: flag,
    key_sectors_count_toward_ratio: flag,
    joint_visits_count_toward_ratio: flag,
    joint_origins: listOf(text),
    denominator_date: oneOf("draw", "plan"),
    denominators: tableOf(count(0, Number.MAX_SAFE_INTEGER)),
  },
  key: { sectors: listOf(text), flagged: flag, take_all: flag },
  weights: {
    A: decimal,
    B: decimal,
    C: decimal,
    D: decimal,
    unrated_as: maybe(oneOf("A", "B", "C", "D")),
    unrated: maybe(decimal),
  },
  bounds: { pi_floor: share, pi_ceiling: share },
  rules: {
    excluded_status: listOf(text),
    max_visits_per_year: count(1, 366),
    listed_take_all: flag,
    min_gap_days: count(0, 3660),
    substitutes: share,
  },
  team: {
    seats: listOf(oneOf("specialist", "officer", "lead", "expert")),
    own_station: oneOf("allowed", "excluded"),
    support: tableOf(listOf(text)),
    department: text,
    per_department: count(1, 4),
    partners: oneOf("anywhere", "bureau"),
    lead_seniority: count(1, 100),
    expert_cap: count(1, 1000),
    rotation: oneOf("none", "officer"),
    limits: [LIMIT],
    effective_floor: decimal,
    loads: oneOf("free", "leximin"),
  },
  proof: {
    suite: oneOf("sha256", "sm3"),
    view: oneOf("open", "pseudonymous"),
    opens: dayOrNone,
    margin: count(1, 366 * 86_400),
  },
};

/** What the parts of a plan may not say of each other. */
const CONTRADICTIONS = [
  ["visits end before they begin", "检查末日早于首日", ({ visits }) => visits.last < visits.first],
  [
    `visits take more than ${LONGEST} days`,
    `检查期间超过 ${LONGEST} 天`,
    ({ visits }) => dayNumber(visits.last) - dayNumber(visits.first) > LONGEST,
  ],
  [
    "visits begin before as_of, or in another year",
    "检查首日早于 as_of 或不在同一年",
    ({ visits, as_of: today }) =>
      visits.first < today || visits.first.slice(0, 4) !== today.slice(0, 4),
  ],
  [
    "a floor is above its ceiling",
    "下限高于上限",
    ({ ratio, bounds }) =>
      above(ratio.bureau_floor, ratio.bureau_ceiling) ||
      above(ratio.city_floor, ratio.city_ceiling) ||
      above(bounds.pi_floor, bounds.pi_ceiling),
  ],
  [
    'denominators go with denominator_date = "plan", and only with it',
    "denominators 只与 denominator_date = “plan” 同时使用",
    ({ ratio }) =>
      (ratio.denominator_date === "plan") === (Object.keys(ratio.denominators).length === 0),
  ],
  [
    "unrated and unrated_as contradict each other",
    "unrated 与 unrated_as 相互矛盾",
    ({ weights }) => weights.unrated !== undefined && weights.unrated_as !== undefined,
  ],
  [
    "key sectors that are not taken whole must count toward the ratio",
    "非全覆盖的重点领域应计入抽查比例",
    ({ key, ratio }) => !key.take_all && !ratio.key_sectors_count_toward_ratio,
  ],
  [
    "want 2 to 8 seats, at least 2 of them for officers",
    "席位应为 2 至 8 个，其中执法人员至少 2 个",
    ({ team: { seats } }) =>
      seats.length > 8 || seats.filter((seat) => seat !== "expert").length < 2,
  ],
  [
    "a limit names neither a bureau nor a department, or has its least above its most",
    "限额未指明机关或部门，或下限高于上限",
    ({ team }) => team.limits.some((k) => !(k.bureau ?? k.department) || k.least > k.most),
  ],
  [
    "two limits are of the same officers",
    "两项限额针对相同人员",
    ({ team }) =>
      new Set(team.limits.map((k) => JSON.stringify([k.bureau, k.department]))).size <
      team.limits.length,
  ],
  [
    "even loads and limits are not weighed against each other",
    "负荷均衡与限额不能同时使用",
    ({ team }) => team.loads === "leximin" && team.limits.length > 0,
  ],
  [
    "the seal would open before anything is announced",
    "封存开启日不晚于 as_of",
    ({ proof, as_of: today }) => proof.opens !== "" && proof.opens <= today,
  ],
];

function above(low, high) {
  return units(low) > units(high);
}

/**
 * Return an announced plan as it is; refuse one that no announcement can hold.
 * @param {unknown} plan parsed JSON
 */
export function checkedPlan(plan) {
  checkPart("plan", plan, TERMS);
  for (const [en, zh, holds] of CONTRADICTIONS) {
    if (holds(plan)) throw new InvalidInput(`plan: ${en}`, `方案：${zh}`);
  }
  return plan;
}

/** Refuse a part that does not have exactly these fields, each in its form. */
function checkPart(name, value, fields) {
  if (!isObject(value)) refuse(name, value, { en: "an object", zh: "对象" });
  const strange = Object.keys(value).find((key) => !Object.hasOwn(fields, key));
  if (strange !== undefined) {
    refuse(`${name}.${strange}`, value[strange], { en: "no such field", zh: "不含此字段" });
  }
  for (const [key, form] of Object.entries(fields)) checkField(`${name}.${key}`, value[key], form);
}

function checkField(name, value, form) {
  if (Array.isArray(form)) {
    if (!Array.isArray(value)) refuse(name, value, { en: "a list", zh: "列表" });
    value.forEach((item, k) => checkPart(`${name}[${k}]`, item, form[0]));
  } else if (!form.fits) {
    checkPart(name, value, form);
  } else if (!(value === undefined ? form.optional : form.fits(value))) {
    refuse(name, value, form);
  }
}

const SHOWN = 100;

function refuse(name, value, { en, zh }) {
  const got = String(JSON.stringify(value)).slice(0, SHOWN);
  throw new InvalidInput(`${name} is ${got}; want ${en}`, `${name} 为 ${got}，应为${zh}`);
}
