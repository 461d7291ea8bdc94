/** What a record says of its draw, in few words and in its lists. */

import { hex } from "../bytes.js";
import { readEvents } from "./events.js";
import { LISTS } from "./files.js";
import { readList } from "./lists.js";
import { readOutcome } from "./outcome.js";

/**
 * Return the summary of a record (see worker.js); null where its announcement cannot be read.
 * @param {object} files
 * @param {object} made by `checks`
 */
export function summary(files, { head, seed }) {
  if (!head) return null;
  const { body, plan } = head;
  const { authority, scope, period, task, visits } = plan;
  const rows = (register) => body.registers[register]?.rows ?? null;
  const outcome = attempt(() => readOutcome(files), null);
  return {
    ...{ authority, scope, period, task, view: plan.proof.view, hash: plan.proof.suite },
    ...{ key: body.key, sequence: body.sequence, announced_at: body.announced_at },
    ...{ window: visits, beacon: body.beacon, custodians: body.custodians.map(({ name }) => name) },
    ...{ sites: rows("sites"), people: { officers: rows("officers"), experts: rows("experts") } },
    ...{ drawn: outcome?.drawn ?? null, value: outcome?.value ?? null },
    seed: seed ? hex(seed) : null,
    lists: listsOf(files),
    events: attempt(() => readEvents(files), []).map(told),
  };
}

function listsOf(files) {
  const names = LISTS.slice(1).filter((name) => `${name}.csv` in files);
  const read = names.map((name) => [name, attempt(() => readList(files[`${name}.csv`]), null)]);
  return Object.fromEntries(read.filter(([, list]) => list));
}

function told({ number, body, answer }) {
  const { event, site, officer, reason, recorded_at } = body;
  return { number, event, site, officer, reason, recorded_at, answer };
}

/** Return what a file says, or `otherwise` where it is none: the steps tell what is wrong. */
function attempt(work, otherwise) {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
