// Bundle main.js, and worker.js inside it as text, to one classic script: from disk a browser loads
// no module, fetches nothing and starts no worker file.
//
//   node build.mjs [FILE]        FILE is dist/check.js unless given

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const BUNDLED = ["@noble/curves", "@noble/hashes"];
const OPTIONS = {
  absWorkingDir: HERE,
  bundle: true,
  write: false,
  format: "iife",
  charset: "utf8",
  legalComments: "none", // they stand whole at the top
  minifySyntax: true,
  minifyWhitespace: true,
  target: ["chrome111", "firefox119", "safari16.4"],
};

/** `import text from "worker:./worker.js"` gives the text of the bundled worker. */
const worker = {
  name: "worker",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^worker:/ }, ({ path }) => ({ path: path.slice(7), namespace: "worker" }));
    onLoad({ filter: /.*/, namespace: "worker" }, async ({ path }) => ({
      contents: await bundled(path),
      loader: "text",
    }));
  },
};

async function bundled(entry, more = {}) {
  const { outputFiles } = await build({ ...OPTIONS, ...more, entryPoints: [entry] });
  return outputFiles[0].text;
}

async function licences() {
  const texts = new Map();
  for (const name of BUNDLED) {
    const read = (file) => readFile(join(HERE, "node_modules", name, file), "utf8");
    const { version } = JSON.parse(await read("package.json"));
    const licence = (await read("LICENSE")).trim();
    texts.set(licence, [...(texts.get(licence) ?? []), `${name} ${version}`]);
  }
  const each = [...texts].map(([licence, names]) => `${names.join(", ")}:\n\n${licence}`);
  return `/*\nBuilt by build.mjs from main.js, part of fairlot (Apache-2.0), and\n${each.join("\n\n")}\n*/`;
}

const file = process.argv[2] ?? join(HERE, "dist", "check.js");
const options = { plugins: [worker], banner: { js: await licences() } };
await mkdir(dirname(file), { recursive: true });
await writeFile(file, await bundled("main.js", options));
