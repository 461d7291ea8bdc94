/** Everything that a record shows about one site, and the proofs of it. */

import { hex } from "../bytes.js";
import { hashAt, inclusionProof, levels } from "../merkle.js";
import { applied, reason } from "../plan/rules.js";
import { D } from "../sample/whole_numbers.js";
import { decide, selectionTickets, share } from "./draw.js";
import { teamOf } from "./replacing.js";

const WORDS = 5;
const UNTOLD = "–";

/**
 * Return what there is about the site called `id` (see worker.js).
 * @param {object} made by `checks`
 * @param {string} id of the roster; for an opened row also the one behind the pseudonym
 */
export function site(made, id) {
  const { announced } = made;
  const row = announced?.tables ? rowOf(announced.tables, id) : -1;
  if (row < 0) return { found: false };
  const decided = made.decided ?? decide(announced);
  const standing = announced.tables.standings[row];
  const { private: _, site: name, ...cells } = standing;
  return {
    ...{ found: true, site: name, row: row + 1, standing: cells },
    private: isOpen(made, row) ? announced.tables.sites[row] : null,
    leaf: hex(hashAt(announced.leaves.sites, row)),
    tickets: made.seed ? ticketsOf(made, row) : [],
    ...{ chance: chanceOf(decided, row), outcome: outcomeOf(made, decided, row) },
    why: why(made, decided, row),
    ...visit(made, name),
    roster: placed(announced.leaves.sites, row, announced.suite),
    result: made.results ? resultAt(made, row) : null,
  };
}

function rowOf({ standings, sites }, id) {
  const named = standings.findIndex((row) => row.site === id);
  return named < 0 ? sites.findIndex((row) => row.site_id === id) : named;
}

/** Say whether the private columns of a row are known. */
function isOpen({ announced, drawn, stand }, row) {
  return announced.whole || [...(drawn ?? []), ...(stand?.stoodIn ?? [])].includes(row);
}

function ticketsOf({ announced, seed }, row) {
  const leaf = hashAt(announced.leaves.sites, row);
  const tickets = selectionTickets(announced, leaf, seed);
  const words = Array.from({ length: WORDS }, () => tickets.words(1)[0]);
  return words.map((word) => word.toString(16).padStart(16, "0"));
}

function chanceOf({ rule, numerator }, row) {
  const amount = numerator[row];
  return { rule: rule[row], numerator: String(amount), of: String(D), pi: share(amount) };
}

function outcomeOf({ drawn }, { numerator }, row) {
  if (!drawn) return null;
  if (drawn.includes(row)) return "drawn";
  return numerator[row] > 0 ? "not drawn" : "excluded";
}

/** What a pseudonymous view keeps of a rule is told where the row is open; of a weight always. */
function why(made, { rule, detail }, row) {
  const { plan, tables } = made.announced;
  const own = isOpen(made, row) ? applied(plan, tables.sites[row]).detail : detail[row];
  const { weight } = tables.standings[row];
  return reason(rule[row], own || (rule[row] === "weighted" ? weight : UNTOLD));
}

function visit({ stand, days, events = [] }, name) {
  const answers = events.filter(({ answer }) => answer);
  const concerns = ({ answer, body }) => body.site === name || answer?.substitute === name;
  const closed = answers.some(({ body }) => body.event === "closure" && body.site === name);
  const team = stand && !closed ? teamOf(stand, name) : [];
  const day = days?.find(({ site_id: id }) => id === name);
  const { week, first, last, place } = day ?? {};
  return {
    team: team.map(({ seat, officer_id: officer, borrowed }) => ({ seat, officer, borrowed })),
    week: day ? { week, first, last, place } : null,
    changes: events.filter(concerns).map(({ number }) => number),
  };
}

function resultAt({ announced, results }, row) {
  const { leaves, columns } = results;
  const said = Object.entries(columns).map(([name, cells]) => [name, cells[row]]);
  return {
    ...{ leaf: hex(hashAt(leaves, row)), says: Object.fromEntries(said) },
    ...placed(leaves, row, announced.suite),
  };
}

function placed(leaves, index, suite) {
  const tree = levels(leaves, suite);
  const size = leaves.length / tree.at(-1).length;
  const proof = inclusionProof(tree, index).map(hex);
  return { index, size, root: hex(tree.at(-1)), proof };
}
