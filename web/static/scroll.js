// What is wider than the page scrolls in its own box, and the keyboard must reach that box: each is measured when the
// reader comes near it. (The theme measures all of them at once, which lays out the whole page; the build takes that out.)
const watch = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    if (target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight + 1) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
document.querySelectorAll(".katex-display, pre, .cell_output > .output, .pst-scrollable-table-container").forEach((box) => watch.observe(box));
