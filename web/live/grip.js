// What a reader takes hold of in a drawing: by which keys it moves, and which place of the drawing a pointer is at.

/** Where each arrow key leads: [across, up]. */
export const KEYS = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
});

/**
 * The place under a pointer, in the drawing's own units.
 * @param {SVGElement} drawing
 * @param {MouseEvent} event
 */
export function under(drawing, { clientX, clientY }) {
  const screen = /** @type {SVGSVGElement} */ (drawing.ownerSVGElement ?? drawing).getScreenCTM()?.inverse();
  return new DOMPoint(clientX, clientY).matrixTransform(screen);
}
