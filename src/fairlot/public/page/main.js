// The page: what stands on it and what leads to what. The work itself is done by the worker.

import text from "worker:./worker.js";

import { asker } from "./ui/asking.js";
import { chooser } from "./ui/chooser.js";
import { compare } from "./ui/compare.js";
import { door } from "./ui/door.js";
import { events } from "./ui/events.js";
import { inlined } from "./ui/files.js";
import { frame } from "./ui/frame.js";
import { keys } from "./ui/keys.js";
import { preferred, speak } from "./ui/language.js";
import { lists } from "./ui/lists.js";
import { run } from "./ui/run.js";
import { search } from "./ui/search.js";
import { what } from "./ui/what.js";

const ask = asker(text);

async function start() {
  let record = null;
  const known = keys(() => record && again(record));
  const one = search(ask);
  const proof = door(ask, known.pins);
  const other = chooser(again, proof.check);
  const [head, course, told, later] = [what(), run(ask.anew), lists(one.find), events()];
  const summarised = [head, one, told, later];

  async function check(files) {
    record = files;
    ask.anew();
    for (const part of summarised) part.show(null);
    course.begin();
    const asked = { files, now: Math.floor(Date.now() / 1000), pins: known.pins() };
    const { value, refused } = await ask("verify", [asked], course.progress);
    if (refused) return course.refuse(refused);
    for (const part of summarised) part.show(value.summary, value.steps);
    course.show(value.steps);
  }

  function again(files) {
    check(files);
    course.node.scrollIntoView();
  }

  const sections = [head, course, one, told, later, proof, known, compare(ask, known.pins), other];
  document.body.prepend(...frame(sections.map(({ node }) => node), preferred()));
  speak(preferred());
  const found = await inlined();
  if (found) check(found);
}

globalThis.fairlot = { ask: (task, ...args) => ask(task, args) };
addEventListener("DOMContentLoaded", start);
