// The certificates of NIST's beacon that the page vouches for, by the SHA-512 of their DER.

export const CERTIFICATES = new Set([
  "5501e3d72bc42f3b96e16de4dcadcb16768e109662bd16d667d5fd9aee585af31bbdc5dd4f53592276064b53dddd76c8f3604b2a41db6e09f78f82bb5d6569e7",
]);
