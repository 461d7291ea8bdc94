/** Two more ways to refuse, as in the Python library. */

import { InvalidInput } from "../errors.js";

/** There are no teams that keep all rules; `facts` may say who stands in the way. */
export class Infeasible extends InvalidInput {
  /**
   * @param {string} en
   * @param {string} zh
   * @param {object} facts
   */
  constructor(en, zh, facts = {}) {
    super(en, zh);
    this.facts = facts;
  }
}

/** A search ended without numbers that are good enough to be published. */
export class NotConverged extends InvalidInput {}
