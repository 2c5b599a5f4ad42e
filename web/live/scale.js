// From numbers to places and back: linear and logarithmic scales, their ticks, and paths through points.

/** @typedef {{ place(value: number): number, value(place: number): number, log: boolean }} Scale */

/**
 * A scale from [low, high] to [from, to].
 * @param {[number, number]} values
 * @param {[number, number]} places
 * @param {boolean} [log]
 * @returns {Scale}
 */
export function scale([low, high], [from, to], log = false) {
  const warp = log ? Math.log10 : (/** @type {number} */ x) => x;
  const unwarp = log ? (/** @type {number} */ x) => 10 ** x : (/** @type {number} */ x) => x;
  const start = warp(low);
  const width = warp(high) - start || 1;
  return {
    log,
    place: (value) => from + ((warp(value) - start) / width) * (to - from),
    value: (place) => unwarp(start + ((place - from) / (to - from)) * width),
  };
}

/**
 * The places of a slider, 0 to `last`: round values, at least two hundred unless whole ones are wanted, or a hundred to
 * each power of ten where the range spans two or more. Each value is at one place, so that every press of a key moves on.
 * @param {[number, number]} range
 * @param {boolean} [whole]
 */
export function notches([low, high], whole = false) {
  const log = !whole && low > 0 && high / low >= 100;
  const apart = whole ? 1 : 10 ** Math.floor(Math.log10((high - low) / 200));
  const place = (/** @type {number} */ x) => Math.round(log ? 100 * Math.log10(x / low) : (x - low) / apart);
  const value = (/** @type {number} */ notch) => (log ? low * 10 ** (notch / 100) : low + notch * apart);
  const last = place(high);
  return {
    last,
    value: (/** @type {number} */ notch) => (notch === last ? high : Number(value(notch).toPrecision(log ? 3 : 6))),
    /** The nearest to a value, which may lie beyond the ends. */
    notch: (/** @type {number} */ x) => place(Math.min(high, Math.max(low, x))),
  };
}

/**
 * Whether a logarithmic scale helps: all values are positive, and they span more than two powers of ten.
 * @param {number[]} values
 */
export function wantsLog(values) {
  const [low, high] = extent(values);
  return low > 0 && high / low > 100;
}

/**
 * The least and the largest value.
 * @param {number[]} values
 * @returns {[number, number]}
 */
export function extent(values) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/**
 * Round values to label a scale with: 1, 2 or 5 times a power of ten apart, or powers of ten on a logarithmic one.
 * @param {[number, number]} values
 * @param {boolean} log
 * @param {number} [most]
 */
export function ticks([low, high], log, most = 5) {
  if (log) {
    const first = Math.ceil(Math.log10(low) - 1e-9);
    const last = Math.floor(Math.log10(high) + 1e-9);
    const every = Math.max(1, Math.ceil((last - first + 1) / most));
    return sequence(first, last, every).map((power) => 10 ** power);
  }
  const rough = (high - low) / most || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10);
  return sequence(Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9), 1).map((n) => n * step);
}

/**
 * @param {number} first
 * @param {number} last
 * @param {number} every
 */
function sequence(first, last, every) {
  return Array.from({ length: Math.max(0, Math.floor((last - first) / every) + 1) }, (_, i) => first + i * every);
}

/**
 * SVG path data through points; the pen is lifted over places that are not finite.
 * @param {[number, number][]} points
 */
export function path(points) {
  let data = "";
  let down = false;
  for (const [x, y] of points) {
    const finite = Number.isFinite(x) && Number.isFinite(y);
    // Beyond this a renderer's own arithmetic fails, and nothing is to be seen there.
    if (finite) data += `${down ? "L" : "M"}${bounded(x)} ${bounded(y)}`;
    down = finite;
  }
  return data;
}

/** @param {number} place */
function bounded(place) {
  return Math.round(10 * Math.max(-1e5, Math.min(1e5, place))) / 10;
}

/**
 * A number for the eye: four digits at most.
 * @param {number} value
 */
export function brief(value) {
  const size = Math.abs(value);
  const tiny = size !== 0 && (size < 1e-3 || size >= 1e5);
  const told = tiny ? value.toExponential(2).replace(/\.?0*e\+?/, "e") : String(Number(value.toPrecision(4)));
  return told.replaceAll("-", "−");
}
