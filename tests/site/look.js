// Unfolds what is folded, lays out what is out of sight, and returns what a reader would see go wrong on this page at this width.
async () => {
  document.querySelectorAll("details").forEach((box) => (box.open = true));
  document.querySelectorAll("section").forEach((section) => (section.style.contentVisibility = "visible"));
  document.querySelectorAll("img").forEach((image) => (image.loading = "eager"));
  // Not `decode`, whose promise is not always kept.
  const arrived = (image) => image.complete || new Promise((done) => (image.onload = image.onerror = done));
  await Promise.all([...document.images].map(arrived));
  // A frame later what was unfolded has been measured, and can be scrolled.
  for (let frames = 0; frames < 6; frames++) {
    await new Promise(requestAnimationFrame);
    await document.fonts.ready;
  }
  const SCROLLING = "main :is(.math-box, pre, .output, .pst-scrollable-table-container)";
  const problems = [];
  const page = document.documentElement;
  const shown = (element) => element.getClientRects().length > 0;
  const scrolls = (element) =>
    shown(element) &&
    element.scrollWidth > element.clientWidth &&
    getComputedStyle(element).overflowX !== "visible";

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
    if (!formula.querySelector(".katex-html")?.getClientRects().length)
      problems.push(`formula not drawn: ${formula.textContent}`);
  for (const formula of document.querySelectorAll("main span.math"))
    for (const [text, at, side] of [[formula.previousSibling, -1, 0], [formula.nextSibling, 0, -1]])
      if (text?.nodeType === Node.TEXT_NODE && /\S/.test(text.data.at(at)) && shown(formula)) {
        const touching = document.createRange();
        touching.setStart(text, at ? text.length - 1 : 0);
        touching.setEnd(text, at ? text.length : 1);
        const [sign, end] = [touching.getBoundingClientRect(), [...formula.getClientRects()].at(side)];
        if (sign.bottom <= end.top || sign.top >= end.bottom)
          problems.push(`the line breaks between a formula and what touches it: ${formula.parentElement.textContent.slice(0, 80)}`);
      }
  // On a wide screen code of 88 letters a line (80 in a box) fits, and so does what it prints.
  for (const code of innerWidth >= 1440 ? document.querySelectorAll("article pre") : []) {
    const column = document.querySelector("article").getBoundingClientRect();
    const fit = code.closest(".admonition") ? 80 : 88;
    const longest = Math.max(...code.textContent.split("\n").map((line) => line.length));
    const clipped = code.scrollWidth > code.clientWidth && (code.closest(".cell_output") || longest <= fit);
    if ((clipped && !code.closest("details, figure")) || code.getBoundingClientRect().right > column.right)
      problems.push(`code is cut off: ${code.textContent.slice(0, 200)}`);
  }
  for (const work of document.querySelectorAll(".citation > p"))
    for (const other of work.parentElement.children)
      if (other !== work && [...other.getClientRects()].some((one) => [...work.getClientRects()].some((two) =>
        one.width && one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom)))
        problems.push(`${other.className} lies on a work: ${work.textContent}`);
  // In the dark ink is turned, the shading of surfaces too; what else is made of pixels keeps its colours.
  for (const image of document.querySelectorAll('article img:not([src*="/surfaces/"])')) {
    const pixels = !image.src.endsWith(".svg") || (await (await fetch(image.src)).text()).includes("<image");
    const turned = getComputedStyle(image).filter.includes("invert");
    if (turned !== (page.dataset.theme === "dark" && !pixels)) problems.push(`turned, or not, for the dark: ${image.alt}`);
  }
  for (const box of document.querySelectorAll(SCROLLING))
    if (scrolls(box) && box.tabIndex !== 0)
      problems.push(`the keyboard cannot scroll ${box.className}: ${box.textContent.slice(0, 80)}`);
  return problems;
}
