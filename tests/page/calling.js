// What conftest.py calls in the browser: one function of one module, JSON in and JSON out.

const modules = {};

window.load = async (module) => {
  modules[module] ??= await import(`/${module}`);
};

window.call = async (module, name, args, seconds) => {
  try {
    const value = await soon(modules[module][name](...args.map(read)), seconds);
    return JSON.stringify({ value: write(value) });
  } catch (error) {
    return JSON.stringify(told(error));
  }
};

function soon(value, seconds) {
  const late = new Promise((_, refuse) =>
    setTimeout(() => refuse(new Error(`no answer within ${seconds} s`)), 1000 * seconds),
  );
  return Promise.race([value, late]);
}

function told(error) {
  if (!(error instanceof Error)) return { error: "", message: String(error), zh: "" };
  const own = error.zh !== undefined;
  const message = own ? error.message : `${error.name}: ${error.message}\n${error.stack}`;
  return { error: error.name, message, zh: error.zh ?? "" };
}

function read(value) {
  if (Array.isArray(value)) return value.map(read);
  if (value === null || typeof value !== "object") return value;
  if ("$big" in value) return BigInt(value.$big);
  if ("$bytes" in value) {
    return Uint8Array.from(value.$bytes.match(/../g) ?? [], (digits) => parseInt(digits, 16));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, read(item)]));
}

function write(value) {
  if (value === undefined) return null;
  if (typeof value === "bigint") return { $big: String(value) };
  if (value instanceof Uint8Array) return { $bytes: hex(value) };
  if (ArrayBuffer.isView(value)) return Array.from(value, write);
  if (Array.isArray(value)) return value.map(write);
  if (value instanceof Map) return [...value].map(write);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, write(item)]));
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
