/**
 * Verification: do the draw again from the record alone and compare. Every numbered step holds,
 * fails (with what was got and wanted), or is not shown (with what would show it).
 */

import * as beacon from "../beacon.js";
import { shown, text } from "../bytes.js";
import { VerificationError } from "../errors.js";
import { headOf, openAnnounced, seedOf } from "./announced.js";
import {
  ANNOUNCED, BOUND, DIGESTS, LATER, OUTCOME, PROOFS, SWITCH, checkedFiles,
} from "./files.js";
import { momentText, secondOf } from "./moments.js";
import { cameFrom } from "./outcome.js";
import { locksOpened } from "./people.js";
import { redo } from "./redo.js";
import { openSeal } from "./seal.js";
import { named, refuseIfFuture, source } from "./sources.js";
import { STEPS, Steps, fails, holds, notShown } from "./steps.js";
import { WITNESSES, keysOf, signers } from "./switch.js";
import { seenInTime } from "./time.js";

const SHOWN = 5; // names that a message repeats
const NOBODY = { key: "", logs: [], witnesses: [], stamps: "", audit: false };

/**
 * Return every step with its verdict, and what was made on the way; refuses no record for what its
 * files contain.
 * @param {Object<string, Uint8Array>} files
 * @param {object} reader now (Unix seconds), pins (key, logs, witnesses: vkeys known from
 *   elsewhere; stamps: certificates in PEM; audit: whether every row must be shown), begin (is told
 *   every step, how many are done, of how many)
 * @returns {{steps: object[], made: object}} made: head, announced, came, seed and what `redo`
 *   returns, as far as the record holds
 */
export function checks(files, { now, pins = NOBODY, begin }) {
  checkedFiles(files);
  const steps = new Steps(STEPS, begin);
  const head = steps.do("announcement", () => headOf(files));
  const made = head ? judged(steps, files, head, { now, pins }) : {};
  steps.judge("notice", () => noticed(files, steps.holds("signature")));
  return { steps: steps.inOrder(), made };
}

function judged(steps, files, head, { now, pins }) {
  steps.judge("files", () => allThere(files, head));
  steps.judge("signature", () => signed(files, head, pins.key));
  steps.judge("human", () => human(head.body.human));
  const announced = opened(steps, files, head);
  const made = { head, announced, ...drawn(steps, files, announced ?? head, { now, pins }) };
  steps.judge("disclosure", () => disclosed(files, announced ?? head, now, pins.audit));
  steps.judge("time", () => seenInTime(files, head, pins));
  steps.judge("unique", () => notShown(
    "no other record was given; the public log of all announcements would show it",
    "没有提供其他记录；需公开的公告日志证明",
  ));
  return made;
}

function opened(steps, files, head) {
  if ("opening.json" in files || !head.plan.proof.opens) {
    return steps.do("registers", () => openAnnounced(files, head));
  }
  steps.judge("registers", () => sealed(head));
  return undefined;
}

/** Judge the randomness, and everything that follows from it. */
function drawn(steps, files, announced, { now, pins }) {
  if (!("outcome.json" in files)) return waiting(steps, files, announced, now);
  const came = steps.do("randomness", () => cameFrom(files, announced));
  if (!came) return {};
  steps.judge("randomness", () => vouched(files, announced, pins));
  steps.judge("beacon", () => attested(came, now));
  if (!announced.tables) {
    if (!("opening.json" in files)) steps.leave(sealed(announced).note);
    return { came };
  }
  const seed = steps.do("custodians", () => seedOf(announced, came));
  if (seed) steps.judge("custodians", () => locksOpened(announced.body.custodians, announced.opening));
  return { came, seed, ...(seed ? redo(steps, files, announced, came, seed, now) : {}) };
}

/** Judge an announcement that waits for its draw: nothing of a draw is here to be checked. */
function waiting(steps, files, { body }, now) {
  if (hasBegun(files)) return {};
  steps.judge("randomness", () => undrawn(source(body.beacon), now));
  steps.leave({ en: "not drawn yet", zh: "尚未抽取" });
  return {};
}

function undrawn(beacon, now) {
  const [name, at] = [named(beacon), momentText(beacon.time)];
  if (beacon.time > now) {
    return notShown(`not drawn yet: ${name} comes out at ${at}`, `尚未抽取：${name} 将于 ${at} 公布`);
  }
  return notShown(
    `not drawn yet, though ${name} was due at ${at}; outcome.json would show it`,
    `尚未抽取，而 ${name} 应已于 ${at} 公布；需 outcome.json 证明`,
  );
}

/** Say whether anything here follows a draw. */
function hasBegun(files) {
  const later = [...OUTCOME, ...BOUND];
  return Object.keys(files).some((name) => later.includes(name) || LATER.test(name));
}

/** Refuse a record that lacks a file, or has one that no step reads: it would look verified. */
function allThere(files, { plan: { proof } }) {
  const { must, may } = dueFiles(files, proof);
  const missing = must.filter((name) => !(name in files)).sort().join(", ");
  if (missing) throw new VerificationError(`${missing} is missing`, `缺少 ${missing}`);
  const known = new Set([...must, ...may]);
  const strange = Object.keys(files).filter((name) => !known.has(name) && !follows(name, files));
  if (!strange.length) return holds();
  const list = strange.sort().slice(0, SHOWN).join(", ");
  throw new VerificationError(
    `${list} does not belong to this record`,
    `本记录中不应有 ${list}`,
  );
}

/** Return which files a record of this view must hold, and which others it may. */
function dueFiles(files, { opens, view }) {
  const begun = hasBegun(files);
  if (opens && !("opening.json" in files)) {
    const must = ["announcement.json", ...(begun ? ["outcome.json"] : []), DIGESTS];
    return { must, may: begun ? [...BOUND, SWITCH] : [SWITCH] };
  }
  const veiled = view === "pseudonymous";
  const closed = veiled ? "sites.jsonl" : "openings.jsonl";
  const later = begun ? [...OUTCOME, ...BOUND] : [];
  const must = [...ANNOUNCED, ...later, DIGESTS].filter((name) => name !== closed);
  return { must, may: veiled ? [closed, SWITCH] : [SWITCH] };
}

/** Say whether a file is a later change, or the proof of a file that is there. */
function follows(name, files) {
  const [stem] = name.split(".");
  if (PROOFS.test(name)) return `${stem}.json` in files || `${stem}.txt` in files;
  return LATER.test(name) && "opening.json" in files;
}

function signed(files, { body: { key: own } }, key) {
  if (key && key !== own) {
    throw new VerificationError(
      `the record is signed by ${shown(own)}; want ${key}`,
      `记录由 ${shown(own)} 签名，应为 ${key}`,
    );
  }
  openSeal(files, own);
  if (key) return holds();
  return holds(
    `by the key that the record names, ${own}; compare it with the authority's`,
    `签名密钥为记录自述的 ${own}；请与主管机关公布的密钥核对`,
  );
}

function human(given) {
  if (!given.length) return holds("none was given", "无人工输入");
  const bits = given.reduce((sum, one) => sum + bitsOf(one), 0);
  const [names, namesZh] = [", ", "、"].map((mark) => given.map(({ by }) => by).join(mark));
  return holds(
    `${bits} bits by ${names} stand in the announcement, which salts the seed`,
    `公告内含 ${namesZh} 提供的 ${bits} 比特，并以公告为种子加盐`,
  );
}

/** Return how many bits honest digits hold, rounded down. */
function bitsOf({ kind, digits }) {
  const count = (kind === "dice" ? 10n : 16n) ** BigInt(digits.length);
  return count.toString(2).length - 1;
}

function sealed({ plan: { proof } }) {
  return notShown(`sealed until ${proof.opens}`, `封存至 ${proof.opens}`);
}

/** Whom the announcement names as witnesses of a switch may be the authority under two names. */
function vouched(files, { body }, pins) {
  if (!(SWITCH in files)) return holds();
  const signed = signers(text(files[SWITCH]), body.witnesses);
  const known = keysOf(pins.witnesses);
  if (keysOf(signed).filter((key) => known.includes(key)).length >= WITNESSES) return holds();
  return notShown(
    `the beacon was switched on the word of ${signed.join(", ")}, whom only the announcement names; ` +
      "their keys, as you know them from elsewhere, would show it",
    `信标切换由 ${signed.join("、")} 签名见证，其身份仅由公告自述；需以您从他处获知的公钥证明`,
  );
}

function attested({ identity, value }, now) {
  refuseIfFuture(identity, now);
  const { shown: verified, en, zh } = beacon.read(identity, value);
  return verified ? holds(en, zh) : notShown(en, zh);
}

/** Judge the view that a record gives at the moment `now`. */
function disclosed(files, { body, plan, whole }, now, audit) {
  const { opens, view } = plan.proof;
  if (opens && !("opening.json" in files)) {
    if (now < secondOf("opens", `${opens}T00:00:00Z`)) return sealed({ plan });
    const names = body.custodians.map(({ name }) => name);
    const [held, heldZh] = [", ", "、"].map((mark) => names.join(mark));
    return fails(
      `was to be opened on ${opens}, and is not; custodians: ${held}`,
      `应于 ${opens} 公开，但未公开；保管人：${heldZh}`,
    );
  }
  if (audit && !whole) {
    return fails(
      "an audit needs the full record: the private columns are not here",
      "审计需要完整记录：此处没有非公开列",
    );
  }
  if (view === "open" || whole) return holds("every row is shown", "全部数据已公开");
  if (!("outcome.json" in files)) {
    return holds("what the selection uses is shown; nothing is drawn yet", "抽取所用数据已公开；尚未抽取");
  }
  return holds(
    "the drawn rows are opened; the others are shown to auditors and to each site itself",
    "抽中者已开启；其余数据仅供审计及各场所自查",
  );
}

function noticed(files, isSigned) {
  const names = BOUND.join(", ");
  if (!BOUND.every((name) => name in files)) {
    return notShown(`${names} is not there yet`, `尚无 ${names}`);
  }
  if (!isSigned) {
    return fails(
      `${names} is bound only by the signed digests, and those do not hold`,
      `${names} 仅由签名摘要绑定，而签名摘要不成立`,
    );
  }
  return holds(
    `${names} is bound by its signed digest; it was not made again`,
    `${names} 由签名摘要绑定，未重新生成`,
  );
}
