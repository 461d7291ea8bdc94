/** What happens after the draw: each event stands there before the randomness that answers it. */

import { checkForm } from "../beacon.js";
import { hex, shown } from "../bytes.js";
import { VerificationError } from "../errors.js";
import { isVisible } from "../visible.js";
import { SHA256 } from "../suite.js";
import {
  LATER, SPEC, isObject, numbered, readObject, refuseOtherFields,
} from "./files.js";
import { secondOf } from "./moments.js";
import { refuseIfKnown, source } from "./sources.js";
import { within } from "./within.js";

const FIELDS = [
  "@spec", "number", "event", "site", "officer", "reason", "evidence", "recorded_at", "outcome",
  "previous", "beacon",
];
const TEXTS = {
  event: /^(recusal|closure)$/,
  evidence: /^([0-9a-f]{64})?$/,
  recorded_at: /^[0-9TZ:-]{20}$/,
  site: /^.{1,64}$/u,
  reason: /^.{1,200}$/u,
};

/**
 * @typedef {object} Event
 * @property {number} number
 * @property {string} name of its file, without the suffix
 * @property {string} digest SHA-256 of the file, in hex
 * @property {Uint8Array} data the file
 * @property {object} body
 * @property {object} source the identity of the beacon that answers it
 * @property {?object} answer its replacement, once drawn
 */

/**
 * Return the events of a record in order; refuse a gap, a broken chain or an early answer.
 * @returns {Event[]}
 */
export function readEvents(files) {
  const names = Object.keys(files).filter((name) => LATER.test(name));
  const count = names.filter((name) => name.startsWith("event")).length;
  const events = [];
  while (events.length < count) events.push(eventOf(files, events.length + 1, events.at(-1)));
  const answers = events.filter(({ answer }) => answer).length;
  if (names.length === count + answers && !events.slice(answers).some(({ answer }) => answer)) {
    return events;
  }
  throw new VerificationError(
    `events and replacements are not numbered without gaps: ${names.sort().join(", ")}`,
    `事件与替换的编号不连续：${names.sort().join(", ")}`,
  );
}

/** Return the value that answered an event, in its one form. */
export function valueOf({ answer, source: identity }) {
  checkForm(identity, answer.value);
  return answer.value;
}

function eventOf(files, number, before) {
  const file = numbered("event", number);
  const body = readObject(files, file);
  within(file, () => checkEvent(files, number, body, before));
  const answer = numbered("replacement", number);
  return {
    ...{ number, body, name: file.replace(".json", ""), data: files[file] },
    digest: hex(SHA256.digest(files[file])),
    source: source(body.beacon),
    answer: answer in files ? answerOf(files, answer, body.event) : null,
  };
}

/** Return the answer to an event; its form alone is looked at. */
function answerOf(files, file, event) {
  const body = readObject(files, file);
  const { officer, borrowed, substitute, team } = body;
  const sound = event === "recusal"
    ? typeof officer === "string" && typeof borrowed === "boolean"
    : typeof substitute === "string" && Array.isArray(team) && team.every(isSeat);
  if (sound) return body;
  throw new VerificationError(`${file}: is no answer to a ${event}`, `${file}：不是对 ${event} 的应答`);
}

function isSeat(value) {
  const { seat, officer, borrowed } = isObject(value) ? value : {};
  return [seat, officer].every((text) => typeof text === "string") && typeof borrowed === "boolean";
}

function checkEvent(files, number, body, before) {
  refuseOtherFields(body, FIELDS);
  const officer = body.event === "recusal" ? TEXTS.site : /^$/;
  for (const [field, form] of Object.entries({ ...TEXTS, officer })) {
    const got = body[field];
    if (typeof got === "string" && form.test(got) && isVisible(got)) continue;
    throw new VerificationError(`${field} is ${shown(got)}`, `${field} 为 ${shown(got)}，格式不符`);
  }
  checkPlace(files, number, body, before);
  refuseIfKnown(source(body.beacon), secondOf("recorded_at", body.recorded_at));
}

/** Refuse an event that belongs elsewhere: to another draw, or after another event. */
function checkPlace(files, number, body, before) {
  const earlier = before?.body.recorded_at ?? readObject(files, "announcement.json").announced_at;
  const want = {
    "@spec": `${SPEC} event`,
    number,
    outcome: hex(SHA256.digest(files["outcome.json"] ?? new Uint8Array(0))),
    previous: before?.digest ?? "",
  };
  for (const [field, wanted] of Object.entries(want)) {
    if (body[field] !== wanted) refuse(field, body[field], wanted);
  }
  if (body.recorded_at < earlier) refuse("recorded_at", body.recorded_at, `${earlier} or later`);
}

function refuse(field, got, want) {
  throw new VerificationError(
    `${field} is ${shown(got)}; want ${want}`,
    `${field} 为 ${shown(got)}，应为 ${want}`,
  );
}
