/** Things listed by key, in their order: a counting sort. */

/**
 * Return where the items of each key begin (keys + 1), and the place of every item in such a list.
 * @param {ArrayLike<number>} key
 * @param {number} keys
 */
export function placed(key, keys) {
  const ptr = new Int32Array(keys + 1);
  for (let i = 0; i < key.length; i++) ptr[key[i] + 1] += 1;
  for (let k = 0; k < keys; k++) ptr[k + 1] += ptr[k];
  const end = ptr.slice(0, keys);
  const place = new Int32Array(key.length);
  for (let i = 0; i < key.length; i++) place[i] = end[key[i]]++;
  return { ptr, place };
}

/** Return where the items of each key begin, and the items key by key, in order. */
export function listed(key, item, keys) {
  const { ptr, place } = placed(key, keys);
  const items = new Int32Array(item.length);
  for (let i = 0; i < item.length; i++) items[place[i]] = item[i];
  return { ptr, items };
}

/**
 * Return of every item in which list it stands: list k holds the items ptr[k] to ptr[k + 1] - 1.
 */
export function owners(ptr) {
  const owner = new Int32Array(ptr[ptr.length - 1]);
  for (let k = 0; k + 1 < ptr.length; k++) owner.fill(k, ptr[k], ptr[k + 1]);
  return owner;
}

/** Return where lists of these sizes begin, one after the other. */
export function starts(sizes) {
  const ptr = new Int32Array(sizes.length + 1);
  for (let k = 0; k < sizes.length; k++) ptr[k + 1] = ptr[k] + sizes[k];
  return ptr;
}

/** Return the positions at which `test` is true of the items. */
export function positions(items, test) {
  const found = [];
  for (let i = 0; i < items.length; i++) if (test(items[i], i)) found.push(i);
  return Int32Array.from(found);
}
