/**
 * Who else saw the announcement, and when? Only a clock that is not the authority's shows that the
 * announcement came first: an RFC 3161 time stamp by an authority that the reader pinned, or a
 * witness of the log whom the reader pinned.
 */

import { hex, text } from "../bytes.js";
import { encode } from "../canonical.js";
import { cosigners, readCheckpoint } from "../checkpoint.js";
import * as inclusion from "../inclusion.js";
import { parseVkey } from "../note.js";
import { SHA256 } from "../suite.js";
import { readEvents } from "./events.js";
import { SWITCH, readObject } from "./files.js";
import { momentText, secondOf } from "./moments.js";
import { refuseIfKnown, source } from "./sources.js";
import { readStamp } from "./stamp.js";
import { fails, holds, notShown } from "./steps.js";
import { checkSwitch } from "./switch.js";
import { within } from "./within.js";

const MAX_INCLUSION = 1 << 21;
const BARELY = 1; // seconds: a switch was seen before its fallback came out, in whole seconds
const WORST_FIRST = ["fails", "not shown", "holds"];

/**
 * Judge whether the announcement, every event and a switch came before their randomness.
 * @param {object} files
 * @param {object} head the announcement
 * @param {{logs: string[], witnesses: string[], stamps: string}} pins vkeys, and certificates in PEM
 */
export function seenInTime(files, head, pins) {
  const beacon = source(head.body.beacon);
  refuseIfKnown(beacon, secondOf("announced_at", head.body.announced_at));
  const found = dueOf(files, head, beacon).map((due) => judged(due, files, head, pins));
  // Nothing follows from when an outcome was seen, yet a proof of it must be one.
  if ("outcome.json" in files) sightings(files, "outcome", head, pins);
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
  return [...due, { name: "switch", time, margin: BARELY }];
}

function judged({ name, time, margin }, files, head, pins) {
  const seen = sightings(files, name, head, pins).sort((one, two) => one.moment - two.moment);
  if (!seen.length) return unseen(name, files);
  const [{ moment, en, zh }] = seen;
  if (moment > time - margin) return late(name, seen[0], time, margin);
  const at = momentText(moment);
  return holds(`${name} seen by ${en} at ${at}`, `${name} 由${zh}于 ${at} 见证`);
}

/** Return the file of the record that a proof is of. */
function subject(files, name) {
  return files[name === "switch" ? SWITCH : `${name}.json`];
}

/** Return the bytes that stand in the log for a file of the record. */
function entryOf(files, name, { body, plan }) {
  const { authority, scope, period, task } = plan;
  const [kind] = name.split("-");
  const digest = hex(SHA256.digest(subject(files, name)));
  const draw = { "@spec": "fairlot.log/v1 entry", kind, authority, scope, period, task, digest };
  if (kind !== "announcement") return encode(draw);
  const { time } = source(body.beacon);
  const { opens } = plan.proof;
  const { root } = body.registers.sites;
  return encode({ ...draw, sequence: body.sequence, round_time: time, opens, rosters: root });
}

/** Return when those whom the reader pinned saw a file, in Unix seconds, and who they are. */
function sightings(files, name, head, pins) {
  return [stamped(files, name, pins), witnessed(files, name, head, pins)].filter(Boolean);
}

function stamped(files, name, { stamps }) {
  const stamp = `${name}.tsr`;
  if (!(stamp in files) || !stamps) return null;
  const found = within(stamp, () => readStamp(files[stamp], subject(files, name), stamps));
  return { moment: found.moment, en: found.authority, zh: found.authority };
}

/** Return when the first pinned witness saw a file in a pinned log. */
function witnessed(files, name, head, { logs, witnesses }) {
  const place = `${name}.log.json`;
  if (!(place in files) || !logs.length) return null;
  const file = readObject(files, place, MAX_INCLUSION);
  const [first] = within(place, () => {
    const { origin } = readCheckpoint(file.checkpoint);
    const log = logs.find((vkey) => parseVkey(vkey).name === origin) ?? logs[0];
    return inclusion.verify(file, entryOf(files, name, head), log, cosigners(witnesses));
  });
  const [en, zh] = ["a witness of the log", "日志见证人"];
  return first === undefined ? null : { moment: first, en, zh };
}

function late(name, { moment, en, zh }, comes, margin) {
  const [seen, came] = [momentText(moment), momentText(comes)];
  return fails(
    `${name} was seen by ${en} at ${seen}; its randomness came out at ${came}, and the margin is ${margin} s`,
    `${name} 由${zh}于 ${seen} 见证；随机数公布于 ${came}，要求提前 ${margin} 秒`,
  );
}

function unseen(name, files) {
  const proofs = [`${name}.tsr`, `${name}.log.json`].filter((proof) => proof in files);
  if (proofs.length) {
    return notShown(
      `there is ${proofs.join(" and ")}, by no clock that you named: give the authority's certificates, or the keys of log and witness`,
      `已有 ${proofs.join("、")}，但未指定可信的时间戳机构或见证人：请填写时间戳机构证书，或日志与见证人公钥`,
    );
  }
  return notShown(
    `only the authority says when ${name} was published; a time stamp by someone else, or a ` +
      "witnessed log, would show it",
    `${name} 的公布时间仅由主管机关自述；需第三方时间戳或有见证的日志证明`,
  );
}
