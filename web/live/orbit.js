// Turning a surface by hand. The mouse or one finger turns it; two fingers, or a wheel with Ctrl, which is what a trackpad
// makes of a pinch, go nearer and farther. A plain wheel scrolls the page, and so does a finger that moves up or down.

import { moved } from "./camera.js";

/** @typedef {import("./camera.js").View} View */

const DEGREES = 0.5; // for each pixel
const WHEEL = 0.01; // of the distance's logarithm, for each of its notches
// By these Plotly would turn the scene its own way: from below, and with two fingers too.
const PLOTLYS = ["mousedown", "touchstart", "touchmove", "wheel"];

/**
 * @param {HTMLElement} scene
 * @param {() => View} now
 * @param {(to: View) => Promise<unknown>} go
 */
export function orbit(scene, now, go) {
  /** @type {Map<number, [number, number]>} */
  const held = new Map();
  /** @type {View | undefined} */
  let next;
  let drawing = false;

  for (const kind of PLOTLYS) scene.addEventListener(kind, (event) => event.stopPropagation(), { capture: true, passive: true });
  scene.addEventListener("wheel", wheel, { capture: true, passive: false });
  scene.addEventListener("pointerdown", hold, { capture: true });
  scene.addEventListener("pointermove", drag);
  for (const kind of ["pointerup", "pointercancel"])
    scene.addEventListener(kind, (event) => held.delete(/** @type {PointerEvent} */ (event).pointerId));

  /** @param {WheelEvent} event */
  function wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    turn(0, 0, Math.exp(WHEEL * event.deltaY));
  }

  /** @param {PointerEvent} event */
  function hold(event) {
    if (event.button) return;
    held.set(event.pointerId, [event.clientX, event.clientY]);
    scene.setPointerCapture(event.pointerId);
    scene.focus({ preventScroll: true });
  }

  /** @param {PointerEvent} event */
  function drag(event) {
    const before = held.get(event.pointerId);
    if (!before) return;
    const width = apart();
    held.set(event.pointerId, [event.clientX, event.clientY]);
    if (held.size > 1) turn(0, 0, width / Math.max(1, apart()));
    else turn((before[0] - event.clientX) * DEGREES, (event.clientY - before[1]) * DEGREES, 1);
  }

  /** How far the first two fingers are from each other. */
  function apart() {
    const [one, other] = [...held.values()];
    return other ? Math.hypot(one[0] - other[0], one[1] - other[1]) : 1;
  }

  /**
   * Turn on from where the last turn leads, once a frame.
   * @param {number} sideways
   * @param {number} up
   * @param {number} factor
   */
  async function turn(sideways, up, factor) {
    next = moved(next ?? now(), sideways, up, factor);
    if (drawing) return;
    drawing = true;
    await new Promise(requestAnimationFrame);
    const to = next;
    next = undefined;
    await go(to);
    drawing = false;
    if (next) turn(0, 0, 1);
  }
}
