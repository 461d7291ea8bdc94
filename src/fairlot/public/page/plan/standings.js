/** How every site stands in a draw: all that its quota and its chance follow from. */

import { applied, isKey, multiplierOf } from "./rules.js";

/**
 * @typedef {object} Standing
 * @property {string} site what the site is called in the record
 * @property {string} bureau_id here and below: its groups in the selection
 * @property {string} sector
 * @property {string} class
 * @property {string} rule the rule that applies, before what the quota itself decides
 * @property {boolean} key
 * @property {string} weight the multiplier of its class, as the plan writes it
 * @property {string} detail what is told of the rule; nothing follows from it
 */

/**
 * Return one row a site, row for row with the deciding table of sites.
 * @param {object} plan
 * @param {object[]} sites
 * @returns {Standing[]}
 */
export function standings(plan, sites) {
  return sites.map((site) => ({
    site: site.site_id,
    bureau_id: site.bureau_id,
    sector: site.sector,
    class: site.credit_class,
    key: isKey(plan, site),
    weight: multiplierOf(plan, site.credit_class),
    ...applied(plan, site),
  }));
}
