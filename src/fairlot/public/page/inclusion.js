// Proof that one entry stands in the log: announcement.log.json and its like in a record.

import { unhex } from "./bytes.js";
import { cosignatureTimes, openCheckpoint } from "./checkpoint.js";
import { VerificationError } from "./errors.js";
import { leafHash, verifyInclusion } from "./merkle.js";

const HEADING = "fairlot.draw/v1 inclusion";
const KEYS = "@spec,checkpoint,index,proof";
const LONGEST_PROOF = 63;

/**
 * When these witnesses saw the entry in the log, in Unix seconds, sorted; by an empty list nobody's
 * time is shown. What does not hold is refused.
 * @param {object} file the decoded file
 * @param {Uint8Array} entry the bytes that were logged
 * @param {string} log the log's vkey
 * @param {string[]} witnesses the vkeys of the witnesses that the reader trusts
 */
export function verify(file, entry, log, witnesses) {
  const { index, proof, checkpoint } = checked(file);
  const { size, root } = openCheckpoint(checkpoint, log);
  const hashes = proof.map((digits) => unhex(digits, 32));
  verifyInclusion(leafHash(entry), index, size, hashes, root);
  return cosignatureTimes(checkpoint, witnesses);
}

function checked(file) {
  const named = Object.keys(file).sort().join() === KEYS && file["@spec"] === HEADING;
  const listed = Array.isArray(file.proof) && file.proof.length <= LONGEST_PROOF;
  if (named && listed && typeof file.checkpoint === "string") return file;
  throw new VerificationError(
    `not an inclusion proof: want ${KEYS} and at most ${LONGEST_PROOF} hashes`,
    `不是包含证明：应含 ${KEYS}，且不超过 ${LONGEST_PROOF} 个哈希`,
  );
}
