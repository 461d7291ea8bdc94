// Another record: its files or its folder, chosen or dropped anywhere onto the page.

import { dropped, opened } from "./files.js";
import { field, fill, h, section } from "./dom.js";
import { badge } from "./verdicts.js";

/**
 * The section that takes another record.
 * @param {(files: Object<string, Uint8Array>) => void} onRecord
 * @param {(bytes: Uint8Array) => void} onDoor a single file is a door proof
 */
export function chooser(onRecord, onDoor) {
  const files = picker({ multiple: true });
  const folder = picker({ webkitdirectory: true });
  const trouble = h("p", { role: "alert" });
  const node = section("other", { en: "Check another record", zh: "核验其他记录" },
    h("p", {}, {
      en: "Drop its folder or all its files anywhere onto this page, or choose them. Nothing is sent anywhere.",
      zh: "将记录文件夹或其全部文件拖入本页任意位置，或在此选择。任何内容都不会外传。",
    }),
    h("div", { class: "pair" },
      field("files", { en: "All its files", zh: "全部文件" }, files),
      field("folder", { en: "or its folder", zh: "或整个文件夹" }, folder)),
    trouble);

  async function take(finding) {
    fill(trouble);
    try {
      const found = await opened(await finding);
      const [first, ...more] = Object.values(found);
      if (first) (more.length ? onRecord(found) : onDoor(first));
    } catch (error) {
      fill(trouble, badge("fails"), " ", { en: error.message, zh: error.zh ?? error.message });
    }
  }

  for (const input of [files, folder]) input.addEventListener("change", () => take([...input.files]));
  // Without this the browser would leave the page for the file that is dropped.
  addEventListener("dragover", (event) => (event.preventDefault(), hover(true)));
  addEventListener("dragleave", () => hover(false));
  addEventListener("drop", (event) => {
    event.preventDefault();
    hover(false);
    take(dropped(event.dataTransfer));
  });
  return { node };
}

const picker = (more) => h("input", { type: "file", ...more });

const hover = (on) => document.documentElement.classList.toggle("over", on);
