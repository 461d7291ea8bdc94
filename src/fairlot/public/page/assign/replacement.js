/** `replacement/1`: an officer drops out, and only the places they leave are drawn anew. */

import { InvalidInput } from "../errors.js";
import { completionOf, completions, numberOf, takenBy } from "./completions.js";
import { without, vacated } from "./dropout.js";
import { firstChoices, restOf } from "./one_by_one.js";
import { placeSeat } from "./problem.js";
import { NotConverged } from "./refusals.js";
import { checkTeams } from "./team_check.js";
import { teamsOf } from "./teams.js";

export const DESIGN = "replacement/1";

/** Where the candidates combine in more ways, places are filled one after the other. */
const COMBINATIONS = 100000;
/** Words of which one is good for at most 10^5 choices, but for a chance of 2^-47 each. */
const TRIES = 8;

/**
 * Return who can take the places of an officer, and with what chance; draws nothing.
 *
 * All other places stay as they are. Of the answer: problem (as it stands without the officer),
 * teams, officer (position), places (ascending), candidates (of each place: positions, ascending),
 * chances (of each place, beside its candidates, exact fractions as text; empty where they depend
 * on the places before), method ("joint": every completion is equally likely; "in order": one place
 * after the other, everyone equally likely with whom the places after it can still be filled),
 * vacant, counted.
 *
 * @param {object} problem the one the teams were drawn for; after a replacement, its `problem`
 * @param {string} officer the id of who drops out
 * @param {string[]} [sites] the ids of the sites they leave; all of theirs if left out
 */
export function replacement(problem, teams, officer, sites) {
  checkTeams(problem, teams, true);
  const who = problem.officers.indexOf(officer);
  if (who < 0) throw invalid(`officer ${officer} is unknown`, `检查人员 ${officer} 不存在`);
  const places = placesLeft(problem, teams, who, sites);
  const after = without(problem, teams, who, places);
  const vacant = vacated(after, teams, who, places);
  const few = vacant.tasks.reduce((n, _, p) => n * (vacant.ptr[p + 1] - vacant.ptr[p]), 1);
  const found = few <= COMBINATIONS ? jointly(vacant) : inOrder(vacant);
  return { problem: after, teams, officer: who, places, vacant, ...found };
}

function jointly(vacant) {
  const counted = completions(vacant);
  const number = numberOf(counted);
  if (number === 0) firstChoices(vacant); // which says why
  const taken = takenBy(counted);
  return {
    candidates: taken.map((edges) => [...edges.keys()].map((e) => vacant.idx[e])),
    chances: taken.map((edges) => [...edges.values()].map((n) => fraction(n, number))),
    completions: number,
    method: "joint",
    counted,
  };
}

function inOrder(vacant) {
  const first = firstChoices(vacant).map((e) => vacant.idx[e]);
  const later = [...vacant.tasks.keys()].slice(1);
  const row = (p) => Array.from(vacant.idx.subarray(vacant.ptr[p], vacant.ptr[p + 1]));
  return {
    candidates: [first, ...later.map(row)],
    chances: [first.map(() => fraction(1, first.length)), ...later.map(() => [])],
    completions: null,
    method: "in order",
    counted: null,
  };
}

/**
 * Draw the officers of the vacated places; every other place stays as it was.
 *
 * "joint" takes one of the completions, numbered from 0 in lexicographic order; "in order" takes
 * for each place one of its candidates likewise.
 *
 * @param {{ words: function(number): BigUint64Array }} stream gives the next n words
 */
export function replace(found, stream) {
  const { problem, vacant, counted, completions: number } = found;
  const taken = counted
    ? completionOf(counted, oneOf(number, stream)).map((e) => vacant.idx[e])
    : drawnInOrder(vacant, stream);
  const officer = found.teams.officer.slice();
  found.places.forEach((place, k) => {
    officer[place] = taken[k];
  });
  return teamsOf(problem, ascending(problem, officer), DESIGN);
}

function drawnInOrder(begun, stream) {
  const taken = [];
  let vacant = begun;
  for (let left = begun.tasks.length; left > 0; left--) {
    const edges = firstChoices(vacant);
    const officer = vacant.idx[edges[oneOf(edges.length, stream)]];
    taken.push(officer);
    if (left > 1) vacant = restOf(vacant, officer);
  }
  return taken;
}

/** Return one of 0 to n - 1: the first word below the last multiple of n up to 2^64, modulo n. */
function oneOf(n, stream) {
  const below = ((1n << 64n) / BigInt(n)) * BigInt(n);
  for (let tries = 0; tries < TRIES; tries++) {
    const [word] = stream.words(1);
    if (word < below) return Number(word % BigInt(n));
  }
  throw new NotConverged(
    `${TRIES} words in a row are at or above ${below}: that is not chance`,
    `连续 ${TRIES} 个随机数不小于 ${below}：并非随机`,
  );
}

/** Return the officers of each seat in order. */
function ascending(problem, officer) {
  const seat = placeSeat(problem);
  const order = [...officer.keys()];
  order.sort((one, other) => seat[one] - seat[other] || officer[one] - officer[other]);
  return Int32Array.from(order, (place) => officer[place]);
}

/** Return the places an officer leaves, ascending. */
function placesLeft(problem, teams, who, sites) {
  const seat = placeSeat(problem);
  const at = new Map();
  teams.officer.forEach((o, place) => {
    if (o === who) at.set(problem.tasks[problem.seat_task[seat[place]]], place);
  });
  const named = sites ?? [...at.keys()];
  if (named.length === 0 || !named.every((site) => at.has(site))) {
    throw invalid(
      `officer ${problem.officers[who]} is not in the team of every site named`,
      `检查人员 ${problem.officers[who]} 不在所指明的检查组中`,
    );
  }
  return [...new Set(named.map((site) => at.get(site)))].sort((one, other) => one - other);
}

/** Return a fraction in lowest terms as text, "1" for the whole. */
function fraction(above, below) {
  let [greater, lesser] = [below, above];
  while (lesser > 0) [greater, lesser] = [lesser, greater % lesser];
  return above === below ? "1" : `${above / greater}/${below / greater}`;
}

function invalid(en, zh) {
  return new InvalidInput(en, zh);
}
