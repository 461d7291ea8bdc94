// The lottery of officers, many problems at a call; a refusal is told by its name.

import { balance } from "/assign/balance.js";
import { effectiveOfficers } from "/assign/effective.js";
import { drawTeams } from "/assign/lottery.js";
import { matrixOf } from "/assign/matrix.js";
import { probabilities } from "/assign/probabilities.js";
import { problemOf } from "/assign/problem.js";
import { quantise } from "/assign/quantise.js";
import { replace, replacement } from "/assign/replacement.js";
import { checkTeams } from "/assign/team_check.js";

class Given {
  #at = 0;

  constructor(words) {
    this.given = BigUint64Array.from(words, BigInt);
  }

  words(n) {
    this.#at += n;
    return this.given.slice(this.#at - n, this.#at);
  }

  get left() {
    return this.given.length - this.#at;
  }
}

export const drawn = (cases) => cases.map((one) => named(() => drawnOne(one)));

function drawnOne({ problem: given, loads, words }) {
  const problem = problemOf(given);
  const chances = probabilities(problem, loads);
  const stream = new Given(words);
  const teams = drawTeams(problem, chances, stream);
  checkTeams(problem, teams);
  const { numerator, residual, rounds, vanished } = chances;
  return {
    ...{ numerator, residual, rounds, vanished, left: stream.left },
    ...{ ptr: chances.problem.ptr, idx: chances.problem.idx },
    ...{ officer: Int32Array.from(teams.officer), borrowed: Int32Array.from(teams.borrowed) },
    ...effectiveOfficers(chances),
    matrix: matrixOf(chances),
  };
}

export const kept = (cases) =>
  cases.map(({ problem, officer, borrowed }) =>
    named(() => checkTeams(problemOf(problem), { officer, borrowed }) ?? "kept"),
  );

export const replaced = (cases) => cases.map(({ problem, officer, borrowed, leaving }) => {
  let teams = { officer: Int32Array.from(officer), borrowed };
  let now = problemOf(problem);
  return leaving.map(({ officer: who, sites, words }) => named(() => {
    const found = replacement(now, teams, who, sites ?? undefined);
    const stream = new Given(words);
    teams = replace(found, stream);
    now = teams.problem;
    const { candidates, chances, method, completions } = found;
    const after = { officer: Int32Array.from(teams.officer), borrowed: [...teams.borrowed] };
    return { candidates, chances, method, completions, left: stream.left, ...after };
  }));
});

export function balanced(network, low, high) {
  const typed = ([name, n]) => [name, Array.isArray(n) ? Int32Array.from(n) : n];
  const of = Object.fromEntries(Object.entries(network).map(typed));
  const limits = [Float64Array.from(low), Float64Array.from(high)];
  const { x, v, residual, rounds } = balance(of, ...limits);
  return { x, v, residual, rounds, numerator: quantise(of, x, ...limits).numerator };
}

export function timed(problem, words) {
  const given = problemOf(problem);
  const began = performance.now();
  const chances = probabilities(given);
  const teams = drawTeams(given, chances, new Given(words));
  checkTeams(given, teams);
  const seconds = (performance.now() - began) / 1000;
  return { seconds, numerator: chances.numerator, officer: teams.officer };
}

function named(work) {
  try {
    return work();
  } catch (error) {
    if (error.zh === undefined) throw error;
    return { refused: error.name, keptAway: error.facts?.keptAway };
  }
}
