// The worker, which lives in a Blob because from disk no worker file is loaded.

const CALM = () => {};
const STOPPED = {
  name: "Error",
  en: "the browser stopped the check; there may be too little memory for this record",
  zh: "浏览器中止了核验，可能内存不足",
};

/** One that asks the worker with this text; `ask.anew()` drops what is under way. */
export function asker(text) {
  const place = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const waiting = new Map();
  let worker, last = 0;

  /** Give the worker a task; its answer holds `value` or `refused`. */
  function ask(task, args, onProgress = CALM) {
    const id = last++;
    worker.postMessage({ id, task, args });
    return new Promise((resolve) => waiting.set(id, { resolve, onProgress }));
  }

  ask.anew = () => {
    worker?.terminate();
    waiting.clear();
    worker = new Worker(place);
    worker.onmessage = ({ data }) => hear(waiting, data);
    worker.onerror = () => {
      for (const { resolve } of waiting.values()) resolve({ refused: STOPPED });
      waiting.clear();
    };
  };

  ask.anew();
  return ask;
}

function hear(waiting, { id, progress, ...answer }) {
  const asked = waiting.get(id);
  if (progress) return asked.onProgress(progress);
  waiting.delete(id);
  asked.resolve(answer);
}
