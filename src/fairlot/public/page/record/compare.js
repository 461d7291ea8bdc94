/** Two checkpoints of a log: one history that has grown, or two stories? */

import { equal, unhex } from "../bytes.js";
import { openCheckpoint, readCheckpoint } from "../checkpoint.js";
import { InvalidInput } from "../errors.js";
import { verifyConsistency } from "../merkle.js";
import { ED25519, parseVkey } from "../note.js";
import { Steps, fails, holds, notShown } from "./steps.js";

/**
 * Return {verdict, note}.
 * @param {object} given one, two (texts of signed notes), proof (null or hashes in hex, from the
 *   smaller to the larger), keys (vkeys that the reader knows)
 */
export function compare({ one, two, proof, keys }) {
  const opened = [one, two].map((note) => opening(note, keys));
  const [small, large] = opened.sort((a, b) => a.size - b.size);
  if (small.origin !== large.origin) {
    throw new InvalidInput(
      `the checkpoints are of two logs, ${small.origin} and ${large.origin}`,
      `两个检查点属于不同日志：${small.origin} 与 ${large.origin}`,
    );
  }
  const steps = new Steps({ compare: ["one log, grown", "同一日志的增长"] });
  steps.judge("compare", () => grown(small, large, proof));
  const [{ verdict, note }] = steps.inOrder();
  if (small.signed && large.signed) return { verdict, note };
  return notShown(
    `${note.en}; but no key of ${small.origin} was given, so anyone may have written these`,
    `${note.zh}；但未给出 ${small.origin} 的公钥，检查点可能由任何人写成`,
  );
}

/** Return the checkpoint of a note, and whether a key of its log, if given, signed it. */
function opening(note, keys) {
  const { origin } = readCheckpoint(note);
  const own = keys.find((vkey) => {
    const { name, algorithm } = parseVkey(vkey);
    return name === origin && algorithm === ED25519;
  });
  return { ...(own ? openCheckpoint(note, own) : readCheckpoint(note)), signed: Boolean(own) };
}

function grown(small, large, proof) {
  const { size } = small;
  if (size === large.size && equal(small.root, large.root)) {
    return holds(`both are of the same ${size} entries`, `两者为相同的 ${size} 个条目`);
  }
  if (size === large.size) {
    return fails(
      `two stories: of ${size} entries each, the roots differ`,
      `两个版本：同为 ${size} 个条目，而根不同`,
    );
  }
  if (proof === null) {
    return notShown(
      `a consistency proof from ${size} to ${large.size} entries would show it`,
      `需从 ${size} 到 ${large.size} 个条目的一致性证明`,
    );
  }
  const hashes = proof.map((digits) => unhex(digits, small.root.length));
  verifyConsistency(size, large.size, hashes, small.root, large.root);
  return holds(
    `the ${large.size} entries begin with the ${size}`,
    `${large.size} 个条目以原有的 ${size} 个开头`,
  );
}
