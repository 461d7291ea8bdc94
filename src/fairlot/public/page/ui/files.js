// Where a record comes from: inside this page, or dropped onto it, or chosen from disk.

import { InvalidInput } from "../errors.js";

const MOST_BYTES = 2 ** 29;
const MOST_FILES = 4096;

/** The record that stands in this page, every file as base64 of zlib; null without one. */
export async function inlined() {
  const nodes = [...document.querySelectorAll("script[data-file]")];
  if (!nodes.length) return null;
  const found = nodes.map(async (node) => [node.dataset.file, await inflated(node.textContent)]);
  return Object.fromEntries(await Promise.all(found));
}

async function inflated(signs) {
  const packed = Uint8Array.from(atob(signs), (sign) => sign.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The bytes of chosen files by name, folders left off; too much is refused unread. */
export async function opened(files) {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (files.length > MOST_FILES || size > MOST_BYTES) {
    throw new InvalidInput(
      `got ${files.length} files, ${size} bytes; a record has at most ${MOST_FILES} and ${MOST_BYTES}`,
      `共 ${files.length} 个文件、${size} 字节；一份记录至多 ${MOST_FILES} 个、${MOST_BYTES} 字节`,
    );
  }
  return Object.fromEntries(await Promise.all(
    files.map(async (file) => [file.name, new Uint8Array(await file.arrayBuffer())]),
  ));
}

/** The files of a drop, those of its folders among them; must be called while it happens. */
export async function dropped(transfer) {
  const items = [...transfer.items].filter(({ kind }) => kind === "file");
  return (await Promise.all(items.map(filesOf))).flat();
}

function filesOf(item) {
  const entry = item.webkitGetAsEntry();
  if (entry.isFile) return [item.getAsFile()];
  // On a page from disk Chromium reads no entries; other browsers give no handles.
  return item.getAsFileSystemHandle ? handled(item.getAsFileSystemHandle()) : entered(entry);
}

async function handled(promise) {
  const found = [];
  for await (const handle of (await promise).values()) {
    if (handle.kind === "file") found.push(await handle.getFile());
    if (found.length > MOST_FILES) break;
  }
  return found;
}

async function entered(folder) {
  const found = [];
  // A reader hands out a hundred at a time, and nothing when there is no more.
  for (const reader = folder.createReader(); found.length <= MOST_FILES; ) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) break;
    found.push(...some.filter(({ isFile }) => isFile));
  }
  return Promise.all(found.map((entry) =>
    new Promise((resolve, reject) => entry.file(resolve, reject))));
}
