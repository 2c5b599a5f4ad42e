// What is wider than the page scrolls in its own box, and the keyboard must reach that box. A box is measured when the
// reader comes near it, and all of them at the first Tab: to measure all as the page loads (as the theme does, which the
// build takes out) is to lay out all of the page.
const boxes = document.querySelectorAll(
  ".katex-display, pre, .cell_output > .output, .pst-scrollable-table-container, .lab-table-box",
);

function measure(box) {
  const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight + 1;
  if (scrolls) box.tabIndex = 0;
  else box.removeAttribute("tabindex");
}

const watch = new ResizeObserver((changes) => changes.forEach(({ target }) => measure(target)));
boxes.forEach((box) => watch.observe(box));
addEventListener("keydown", ({ key }) => {
  if (key === "Tab") boxes.forEach(measure);
});
