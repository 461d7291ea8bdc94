/**
 * The work of the page, beside the page. Ask `{id, task, args}`; every answer carries the same id:
 *
 *   {id, progress: {step, done, total}}   any number of times: step names one of the steps begun
 *   {id, value}                           the result, last
 *   {id, refused: {name, en, zh}}         instead of a value: what was wrong with what was given
 *
 * task "verify", args [{files, now, pins}] -> {steps, summary}; the record stays for "site"
 *   files    {name: Uint8Array}, the names without folders; unknown names are refused by name
 *   now      the reader's clock, Unix seconds
 *   pins     {key: "" or the authority's vkey, logs: [vkey…], witnesses: [vkey…], stamps: "" or PEM,
 *            audit}: keys, and certificates of time-stamp authorities, that the reader knows from
 *            elsewhere, all of which may be empty, and whether it is the auditors' full record, and
 *            every row must be shown
 *   steps    [{number, step, title: {en, zh}, verdict: "holds" | "fails" | "not shown",
 *            note: {en, zh}}]; a note is {} when there is nothing to add
 *   summary  null when the announcement cannot be read; else
 *            {task, authority, scope, period, view, hash, key, sequence, announced_at (ISO),
 *             window: {first, last} (ISO), beacon (its identity), custodians: [name…],
 *             sites (rows of the roster, a number), people: {officers, experts},
 *             drawn (a number, or null before the draw), seed (hex or null), value (the beacon's,
 *             or null), lists: {"drawn": {columns: [name…], rows: [[text…]…]}, "teams": …,
 *             "schedule": …, "coverage": …, "visits": …} as the record publishes them (a list that
 *             is missing is absent here; probabilities are asked for by site),
 *             events: [{number, event, site, officer, reason, recorded_at, answer: null or the body
 *             of its replacement}]}
 *
 * task "site", args [id] -> everything about one site of the record verified last
 *   {found: false}, or {found: true, site, row (from 1), standing: {bureau_id, sector, class, rule,
 *    key, weight, detail}, private: null or its deciding columns, leaf (hex), tickets: [5 words as
 *    hex], chance: {rule, numerator (text), of ("1099511627776"), pi (text)}, outcome: "drawn" |
 *    "not drawn" | "excluded", why: {en, zh}, team: [{seat, officer, borrowed}…] with
 *    replacements made, week: null or {week, first, last, place}, roster: {index, size, root,
 *    proof: [hex…]}, result: null or {index, size, root, leaf, proof: [hex…], says: its columns},
 *    changes: [numbers of the events that concern it]}
 *   before the draw, and when the selection does not hold, outcome is null and tickets may be []
 *
 * task "door", args [{file: Uint8Array, now, pins}] -> {steps, proof: null or what it says}
 *   file     the proof of one site, or that one is not in the roster
 *   steps    as in "verify", of its own; held against the record verified last, if there is one
 *
 * task "compare", args [{one, two, proof: null or [hex…], keys: [vkey…]}] -> {verdict, note}
 *   one, two   checkpoints: the text of signed notes
 *   proof      consistency proof from the smaller to the larger
 *   verdict    "holds": one log, grown; "fails": two stories; "not shown": want a proof
 *
 * task "beacon", args [identity, value] -> what the beacon says (see beacon.js)
 */

import { read } from "./beacon.js";
import { checkAbsence, isAbsence } from "./record/absence.js";
import { compare } from "./record/compare.js";
import { checkDoor } from "./record/door_check.js";
import { site } from "./record/site.js";
import { summary } from "./record/summary.js";
import { checks } from "./record/verify.js";

const TASKS = { beacon: read, compare, door, site: (id) => site(record.made, id), verify };

let record = { files: {}, made: {} }; // the one verified last

onmessage = ({ data: { id, task, args } }) => {
  const progress = (step, done, total) => postMessage({ id, progress: { step, done, total } });
  postMessage({ id, ...answer(TASKS[task], args, progress) });
};

function answer(task, args, progress) {
  try {
    return { value: task(...args, progress) };
  } catch (error) {
    return { refused: { name: error.name, en: error.message, zh: error.zh ?? error.message } };
  }
}

function verify({ files, now, pins }, begin) {
  record = { files: {}, made: {} };
  const { steps, made } = checks(files, { now, pins, begin });
  record = { files, made };
  return { steps, summary: summary(files, made) };
}

function door({ file, now, pins: { logs, witnesses } }) {
  const { "announcement.json": announcement, "outcome.json": outcome } = record.files;
  if (isAbsence(file)) return checkAbsence(file, announcement);
  return checkDoor(file, { announcement, outcome, logs, witnesses, now });
}
