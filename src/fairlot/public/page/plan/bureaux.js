/**
 * The bounds and the quota of one bureau.
 *
 * floor  the share of the base, rounded up, less joint visits; or, where key sectors do not count,
 *        all key sites and the share of the others, less joint visits to them
 * quota  max(floor, sites taken whole + what the smallest chances of the others add up to)
 */

import { InvalidInput } from "../errors.js";
import { ceil, floor, units } from "../sample/decimals.js";

/**
 * @typedef {object} Bureau one bureau's numbers
 * @property {string} bureau_id
 * @property {number} roster its sites
 * @property {number} base what the shares are taken of
 * @property {number} counted joint visits
 * @property {number} take_all sites that are visited in any case
 * @property {number} open how many others can be drawn at most
 * @property {number} floor
 * @property {number} ceiling
 * @property {number} quota
 */

/**
 * Return the numbers of a bureau; refuse bounds that contradict each other.
 * @param {object} plan
 * @param {string} id
 * @param {import("./standings.js").Standing[]} sites those of the bureau
 * @returns {Bureau}
 */
export function bureauOf(plan, id, sites) {
  const n = (rules, more = () => true) =>
    sites.filter((site) => rules.includes(site.rule) && more(site)).length;
  const base = baseOf(plan, id, sites.length - n(["excluded"]));
  const whole = n(["listed", "key"]);
  const least = floorOf(plan, base, sites, n);
  const [low, high] = [units(plan.bounds.pi_floor), units(plan.bounds.pi_ceiling)];
  const weighty = n(["weighted"], ({ weight }) => units(weight) > 0n);
  const others = BigInt(n(["weighted"]) - weighty);
  return consistent({
    bureau_id: id,
    roster: sites.length,
    base,
    counted: n(["counted"]),
    take_all: whole,
    open: floor(BigInt(weighty) * high + others * low),
    floor: least,
    ceiling: floor(BigInt(base) * units(plan.ratio.bureau_ceiling)),
    quota: Math.max(least, whole + ceil(BigInt(n(["weighted"])) * low)),
  });
}

/** Return the number the shares are taken of: sites in operation, or as fixed by the plan. */
function baseOf({ ratio }, id, operating) {
  if (ratio.denominator_date === "draw") return operating;
  if (Object.hasOwn(ratio.denominators, id)) return ratio.denominators[id];
  throw new InvalidInput(
    `the plan fixes denominators but gives none for bureau ${id}; its roster has ${operating}`,
    `方案规定了抽查基数，但没有监管机关 ${id} 的基数（名录库现有 ${operating} 家）`,
  );
}

function floorOf({ ratio }, base, sites, n) {
  const share = (of) => ceil(BigInt(of) * units(ratio.bureau_floor));
  if (ratio.key_sectors_count_toward_ratio) return Math.max(0, share(base) - n(["counted"]));
  const key = sites.filter((site) => site.key && site.rule !== "excluded").length;
  const rest = share(Math.max(0, base - key)) - n(["counted"], (site) => !site.key);
  return n(["listed", "key"], (site) => site.key) + Math.max(0, rest);
}

function consistent(bureau) {
  const { bureau_id: id, base, take_all: whole, open, ceiling, quota } = bureau;
  const refuse = (en, zh) => {
    throw new InvalidInput(`bureau ${id}: ${en}`, `监管机关 ${id}：${zh}`);
  };
  if (whole > ceiling) {
    refuse(
      `${whole} sites must be taken whole, but the ceiling allows ${ceiling} of ${base}`,
      `必查 ${whole} 家，但上限只允许 ${base} 家中的 ${ceiling} 家`,
    );
  }
  if (quota > ceiling) {
    refuse(
      `at least ${quota} of ${base} sites must be drawn, at most ${ceiling} may`,
      `${base} 家中至少应抽 ${quota} 家，但最多只能抽 ${ceiling} 家`,
    );
  }
  if (quota > whole + open) {
    refuse(
      `${quota} sites must be drawn, but only ${whole} taken whole and ${open} others can be`,
      `应抽 ${quota} 家，但可抽的只有必查 ${whole} 家和其他 ${open} 家`,
    );
  }
  return bureau;
}
