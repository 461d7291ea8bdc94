/** Text that can be seen, and names of one spelling, alike under every version of Unicode. */

import { isUnassigned } from "./unassigned.js";

const LONGEST = 200; // code points of a name
const PLANES = [..."123456789abcde"];
const NONCHARACTERS = PLANES.map((plane) => `\\u{${plane}fffe}\\u{${plane}ffff}`).join("");
// Controls; spaces other than U+0020; soft hyphen; marks of direction and joining; line ends;
// surrogates and private use; noncharacters; byte-order mark; annotations; tags.
const INVISIBLE = new RegExp(
  "[\\0-\\x1f\\x7f-\\xa0\\xad\\u061c\\u1680\\u180e\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000" +
    "\\ud800-\\uf8ff\\ufdd0-\\ufdef\\ufeff\\ufff9-\\ufffb\\ufffe\\uffff\\u{e0000}-\\u{e007f}" +
    `${NONCHARACTERS}\\u{f0000}-\\u{10ffff}]`,
  "u",
);

/** Say whether every code point can be seen: none of those refused, which include line ends. */
export function isVisible(text) {
  return !INVISIBLE.test(text);
}

/**
 * Say whether this is a name: 1 to 200 visible signs in NFKC, no space at either end.
 *
 * What Unicode 14.0 leaves unassigned is refused: NFKC never changes for what it assigns.
 */
export function isLine(value) {
  const sound = typeof value === "string" && value !== "" && isVisible(value);
  if (!sound || value !== value.trim() || value !== value.normalize("NFKC")) return false;
  const signs = [...value];
  return signs.length <= LONGEST && !signs.some(isUnassigned);
}
