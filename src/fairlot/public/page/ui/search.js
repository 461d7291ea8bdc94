// The search: was my site in the roster, why was it drawn or not, who comes, and when?

import { badge } from "./verdicts.js";
import { facts, field, fill, h, hidden, section } from "./dom.js";
import { cellText, columnName, outcomeName, seatName } from "./words.js";

/** The section of the search; `find` looks for a site as if its id had been typed. */
export function search(ask) {
  let view, roster;
  const id = h("input", { type: "search", autocomplete: "off", autocapitalize: "off",
    spellcheck: "false", required: true, maxlength: "200" });
  const answer = h("div", { role: "status", class: "answer" });
  const form = h("form", { class: "line", submit: (event) => (event.preventDefault(), look()) },
    field("site", { en: "Id of the site, as the roster has it", zh: "机构编号（以名录为准）" }, id),
    h("button", {}, { en: "Look", zh: "查询" }));
  const node = hidden(section("search", { en: "One site", zh: "查询机构" }, form, answer));

  async function look() {
    // Ids are NFKC: full-width letters are the same ids.
    const wanted = id.value.normalize("NFKC").trim();
    // Of a roster that is sealed, or not the one announced, nobody can say who is absent.
    if (roster.verdict !== "holds") return fill(answer, ...unknown(roster));
    const { value, refused } = await ask("site", [wanted]);
    fill(answer, ...(refused ? [h("p", {}, badge("fails"), " ", refused)] : told(value, wanted, view)));
  }

  function show(summary, steps = []) {
    view = summary?.view;
    roster = steps.find(({ step }) => step === "registers");
    node.hidden = !summary;
    fill(answer);
  }

  function find(site) {
    id.value = site;
    look();
    node.scrollIntoView();
    id.focus({ preventScroll: true });
  }

  return { node, show, find };
}

function told(site, wanted, view) {
  if (!site.found) return [h("p", { class: "result" }, absent(wanted, view))];
  return [
    h("p", { class: "result" }, headline(site)),
    h("p", {}, because(site)),
    ...visit(site),
    facts(standing(site)),
    h("details", {}, h("summary", {}, { en: "Ticket and proofs", zh: "抽签码与证明" }),
      facts(proofs(site))),
  ];
}

function unknown({ verdict, number, title, note }) {
  const step = { en: `Step ${number}, ${title.en}`, zh: `第 ${number} 步，${title.zh}` };
  return [h("p", { class: "result" }, step, " ", badge(verdict)), h("p", {}, note)];
}

function absent(wanted, view) {
  const named = view === "pseudonymous"
    ? { en: "; this record has pseudonyms, yours is in your door proof or with the authority",
        zh: "；本记录采用化名，贵机构的化名见现场证明或向主管机关查询" }
    : { en: "", zh: "" };
  return { en: `${wanted} is not in the roster${named.en}`, zh: `名录中没有 ${wanted}${named.zh}` };
}

function headline({ site, row, roster, outcome }) {
  const came = outcomeName(outcome ?? "to come");
  return {
    en: `${site} is in the roster, row ${row} of ${roster.size}: ${came.en}`,
    zh: `${site} 在名录中，第 ${row} 行，共 ${roster.size} 行：${came.zh}`,
  };
}

/** The rule that gave a site its chance; where that is neither none nor certainty, the lot. */
function because({ why, chance: { numerator, of, pi } }) {
  const lot = !["0", of].includes(numerator);
  return {
    en: `Why: ${why.en}${lot ? `; then by lot, with a chance of ${pi}` : ""}`,
    zh: `缘由：${why.zh}${lot ? `；再以概率 ${pi} 抽签决定` : ""}`,
  };
}

/** When, who, and whether events after the draw changed that; nothing for a site not visited. */
function visit({ week, team, changes }) {
  const told = [
    week && { en: `Visited in week ${week.week}, ${week.first} – ${week.last}`,
              zh: `检查安排在第 ${week.week} 周，${week.first} 至 ${week.last}` },
    changes.length && { en: `Changed after the draw, by event ${changes.join(", ")}`,
                        zh: `抽取后有变更：第 ${changes.join("、")} 号事件` },
  ];
  const people = team.length ? [h("ul", { class: "team" }, ...team.map(seat))] : [];
  return [...told.filter(Boolean).map((line) => h("p", {}, line)), ...people];
}

function seat({ seat, officer, borrowed }) {
  const from = borrowed ? { en: "borrowed", zh: "借调" } : null;
  return h("li", {}, seatName(seat), ": ", h("code", {}, officer || "–"), " ", from);
}

function standing({ standing, chance, private: closed }) {
  const { detail, ...shown } = standing; // said already: why
  const cells = Object.entries({ ...shown, ...closed }).filter(([, value]) => value !== "");
  return [
    [{ en: "Chance of being drawn", zh: "抽中概率" }, chance.pi],
    ...cells.map(([column, value]) => [columnName(column), cellText(value)]),
  ];
}

function proofs({ leaf, tickets, chance, roster, result }) {
  return [
    [{ en: "Chance, exactly", zh: "概率精确值" }, code(`${chance.numerator} / ${chance.of}`)],
    [{ en: "Leaf", zh: "叶" }, code(leaf)],
    [{ en: "Ticket, five words", zh: "抽签码（五个字）" }, code(tickets.join(" "))],
    [{ en: "Root of the roster", zh: "名录的根" }, code(roster.root)],
    [{ en: "Path to it", zh: "到根的路径" }, code(roster.proof.join(" "))],
    [{ en: "Root of the results", zh: "结果的根" }, result && code(result.root)],
    [{ en: "Path to it", zh: "到根的路径" }, result && code(result.proof.join(" "))],
  ];
}

const code = (text) => h("code", {}, text);
