/** Pools of people: who could take a seat, as far as bureau, rank and skill say. */

/**
 * @typedef {{number: number, tier: number}} Member a person and the tier: 0 for those of the bureau
 *   itself, k for those of its k-th supporting bureau
 */

/** Gathers pools, each once: the sites of one bureau and sector share theirs. */
export class Pools {
  /**
   * @param {import("./people.js").Person[]} people
   * @param {object} team the plan's part on teams
   */
  constructor(people, team) {
    this.people = people;
    this.team = team;
    this.staff = new Map();
    people.forEach(({ bureau_id: id }, number) => {
      if (!this.staff.has(id)) this.staff.set(id, []);
      this.staff.get(id).push(number);
    });
    this.found = new Map();
  }

  /**
   * Return who could take a seat of this kind at a site of `bureau` and these sectors, ascending.
   * @returns {Member[]}
   */
  of(kind, bureau, sectors) {
    const asked = JSON.stringify([kind, bureau, sectors]);
    if (!this.found.has(asked)) {
      const fits = this.fitting(kind, sectors);
      const near = kind === "expert" ? this.everybody() : this.lent(bureau);
      this.found.set(asked, near.filter(({ number }) => fits(this.people[number])));
    }
    return this.found.get(asked);
  }

  fitting(kind, sectors) {
    const skilled = ({ skills }) => sectors.some((sector) => skills.includes(sector));
    return {
      specialist: (person) => !person.expert && skilled(person),
      expert: (person) => person.expert && skilled(person),
      lead: (person) => !person.expert && person.seniority >= this.team.lead_seniority,
      officer: (person) => !person.expert,
    }[kind];
  }

  everybody() {
    return this.people.map((_, number) => ({ number, tier: 0 }));
  }

  /** Return the staff of a bureau and of those that lend to it. */
  lent(bureau) {
    const lenders = Object.hasOwn(this.team.support, bureau) ? this.team.support[bureau] : [];
    const staff = [bureau, ...lenders].flatMap((id, tier) =>
      (this.staff.get(id) ?? []).map((number) => ({ number, tier })));
    return staff.sort((a, b) => a.number - b.number);
  }
}
