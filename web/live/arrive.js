// Brings what an address leads to into view, and keeps it there while the page still grows, until the reader moves.

/** @param {() => Element} target */
export function arrive(target) {
  const come = () => target().scrollIntoView({ behavior: "instant" });
  const growth = new ResizeObserver(come);
  growth.observe(document.body);
  for (const move of ["wheel", "touchstart", "pointerdown", "keydown"])
    addEventListener(move, () => growth.disconnect(), { once: true, passive: true });
}
