/** The city's own floor: quotas are raised until it is met, in proportion to the room left. */

import { InvalidInput } from "../errors.js";
import { ceil, floor, units } from "../sample/decimals.js";

/**
 * Return the bureaux with their quotas raised, and how many sites the city asks to be drawn in all.
 * @param {object} plan
 * @param {import("./bureaux.js").Bureau[]} bureaux by id
 */
export function raisedForCity({ ratio }, bureaux) {
  const sum = (of) => bureaux.reduce((total, bureau) => total + of(bureau), 0);
  const [base, drawn] = [sum((b) => b.base), sum((b) => b.quota)];
  const share = ceil(BigInt(base) * units(ratio.city_floor));
  const own = Math.max(0, share - sum((b) => b.counted));
  const city = ratio.district_draws_count_toward_city ? own : drawn + own;
  const room = bureaux.map((b) => Math.min(b.ceiling, b.take_all + b.open) - b.quota);
  const can = drawn + room.reduce((a, b) => a + b, 0);
  const target = Math.max(drawn, city);
  refuseBeyond(target, floor(BigInt(base) * units(ratio.city_ceiling)), can, { base, drawn, own });
  const more = largestRemainder(target - drawn, room);
  return { bureaux: bureaux.map((b, k) => ({ ...b, quota: b.quota + more[k] })), city };
}

function refuseBeyond(target, ceiling, can, { base, drawn, own }) {
  if (target <= Math.min(ceiling, can)) return;
  throw new InvalidInput(
    `the city: ${target} of ${base} sites must be drawn (districts ${drawn}, city floor ${own}), ` +
      `but at most ${ceiling} may and ${can} can be`,
    `全市：${base} 家中应抽 ${target} 家（各区 ${drawn}，市级下限 ${own}），` +
      `但上限为 ${ceiling} 家，可抽 ${can} 家`,
  );
}

/** Share n among sizes in proportion, whole numbers, none above its size; ties go first. */
function largestRemainder(n, sizes) {
  if (n === 0) return sizes.map(() => 0);
  const all = BigInt(sizes.reduce((a, b) => a + b, 0));
  const exact = sizes.map((size) => BigInt(n) * BigInt(size)); // may pass 2^53
  const whole = exact.map((share) => Number(share / all));
  const rest = exact.map((share) => Number(share % all));
  const short = n - whole.reduce((a, b) => a + b, 0);
  const falling = [...sizes.keys()].sort((i, j) => rest[j] - rest[i] || i - j);
  for (const i of falling.slice(0, short)) whole[i] += 1;
  return whole;
}
