// A reload, or a way back, leads to where the reader was. A section has its true height only once it has been near the
// window (see page.css), so a number of pixels leads elsewhere. What is kept, in the page's entry of the history, is the
// block near the top of the window, and how far it is from there.
(() => {
  const sections = [...document.querySelectorAll(".bd-article > section > section")];
  const inside = (section) => [...section.querySelectorAll(":scope > *, :scope > section > *")];
  const top = (element) => element.getBoundingClientRect().top;
  const above = (element) => top(element) <= innerHeight / 4;
  const find = ([section, block]) => (section < 0 ? document.body : sections[section] && inside(sections[section])[block]);

  function keep() {
    const section = sections.findLastIndex(above);
    const block = section < 0 ? 0 : Math.max(0, inside(sections[section]).findLastIndex(above));
    const way = [section, block];
    history.replaceState({ ...history.state, place: { way, at: top(find(way)) } }, "");
  }

  /** Until the reader moves, hold the block in its place: what stands above it may still grow. */
  function restore({ way, at }) {
    const held = find(way);
    if (!held) return; // the page was written anew
    held.scrollIntoView({ behavior: "instant" }); // which lays its section out
    const watch = new ResizeObserver(() => scrollBy({ top: top(held) - at, behavior: "instant" }));
    watch.observe(document.body);
    const free = () => watch.disconnect();
    for (const touch of ["wheel", "pointerdown", "keydown"]) addEventListener(touch, free, { once: true, passive: true });
  }

  let waiting = 0;
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 100);
  };
  const [visit] = performance.getEntriesByType("navigation");
  if (history.state?.place && visit.type !== "navigate") {
    history.scrollRestoration = "manual";
    restore(history.state.place);
  }
  addEventListener("scroll", later, { passive: true });
})();
