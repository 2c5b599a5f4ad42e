// Opens a page in Chromium or Firefox, and writes what its formulas are to paint and what was painted.
// Arguments: the kind of browser, its path, its options. Each line of standard input is { folder, url, modes, script }; for
// each mode come folder/mode.json and its pictures, tiles of the page from top to bottom, and then a line: null, or what
// went wrong.
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const { default: puppeteer } = createRequire(new URL("../../web/", import.meta.url))("puppeteer-core");

const TILE = 4000;
const AROUND = 10; // pixels that painted.py looks at beside what is painted
const WIDTHS = { light: 1280, dark: 1280, print: 1280, phone: 360 };

/** Unfolds the page, puts it into a mode, and leaves nothing in sight but formulas. */
async function prepare(mode) {
  const root = document.documentElement;
  root.dataset.theme = mode === "dark" ? "dark" : "light";
  root.classList.remove("lines");
  const media = (rules) => {
    for (const rule of rules)
      if (rule instanceof CSSMediaRule) {
        const [print, screen] = ["print", "screen"].map((kind) => rule.media.mediaText.includes(kind));
        if (print) rule.media.mediaText = "all";
        else if (screen) rule.media.mediaText = "not all";
        else media(rule.cssRules);
      }
  };
  if (mode === "print") for (const sheet of document.styleSheets) media(sheet.cssRules);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    *, *::before, *::after { animation: none !important; transition: none !important }
    .bd-article section { content-visibility: visible !important }
    body * { visibility: hidden }
    pre, img, main :is(p, li, h1, h2, h3, h4, table, figure, details, .cell):not(:has(.katex)) { display: none !important }
    main .katex-html, main .katex-html * { visibility: visible }
    html.lines main .katex-html * { color: transparent !important }
    html.lines main .katex-html svg { color: var(--pst-color-text-base) !important; fill: var(--pst-color-text-base) }
    html.lines main .katex-html [class*="-line"] { border-color: var(--pst-color-text-base) !important }`);
  document.adoptedStyleSheets = [sheet];
  // A lab takes its picture over when it comes in sight, and pictures are hidden here: what follows would move.
  for (const lab of document.querySelectorAll(".trace-lab:has(.katex)")) {
    lab.scrollIntoView();
    for (let frames = 0; frames < 300 && !lab.querySelector(".lab-picture"); frames++) await new Promise(requestAnimationFrame);
  }
  scrollTo(0, 0);
  // The page's own scripts fold it only now, and fonts are asked for when something is first set in them.
  for (let still = 0, height; still < 10; still = height === root.scrollHeight ? still + 1 : 0) {
    height = root.scrollHeight;
    for (const box of document.querySelectorAll("details")) box.open = true;
    await new Promise(requestAnimationFrame);
    await document.fonts.ready;
  }
  return root.scrollHeight;
}

/** Returns each formula of the page: its signs, and its lines, that is what is drawn and not set in type. */
function read() {
  const box = ({ left, top, right, bottom }) => [left + scrollX, top + scrollY, right + scrollX, bottom + scrollY];
  const visible = (element, within) => {
    let [left, top, right, bottom] = box(element.getBoundingClientRect());
    for (let each = element.parentElement; each && each !== within; each = each.parentElement)
      if (getComputedStyle(each).overflowX !== "visible") {
        const clip = box(each.getBoundingClientRect());
        [left, top] = [Math.max(left, clip[0]), Math.max(top, clip[1])];
        [right, bottom] = [Math.min(right, clip[2]), Math.min(bottom, clip[3])];
      }
    return [left, top, right, bottom];
  };
  const drawn = (svg, formula) => {
    const [shown, path] = [visible(svg, formula), svg.querySelector("path")];
    if (!path) return shown;
    const { x, y, width, height } = path.getBBox();
    const matrix = path.getScreenCTM();
    const [from, to] = [new DOMPoint(x, y), new DOMPoint(x + width, y + height)].map((point) => point.matrixTransform(matrix));
    return [
      Math.max(shown[0], from.x + scrollX), Math.max(shown[1], from.y + scrollY),
      Math.min(shown[2], to.x + scrollX), Math.min(shown[3], to.y + scrollY),
    ];
  };
  return [...document.querySelectorAll("main .katex")].filter((each) => each.getClientRects().length).map((formula) => {
    const html = formula.querySelector(".katex-html");
    const roots = [...html.querySelectorAll(".sqrt")];
    const signs = [];
    const walker = document.createTreeWalker(html, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const { fontFamily, fontSize, fontStyle, fontWeight } = getComputedStyle(node.parentElement);
      let start = 0;
      for (const sign of node.data) {
        const range = document.createRange();
        range.setStart(node, start);
        range.setEnd(node, (start += sign.length));
        if (/[\s\u200b\u2060-\u2064]/.test(sign)) continue;
        const under = roots.flatMap((root, index) => (root.contains(node) ? [index] : []));
        const font = [fontFamily.split(",")[0].replaceAll('"', ""), fontStyle, fontWeight];
        signs.push({ sign, font, size: parseFloat(fontSize), box: box(range.getBoundingClientRect()), under,
          laid: Boolean(node.parentElement.closest(".rlap, .llap")) });
      }
    }
    const lines = [...html.querySelectorAll('svg, [class*="-line"]:not(.katex-newline)')].map((line) => {
      const root = roots.indexOf(line.closest(".hide-tail")?.closest(".sqrt"));
      const under = roots.flatMap((each, index) => (index !== root && each.contains(line) ? [index] : []));
      return { root, under, box: line.tagName === "svg" ? drawn(line, html) : box(line.getBoundingClientRect()) };
    });
    const scroller = formula.closest(".math-box, .output, pre, td, th");
    const within = scroller ? visible(scroller.firstElementChild ?? scroller) : null;
    return { latex: formula.querySelector("annotation").textContent, within, signs, lines };
  });
}

/** Takes the tiles of the page that have something of these boxes, and the first. */
async function paint(page, height, boxes, path) {
  const paths = [];
  for (let y = 0; y < height; y += TILE) {
    if (y && !boxes.some(([, top, , bottom]) => top - AROUND < y + TILE && bottom + AROUND > y)) continue;
    const top = await page.evaluate((to) => (scrollTo({ top: to, behavior: "instant" }), Math.round(scrollY)), y);
    paths.push({ top, path: `${path}-${paths.length}.png` });
    await page.screenshot({ path: paths.at(-1).path, captureBeyondViewport: false, optimizeForSpeed: kind === "chrome" });
  }
  return paths;
}

/** Opens a page once, and turns it from mode to mode; print is the last, for it does not turn back. */
async function visit(context, { folder, url, modes, script }) {
  const page = await context.newPage();
  await page.setViewport({ width: WIDTHS.light, height: TILE });
  await page.goto(url);
  for (const mode of modes) {
    await page.setViewport({ width: WIDTHS[mode], height: TILE });
    const height = await page.evaluate(prepare, mode);
    if (script) await page.evaluate(script);
    const formulas = await page.evaluate(read);
    const boxes = (kind) => formulas.flatMap((formula) => formula[kind].map(({ box }) => box));
    const painted = await paint(page, height, [...boxes("signs"), ...boxes("lines")], `${folder}/${mode}`);
    await page.evaluate(() => document.documentElement.classList.add("lines"));
    const lined = await paint(page, height, boxes("lines"), `${folder}/${mode}-lines`);
    await writeFile(`${folder}/${mode}.json`, JSON.stringify({ formulas, painted, lined }));
  }
}

const [kind, executable, ...options] = process.argv.slice(2);
const HOW = { browser: kind, executablePath: executable, args: options, headless: true, protocolTimeout: 60_000 };
const launch = () => puppeteer.launch(HOW);
let browser = await launch();

/** Visits a page in a context that has seen nothing before; a browser that has stopped painting, as they do at times, is started anew, once. */
async function visited(job) {
  for (let left = 1; ; left--) {
    const context = await browser.createBrowserContext();
    const problem = await visit(context, job).then(() => null, String);
    const stopped = problem?.includes("captureScreenshot timed out");
    if (!stopped) await context.close();
    if (!stopped || !left) return problem;
    browser.process()?.kill("SIGKILL");
    browser = await launch();
  }
}

for await (const job of createInterface(process.stdin)) console.log(JSON.stringify(await visited(JSON.parse(job))));
await browser.close();
