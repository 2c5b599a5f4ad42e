// What is wider than the page scrolls in its own box, and the keyboard must reach that box: the build lets it reach every
// box that may be so, and here those are left out that turn out not to be, each when it is laid out or its size changes.
const boxes = ".math-box, pre, .cell_output > .output, .pst-scrollable-table-container, .lab-table-box";

const watch = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    const scrolls = target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight + 1;
    if (scrolls) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
const look = () => {
  watch.disconnect();
  document.querySelectorAll(boxes).forEach((box) => watch.observe(box));
};
look();
document.fonts.addEventListener("loadingdone", look); // what is in a box may now be wider, and the box as it was
