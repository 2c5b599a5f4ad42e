// Unfolds what is folded, and returns what a reader would see go wrong on this page at this width.
async () => {
  for (const image of document.images) image.loading = "eager"; // as if the reader came near
  await Promise.allSettled([...document.images].map((image) => image.decode()));
  document.querySelectorAll("details").forEach((box) => (box.open = true));
  document.querySelectorAll(".toggle-hidden").forEach((box) => box.classList.remove("toggle-hidden"));
  const problems = [];
  const page = document.documentElement;
  const shown = (element) => element.getClientRects().length > 0;
  const scrolls = (element) => shown(element) && element.scrollWidth > element.clientWidth;

  if (page.scrollWidth > page.clientWidth) {
    const wide = [...document.querySelectorAll("main *")]
      .filter((element) => element.getBoundingClientRect().right > page.clientWidth + 1)
      .map((element) => `${element.tagName}.${element.className}`);
    problems.push(`wider than the screen by ${page.scrollWidth - page.clientWidth} px: ${wide.slice(0, 4)}`);
  }
  for (const image of document.images)
    if (shown(image) && !(image.complete && image.naturalWidth))
      problems.push(`broken image ${image.src}`);
  for (const formula of document.querySelectorAll("main .math"))
    if (!formula.querySelector(".katex-html") || formula.querySelector(".katex-error"))
      problems.push(`formula not drawn: ${formula.textContent}`);
  for (const formula of document.querySelectorAll("main .katex-display"))
    if (scrolls(formula) && formula.tabIndex !== 0)
      problems.push(`the keyboard cannot scroll ${formula.textContent}`);
  return problems;
}
