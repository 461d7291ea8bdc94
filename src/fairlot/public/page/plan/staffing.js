/** What registers and rules may not say of each other. */

import { InvalidInput } from "../errors.js";
import { within } from "./people.js";

/** Refuse people who stand in both registers, conflicts with oneself, and impossible loads. */
export function refuseRegisters({ officers, experts, conflicts }, { team }) {
  const invited = team.seats.includes("expert") ? experts : [];
  const ids = [...officers.map((row) => row.officer_id), ...invited.map((row) => row.expert_id)];
  const seen = new Set();
  const twice = ids.find((id) => seen.size === seen.add(id).size);
  if (twice !== undefined) refuse(`${twice} stands there twice`, `${twice} 重复`);
  const self = conflicts.find(({ person_id: person, target }) => person === target);
  if (self) refuse(`${self.target} is in conflict with themselves`, `${self.target} 与自身回避`);
  const least = officers.find((row) => row.min_tasks > row.max_tasks);
  if (least) {
    refuse(
      `${least.officer_id} takes at least ${least.min_tasks} visits and at most ${least.max_tasks}`,
      `${least.officer_id} 的任务下限 ${least.min_tasks} 高于上限 ${least.max_tasks}`,
    );
  }
}

/**
 * Refuse rules that name bureaux and officers there are not.
 *
 * An expired licence is no fault, unless with it a bureau of a drawn site that nobody helps has
 * nobody left.
 */
export function refuseRules(sites, people, standings, { team, visits }) {
  refuseSupport(team.support, people, new Set(standings.map((row) => row.bureau_id)));
  for (const limit of team.limits) {
    const name = [limit.bureau, limit.department].filter(Boolean).join(" ");
    if (!within(people, limit).length) refuse(`nobody is of ${name}`, `${name} 没有人员`);
  }
  const manned = new Set(people.filter(({ able }) => able).map((person) => person.bureau_id));
  const alone = (id) => !manned.has(id) && !Object.hasOwn(team.support, id);
  const bureaux = new Set(sites.map((site) => site.bureau_id).filter(alone));
  const expired = people.find((person) => !person.licensed && bureaux.has(person.bureau_id));
  if (expired) {
    refuse(
      `nobody of bureau ${expired.bureau_id} is licensed to ${visits.last}, ${expired.id} for one`,
      `${expired.bureau_id} 无人执法证有效至 ${visits.last}，例如 ${expired.id}`,
    );
  }
}

/** A bureau borrows from other bureaux, each once; a slip must not pass for no help at all. */
function refuseSupport(support, people, known) {
  const staffed = new Set(people.map((person) => person.bureau_id));
  for (const [bureau, lenders] of Object.entries(support)) {
    if (!known.has(bureau)) refuse(`bureau ${bureau} borrows and has no sites`, `${bureau} 没有场所`);
    lenders.forEach((lender, at) => {
      if (lender === bureau || lenders.indexOf(lender) < at) {
        refuse(`bureau ${bureau} borrows from ${lender}`, `${bureau} 拟向 ${lender} 借调`);
      }
      if (!staffed.has(lender)) refuse(`bureau ${lender} lends and has nobody`, `${lender} 没有人员`);
    });
  }
}

function refuse(en, zh) {
  throw new InvalidInput(en, zh);
}
