/** The seal: digests.txt, one signed list of the SHA-256 of all other files of a record. */

import { hex, text } from "../bytes.js";
import { VerificationError } from "../errors.js";
import { verify } from "../note.js";
import { SHA256 } from "../suite.js";
import { DIGESTS, SPEC } from "./files.js";
import { within } from "./within.js";

const SHOWN = 8; // names that a message repeats

/** Refuse the files unless digests.txt lists exactly these bytes under this key's signature. */
export function openSeal(files, vkey) {
  if (!(DIGESTS in files)) throw new VerificationError(`${DIGESTS} is missing`, `缺少 ${DIGESTS}`);
  const want = within(DIGESTS, () => verify(text(files[DIGESTS]), vkey));
  const got = digestsOf(files);
  if (got === want) return;
  const names = [...differing(got, want)].sort().slice(0, SHOWN).join(", ");
  throw new VerificationError(
    `${names} differs from the digest that was signed`,
    `${names} 与已签名的摘要不一致`,
  );
}

/** Return what begins the lines that stand in one of two texts alone. */
function differing(...texts) {
  const [one, other] = texts.map((text) => new Set(text.split("\n")));
  const alone = [...one, ...other].filter((line) => !one.has(line) || !other.has(line));
  return new Set(alone.map((line) => line.split(" ")[0]));
}

function digestsOf(files) {
  const names = Object.keys(files).filter((name) => name !== DIGESTS).sort();
  const rows = names.map((name) => `${name} ${hex(SHA256.digest(files[name]))}\n`);
  return `${SPEC} digests\n${rows.join("")}`;
}
