/** What hangs together: edges whose nodes are joined by other edges. */

/**
 * Return the positions of the edges of each connected block, rising.
 * @param {string[][]} edges the nodes that each edge joins
 * @returns {number[][]}
 */
export function blocks(edges) {
  const parent = new Map(edges.flat().map((node) => [node, node]));
  for (const [one, other] of edges) parent.set(root(parent, one), root(parent, other));
  const members = new Map();
  edges.forEach(([node], k) => {
    const block = root(parent, node);
    if (!members.has(block)) members.set(block, []);
    members.get(block).push(k);
  });
  return [...members.values()];
}

function root(parent, node) {
  let at = node;
  while (parent.get(at) !== at) {
    parent.set(at, parent.get(parent.get(at)));
    at = parent.get(at);
  }
  return at;
}
