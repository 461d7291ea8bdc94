// Two draws of the China Welfare Lottery's 快乐8 (20 of 80 numbers), as witnesses declare them.
// The randomness is a text by the rule of RFC 3797, section 4.

import { compare, shown, utf8 } from "./bytes.js";
import { written } from "./canonical.js";
import { VerificationError } from "./errors.js";
import { isLine } from "./visible.js";

const DRAWN = 20;
const BALLS = 80;
const ISSUE = /^20[2-9][0-9](?!000)[0-3][0-9]{2}$/;
const MAX_WITNESSES = 20;
const DAY = 86400; // seconds
const BEIJING = 8 * 3600; // seconds ahead of UTC

/** What an announcement says of two issues, each YYYYNNN: the NNN-th draw of its year. */
export function identity(issues) {
  const two = Array.isArray(issues) && issues.length === 2 && issues.every(isIssue);
  if (!two || issues[0] >= issues[1]) {
    throw new VerificationError(
      `快乐8 issues are ${shown(issues)}; want two like 2024187, the earlier one first`,
      `快乐8 期号为 ${shown(issues)}，应为两期，形如 2024187，较早者在前`,
    );
  }
  return { source: "kl8", issues, time: earliest(issues[0]) };
}

/** The first second (Unix time) at which the later of two issues can come out. */
export function laterTime(issues) {
  return earliest(issues[1]);
}

/**
 * The text of both draws in ASCII.
 * @param {string[]} issues as announced
 * @param {{ draws: { issue: string, numbers: number[] }[], witnesses: string[] }} value
 */
export function randomness(issues, value) {
  const { draws, witnesses, ...more } = value;
  if (!areDraws(draws, issues) || !areNames(witnesses) || Object.keys(more).length) {
    const got = shown(JSON.stringify(value));
    throw new VerificationError(
      `快乐8 gave ${got}; want two draws of 20 different numbers, ascending, and two witnesses or more`,
      `快乐8 数据为 ${got}，应为两期各 20 个不同号码（升序）及两名以上见证人`,
    );
  }
  return utf8(keyString(draws.map(({ numbers }) => numbers)));
}

/** The text of RFC 3797, section 4, of numbers in which order does not count. */
export function keyString(draws) {
  const texts = draws.map((draw) => [...draw].sort((a, b) => a - b).map((number) => `${number}.`));
  return texts.map((text) => `${text.join("")}/`).join("");
}

// There is one draw a day at most, so the NNN-th of a year is not before its NNN-th day in Beijing.
function earliest(issue) {
  const first = Date.UTC(Number(issue.slice(0, 4)), 0, 1) / 1000;
  return first + (Number(issue.slice(4)) - 1) * DAY - BEIJING;
}

const isIssue = (issue) => typeof issue === "string" && ISSUE.test(issue);

function areDraws(draws, issues) {
  const both = Array.isArray(draws) && draws.length === issues.length;
  return both && draws.every((draw, i) => isDraw(draw, issues[i]));
}

function isDraw(draw, issue) {
  const { numbers, ...rest } = draw ?? {};
  const known = Array.isArray(numbers) && written(rest) === written({ issue });
  return known && numbers.length === DRAWN && numbers.every(isNextBall);
}

const isNextBall = (number, i, numbers) =>
  Number.isInteger(number) && (numbers[i - 1] ?? 0) < number && number <= BALLS;

function areNames(names) {
  const listed = Array.isArray(names) && 2 <= names.length && names.length <= MAX_WITNESSES;
  return listed && names.every(isLine) && names.every(isNextName);
}

/** Names stand in the order of their code points, which is that of their UTF-8. */
const isNextName = (name, i, names) => i === 0 || compare(utf8(names[i - 1]), utf8(name)) < 0;

