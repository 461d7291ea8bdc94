// What test_page_record.py calls: the verdicts of a record, without all that was made on the way.

import { site } from "/record/site.js";
import { checks } from "/record/verify.js";

export function verdicts(files, now, pins) {
  return checks(files, { now, pins }).steps;
}

export function sites(files, now, ids) {
  const { made } = checks(files, { now });
  return ids.map((id) => site(made, id));
}
