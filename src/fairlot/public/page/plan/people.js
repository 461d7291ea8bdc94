/** Officers and experts side by side, ids ascending: a person's position is their number. */

import { awayThroughout, presence } from "./presence.js";

/**
 * @typedef {object} Person
 * @property {string} id
 * @property {boolean} expert and so no officer
 * @property {string} bureau_id "" of an expert
 * @property {string} station_id "" where there is none
 * @property {string} department
 * @property {string} employer_uscc of an expert
 * @property {string[]} skills
 * @property {number} seniority
 * @property {number} cap most visits
 * @property {number} least fewest visits; none of who must stay at home
 * @property {boolean} licensed to the last day of the window
 * @property {boolean} able nothing keeps them at home
 */

/**
 * Return everybody who may be drawn into a team: experts only where there is a seat for one.
 * @param {{officers: object[], experts: object[], absences: object[]}} tables
 * @param {object} plan
 * @returns {Person[]}
 */
export function peopleOf({ officers, experts, absences }, { team, visits }) {
  const away = awayThroughout(absences, visits);
  const invited = team.seats.includes("expert") ? experts : [];
  const everybody = [
    ...officers.map((row) => officer(row, presence(row, away, visits))),
    ...invited.map((row) => expert(row, team.expert_cap)),
  ];
  return everybody.sort((a, b) => Number(a.id > b.id) - Number(a.id < b.id));
}

function officer(row, { licensed, able }) {
  return {
    id: row.officer_id,
    expert: false,
    bureau_id: row.bureau_id,
    station_id: row.station_id,
    department: row.department,
    employer_uscc: "",
    skills: row.skills.split(";"),
    seniority: row.seniority,
    cap: row.max_tasks,
    least: able ? row.min_tasks : 0,
    licensed,
    able,
  };
}

/** An expert holds no office and no licence. */
function expert(row, cap) {
  return {
    id: row.expert_id,
    expert: true,
    bureau_id: "",
    station_id: "",
    department: "",
    employer_uscc: row.employer_uscc,
    skills: row.skills.split(";"),
    seniority: 0,
    cap,
    least: 0,
    licensed: true,
    able: true,
  };
}

/** Return the numbers of the officers whom a limit of the plan holds for. */
export function within(people, { bureau, department }) {
  const holds = ({ expert, bureau_id: own, department: of }) =>
    !expert && own === (bureau ?? own) && of === (department ?? of);
  return [...people.keys()].filter((number) => holds(people[number]));
}
