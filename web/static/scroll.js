// What is wider than the page scrolls in its own box, and the keyboard must reach that box. Each box is measured when it
// is laid out and when its size changes; the theme's own measuring, which holds the page up, is taken out by the build.
const boxes = ".katex-display, pre, .cell_output > .output, .pst-scrollable-table-container, .lab-table-box";

const watch = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    const scrolls = target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight + 1;
    if (scrolls) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
document.querySelectorAll(boxes).forEach((box) => watch.observe(box));
