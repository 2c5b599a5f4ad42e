// A lab's state as text, for the address: bowl;-5,-2;60;plain(lr=0.4);momentum(lr=0.1,momentum=0.8)
// Several labs share one address: #lab-one=...&lab-two=...

/**
 * @typedef {{ rule: string, hyperparameters: Record<string, number> }} Run
 * @typedef {{ landscape: string, start: number[], steps: number, runs: Run[], maximize?: boolean }} State
 */

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
 * @returns {State | undefined} nothing where the text is not a state's
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
  return sound ? state : undefined;
}

/** @param {string} text */
function decodeRun(text) {
  const match = /^(\w+)\(([^()]*)\)$/.exec(text);
  if (!match) return undefined;
  const pairs = match[2] ? match[2].split(",").map((pair) => pair.split("=")) : [];
  if (!pairs.every(([name, value]) => /^\w+$/.test(name) && Number.isFinite(number(value ?? "")))) return undefined;
  const hyperparameters = Object.fromEntries(pairs.map(([name, value]) => [name, Number(value)]));
  return { rule: match[1], hyperparameters };
}

/** @param {string} text */
function number(text) {
  return text.trim() === "" ? NaN : Number(text);
}

/**
 * The state that an address holds for a lab.
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
