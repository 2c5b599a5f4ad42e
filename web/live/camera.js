// Where a turnable surface is seen from: degrees and a distance, and the point that stands for them in space.

/**
 * @typedef {{ azimuth: number, elevation: number, distance: number }} View degrees; 1 is the scene's own size
 * @typedef {{ x: number, y: number, z: number }} Eye
 */

const DEGREE = Math.PI / 180;
const HIGHEST = 89; // straight above, left and right have no meaning
const LOWEST = 5; // from below nothing of the runs is seen
const NEAREST = 0.9;
const FARTHEST = 4;

/** What each key does: [azimuth, elevation, factor on the distance]. @type {Record<string, [number, number, number]>} */
export const KEYS = {
  ArrowLeft: [-10, 0, 1],
  ArrowRight: [10, 0, 1],
  ArrowUp: [0, 10, 1],
  ArrowDown: [0, -10, 1],
  "+": [0, 0, 0.9],
  "-": [0, 0, 1 / 0.9],
};

/** @param {View} view @returns {Eye} */
export function eye({ azimuth, elevation, distance }) {
  const level = distance * Math.cos(elevation * DEGREE);
  return {
    x: level * Math.cos(azimuth * DEGREE),
    y: level * Math.sin(azimuth * DEGREE),
    z: distance * Math.sin(elevation * DEGREE),
  };
}

/** @param {Eye} eye @returns {View} */
export function view({ x, y, z }) {
  const distance = Math.hypot(x, y, z);
  return { azimuth: Math.atan2(y, x) / DEGREE, elevation: Math.asin(z / distance) / DEGREE, distance };
}

/**
 * The view after a key.
 * @param {View} from
 * @param {string} key one of `KEYS`
 */
export function turned(from, key) {
  return moved(from, ...KEYS[key]);
}

/**
 * The view after a turn, kept above the surface and within reach.
 * @param {View} from
 * @param {number} sideways
 * @param {number} up
 * @param {number} factor
 * @returns {View}
 */
export function moved(from, sideways, up, factor) {
  return {
    azimuth: ((from.azimuth + sideways + 540) % 360) - 180,
    elevation: between(LOWEST, from.elevation + up, HIGHEST),
    distance: between(NEAREST, from.distance * factor, FARTHEST),
  };
}

/** A view in words, for the status line. @param {View} view */
export function words({ azimuth, elevation }) {
  return `Seen from direction ${Math.round(azimuth)}°, ${Math.round(elevation)}° above.`;
}

/** @param {number} low @param {number} number @param {number} high */
function between(low, number, high) {
  return Math.min(Math.max(low, number), high);
}
