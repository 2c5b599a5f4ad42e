// A lab's state as text, for the address: bowl;-5,-2;60;plain(lr=0.4);rmsprop(lr=0.1,momentum=null,centered=true)
// Several labs share one address: #lab-one=...&lab-two=...

/**
 * @typedef {number | boolean | null} Value null is what is off
 * @typedef {{ rule: string, hyperparameters: Record<string, Value> }} Run
 * @typedef {{ landscape: string, start: number[], steps: number, runs: Run[], maximize?: boolean }} State
 */

/** @type {Map<string, Value>} */
const WORDS = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/**
 * @param {State} state
 * @returns {string}
 */
export function encode({ landscape, start, steps, runs, maximize }) {
  const written = runs.map(({ rule, hyperparameters }) => {
    const pairs = Object.entries(hyperparameters).map(([name, value]) => `${name}=${value}`);
    return `${rule}(${pairs.join(",")})`;
  });
  const way = maximize === undefined ? [] : [maximize ? "up" : "down"];
  return [landscape, start.join(","), String(steps), ...way, ...written].join(";");
}

/**
 * @param {string} text
 * @returns {State | null} null where the text is not a state's
 */
export function decode(text) {
  const [landscape, start, steps, ...rest] = text.split(";");
  const way = rest[0] === "up" || rest[0] === "down" ? rest.shift() : undefined;
  const runs = rest.map(decodeRun);
  const state = {
    landscape,
    start: (start ?? "").split(",").map(number),
    steps: number(steps ?? ""),
    runs: /** @type {Run[]} */ (runs),
    ...(way && { maximize: way === "up" }),
  };
  const numbers = [...state.start, state.steps];
  const sound = runs.length && runs.every(Boolean) && numbers.every(Number.isFinite);
  return sound ? state : null;
}

/** @param {string} text */
function decodeRun(text) {
  const match = /^(\w+)\(([^()]*)\)$/.exec(text);
  if (!match) return undefined;
  const pairs = match[2] ? match[2].split(",").map((pair) => pair.split("=")) : [];
  const read = pairs.map(([name, value]) => /** @type {const} */ ([name, hyperparameter(value ?? "")]));
  if (!read.every(([name, value]) => /^\w+$/.test(name) && value !== undefined)) return undefined;
  return { rule: match[1], hyperparameters: Object.fromEntries(read) };
}

/**
 * @param {string} text
 * @returns {Value | undefined}
 */
function hyperparameter(text) {
  if (WORDS.has(text)) return WORDS.get(text);
  const value = number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** @param {string} text */
function number(text) {
  return text.trim() === "" ? NaN : Number(text);
}

/**
 * The state that an address holds for a lab; undefined where it holds none, null where it cannot be read.
 * @param {string} hash
 * @param {string} name
 */
export function restore(hash, name) {
  const text = new URLSearchParams(hash.replace(/^#/, "")).get(name);
  return text === null ? undefined : decode(text);
}

/**
 * An address that holds a lab's state, and what it held for others.
 * @param {string} address
 * @param {string} name
 * @param {State} state
 */
export function share(address, name, state) {
  const url = new URL(address);
  const others = url.hash.includes("=") ? url.hash.slice(1) : "";
  const held = new URLSearchParams(others);
  held.set(name, encode(state));
  url.hash = [...held].map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&");
  return url.href;
}
