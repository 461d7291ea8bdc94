/** Pairs that must not meet: conflicts in force, employers, the last team, the own station. */

/**
 * Return for each site the numbers of the people whom a rule on the pair keeps away.
 * @param {object[]} sites rows of the deciding table
 * @param {import("./people.js").Person[]} people
 * @param {object[]} conflicts
 * @param {object} plan
 * @returns {Set<number>[]}
 */
export function exclusions(sites, people, conflicts, { team, visits }) {
  const kept = sites.map(() => new Set());
  const number = new Map(people.map(({ id }, k) => [id, k]));
  const named = sitesByName(sites);
  const keep = (person, name) => named.get(name)?.forEach((site) => kept[site].add(person));
  for (const conflict of conflicts) {
    const person = number.get(conflict.person_id);
    if (person !== undefined && inForce(conflict, visits)) keep(person, conflict.target);
  }
  people.forEach(({ employer_uscc: employer }, person) => keep(person, employer));
  if (team.rotation === "officer") keepLastTeams(sites, number, kept);
  if (team.own_station === "excluded") keepStations(sites, people, kept);
  return kept;
}

/** Any day of the window is enough. */
function inForce({ valid_from: from, valid_to: to }, { first, last }) {
  return from <= last && (to === "" || to >= first);
}

/** Return the sites that an id or a code stands for: a code is one of all its sites. */
function sitesByName(sites) {
  const named = new Map();
  sites.forEach(({ site_id: id, uscc }, site) => {
    for (const name of new Set([id, uscc])) {
      if (!named.has(name)) named.set(name, []);
      named.get(name).push(site);
    }
  });
  named.delete("");
  return named;
}

/** Who has left the register since needs no rule. */
function keepLastTeams(sites, number, kept) {
  sites.forEach(({ last_team: team }, site) => {
    for (const id of team.split(";")) if (number.has(id)) kept[site].add(number.get(id));
  });
}

function keepStations(sites, people, kept) {
  const staff = new Map(sites.map(({ station_id: id }) => [id, []]));
  staff.delete("");
  people.forEach(({ station_id: id }, number) => staff.get(id)?.push(number));
  sites.forEach(({ station_id: id }, site) => {
    for (const number of staff.get(id) ?? []) kept[site].add(number);
  });
}
