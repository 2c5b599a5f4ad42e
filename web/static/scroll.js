// What is wider than the page scrolls in its own box, and the keyboard must reach that box. The theme
// sees to code, tables and outputs when the page loads; equations and what unfolds later are left.
const watch = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
document.querySelectorAll(".katex-display, details pre").forEach((box) => watch.observe(box));
