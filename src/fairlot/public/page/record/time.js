/**
 * Who else saw the announcement, and when? Only a clock that is not the authority's shows that the
 * announcement came first: here a witness of the log whom the reader pinned.
 */

import { hex, text } from "../bytes.js";
import { encode } from "../canonical.js";
import { readCheckpoint } from "../checkpoint.js";
import * as inclusion from "../inclusion.js";
import { parseVkey } from "../note.js";
import { SHA256 } from "../suite.js";
import { readEvents } from "./events.js";
import { SWITCH, readObject } from "./files.js";
import { momentText, secondOf } from "./moments.js";
import { refuseIfKnown, source } from "./sources.js";
import { fails, holds, notShown } from "./steps.js";
import { checkSwitch } from "./switch.js";
import { within } from "./within.js";

const MAX_INCLUSION = 1 << 21;
const WORST_FIRST = ["fails", "not shown", "holds"];

/**
 * Judge whether the announcement, every event and a switch came before their randomness.
 * @param {object} files
 * @param {object} head the announcement
 * @param {{logs: string[], witnesses: string[]}} pins vkeys
 */
export function seenInTime(files, head, pins) {
  const beacon = source(head.body.beacon);
  refuseIfKnown(beacon, secondOf("announced_at", head.body.announced_at));
  const found = dueOf(files, head, beacon).map((due) => judged(due, files, head, pins));
  // Nothing follows from when an outcome was seen, yet a proof of it must be one.
  if ("outcome.json" in files) firstSeen(files, "outcome", head, pins);
  const verdict = WORST_FIRST.find((worst) => found.some((one) => one.verdict === worst));
  const notes = found.filter((one) => one.verdict === verdict).map(({ note }) => note);
  const [en, zh] = [["en", "; "], ["zh", "；"]].map(([lang, mark]) =>
    notes.map((note) => note[lang]).join(mark),
  );
  return { verdict, note: { en, zh } };
}

/** Return when the randomness of each file came out, and how many seconds before it was due. */
function dueOf(files, head, beacon) {
  const { margin } = head.plan.proof;
  const events = readEvents(files).map(({ name, source: { time } }) => ({ name, time, margin }));
  const due = [{ name: "announcement", time: beacon.time, margin }, ...events];
  if (!(SWITCH in files)) return due;
  // The moment in the note is the witnesses' own word: by it they would choose the fallback.
  const { time } = checkSwitch(text(files[SWITCH]), head.digest, head.body);
  return [...due, { name: "switch", time, margin: 0 }];
}

function judged({ name, time, margin }, files, head, pins) {
  const first = firstSeen(files, name, head, pins);
  if (first === undefined) return unseen(name, files);
  if (first > time - margin) return late(name, first, time, margin);
  const seen = momentText(first);
  return holds(
    `${name} seen by a witness of the log at ${seen}`,
    `${name} 由日志见证人于 ${seen} 见证`,
  );
}

/** Return the bytes that stand in the log for a file of the record. */
function entryOf(files, name, { body, plan }) {
  const { authority, scope, period, task } = plan;
  const [kind] = name.split("-");
  const digest = hex(SHA256.digest(files[name === "switch" ? SWITCH : `${name}.json`]));
  const draw = { "@spec": "fairlot.log/v1 entry", kind, authority, scope, period, task, digest };
  if (kind !== "announcement") return encode(draw);
  const { time } = source(body.beacon);
  const { opens } = plan.proof;
  const { root } = body.registers.sites;
  return encode({ ...draw, sequence: body.sequence, round_time: time, opens, rosters: root });
}

/** Return when the first pinned witness saw a file in a pinned log, in Unix seconds. */
function firstSeen(files, name, head, { logs, witnesses }) {
  const place = `${name}.log.json`;
  if (!(place in files) || !logs.length) return undefined;
  const file = readObject(files, place, MAX_INCLUSION);
  return within(place, () => {
    const { origin } = readCheckpoint(file.checkpoint);
    const log = logs.find((vkey) => parseVkey(vkey).name === origin) ?? logs[0];
    return inclusion.verify(file, entryOf(files, name, head), log, witnesses)[0];
  });
}

function late(name, first, comes, margin) {
  const [seen, came] = [momentText(first), momentText(comes)];
  return fails(
    `${name} was seen at ${seen}; its randomness came out at ${came}, the margin is ${margin} s`,
    `${name} 于 ${seen} 见证；随机数公布于 ${came}，要求提前 ${margin} 秒`,
  );
}

function unseen(name, files) {
  if (`${name}.tsr` in files) {
    return notShown(
      `${name}.tsr is not checked here: fairlot verify checks it`,
      `本页不核验 ${name}.tsr：请用 fairlot verify 核验`,
    );
  }
  if (`${name}.log.json` in files) {
    return notShown(
      `${name}.log.json is there, but no witness whose key you gave signed it`,
      `已有 ${name}.log.json，但没有所给公钥的见证人签名`,
    );
  }
  return notShown(
    `only the authority says when ${name} was published; a time stamp by someone else, or a ` +
      "witnessed log, would show it",
    `${name} 的公布时间仅由主管机关自述；需第三方时间戳或有见证的日志证明`,
  );
}
