"""Every page in a real browser: light and dark, wide and narrow, and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response

from tests.site.contents import ROOT, chapters
from tests.site.paper import wrong_on_paper
from tools.pages import MEGABYTE, sent

pytestmark = pytest.mark.browser

PAGES = [*chapters(), "search", "genindex"]
LOOK = Path(__file__).with_name("look.js")
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"


class Visit:
    """A page, opened, and whatever it did wrong meanwhile."""

    def __init__(self, page: Page, address: str, name: str) -> None:
        self.page = page
        self.host = urlsplit(address).netloc
        self.problems: list[str] = []
        self.responses: list[Response] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("request", lambda request: self._request(request.url))
        page.on("response", self._response)
        page.goto(f"{address}/{name}.html")
        page.evaluate("document.fonts.ready.then(() => {})")

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"console {message.type}: {message.text}")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.netloc != self.host:
            self.problems.append(f"request to another host: {url}")

    def _response(self, response: Response) -> None:
        self.responses.append(response)
        if response.status >= 400:
            self.problems.append(f"{response.status} {response.url}")

    def weigh(self) -> None:
        """Note whether more than half a megabyte came before the reader's touch."""
        self.page.wait_for_load_state("networkidle")
        if (weight := sum(map(sent, self.responses))) > MEGABYTE / 2:
            self.problems.append(f"{weight} bytes before it is touched")

    def paper(self) -> None:
        """Note what would be wrong on paper."""
        self.problems += wrong_on_paper(self.page)

    def look(self) -> None:
        """Note what a reader would see go wrong at this width."""
        width = self.page.viewport_size["width"]
        for problem in self.page.evaluate(LOOK.read_text(encoding="utf-8")):
            self.problems.append(f"{problem} at {width} px")

    def turn(self, theme: str) -> None:
        """Go over to the other theme, as the system does."""
        self.page.emulate_media(color_scheme=theme)
        self.page.wait_for_function(
            "theme => document.documentElement.dataset.theme === theme", arg=theme
        )

    def looks(self) -> Any:
        """How formulas and words of code look in this theme."""
        return self.page.evaluate(LOOKS)

    def merge(self, *looks: Any) -> None:
        """Make one of those that axe would judge alike in all these themes."""
        self.page.evaluate(MERGE, looks)

    def axe(self, *rules: str) -> None:
        """Note what axe finds with all its rules, or with some."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        self.problems += self.page.evaluate(RUN_AXE, {"rules": rules})


def resize(page: Page, width: int) -> None:
    """Give a page another width, and two frames in which to answer."""
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function("width => innerWidth === width", arg=width)
    page.evaluate(TWO_FRAMES)


TWO_FRAMES = """async () => {
  for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);
}"""
# axe takes most of its time for strokes of formulas and for words of code. A formula of
# one color is as one word. Of words side by side that look alike, the first that is not
# scrolled out of sight stands for all.
LOOKS = """() => {
  const color = (part) => getComputedStyle(part).color;
  const strokes = [...document.querySelectorAll(".katex-html")].map((formula) =>
    [...formula.querySelectorAll("*")].every((part) => color(part) === color(formula)));
  const words = [...document.querySelectorAll("pre > *")].map((word) => {
    const style = getComputedStyle(word);
    return ["color", "backgroundColor", "backgroundImage", "opacity", "filter",
      "fontSize", "fontWeight", "position", "textShadow", "mixBlendMode"]
      .map((name) => style[name]).join();
  });
  return { strokes, words };
}"""
MERGE = """(themes) => {
  const plain = [...document.querySelectorAll(".katex-html")].filter((_, i) =>
    themes.every(({ strokes }) => strokes[i]));
  const judged = new Map();
  const alike = [...document.querySelectorAll("pre > *")].filter((word, i) => {
    const pre = word.parentElement, look = themes.map(({ words }) => words[i]).join();
    if (!judged.has(pre)) judged.set(pre, new Set());
    const box = word.getBoundingClientRect(), { right } = pre.getBoundingClientRect();
    const twin = judged.get(pre).has(look) && !word.children.length;
    if (box.width && box.right <= right) judged.get(pre).add(look);
    return twin;
  });
  for (const formula of plain) formula.textContent = formula.textContent;
  for (const word of alike) word.replaceWith(word.textContent);
}"""
# A head that is a formula has what a screen reader says, and no text that axe finds.
RUN_AXE = """async ({ rules = [], within = "html" }) => {
  axe.configure({ rules: [
    { id: "empty-table-header", selector: "th:not(:has(math))" },
  ] });
  const only = rules.length ? { runOnly: rules } : {};
  const found = await axe.run(within, { resultTypes: ["violations"], ...only });
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => `axe: ${rule.id} at ${node.target.join(" ")}`));
}"""


@contextmanager
def visit(
    browser: Browser, address: str, name: str, scheme: str = "light"
) -> Iterator[Visit]:
    """Open a page as a reader with a wide screen does."""
    context = browser.new_context(
        color_scheme=scheme,
        viewport={"width": 1280, "height": 900},
        reduced_motion="reduce",
    )
    try:
        yield Visit(context.new_page(), address, name)
    finally:
        context.close()


@pytest.mark.parametrize("name", PAGES)
def test_page_is_sound(browser: Browser, address: str, name: str) -> None:
    """Light, from here alone, whole, it fits paper and screen, and axe is content.

    In the dark the same elements have other colors, and pictures are turned.
    """
    with visit(browser, address, name) as seen:
        seen.weigh()
        if name in chapters():
            seen.paper()
        seen.look()
        for width in (1440, 360):
            resize(seen.page, width)
            seen.look()
        resize(seen.page, 1280)
        light = seen.looks()
        seen.turn("dark")
        seen.look()
        seen.merge(light, seen.looks())
        seen.axe("color-contrast", "link-in-text-block")
        seen.turn("light")
        seen.axe()
        assert not seen.problems, "\n".join(sorted(set(seen.problems)))


@pytest.mark.parametrize("word", [".k", ".n:nth-child(4)"])
def test_a_pale_word_of_code_is_seen(browser: Browser, address: str, word: str) -> None:
    """A kind of word, or one that alone is not as its neighbours are."""
    with visit(browser, address, "chapters/how-to-run") as seen:
        seen.look()
        assert seen.page.locator(f"article pre > {word}").count()
        sheet = f"article pre > {word} {{ color: #bbb !important }}"
        seen.page.evaluate(
            """(sheet) => {
              const style = new CSSStyleSheet();
              style.replaceSync(sheet);
              document.adoptedStyleSheets.push(style);
            }""",
            sheet,
        )
        seen.merge(seen.looks())
        seen.axe("color-contrast")
        assert any("color-contrast" in problem for problem in seen.problems)


FIRST_THEME = """new MutationObserver(() => {
  if (document.body) window.firstTheme ??= document.documentElement.dataset.theme;
}).observe(document, { childList: true, subtree: true });"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_theme_follows_the_system_without_a_flash(
    browser: Browser, address: str, scheme: str
) -> None:
    """The page is in the reader's colours before anything of it is drawn."""
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.add_init_script(FIRST_THEME)
    page.goto(f"{address}/{PAGES[0]}.html")
    assert page.evaluate("window.firstTheme") == scheme
    context.close()


def test_theme_button_turns_and_is_remembered(browser: Browser, address: str) -> None:
    """A press changes the colours, and the next page keeps them."""
    with visit(browser, address, PAGES[0]) as seen:
        ground = "getComputedStyle(document.body).backgroundColor"
        grounds = {seen.page.evaluate(ground)}
        for _ in range(2):  # auto, light, dark
            seen.page.locator(".theme-switch-button:visible").first.click()
            grounds.add(seen.page.evaluate(ground))
        assert len(grounds) == 2
        theme = seen.page.evaluate("document.documentElement.dataset.theme")
        seen.page.goto(f"{address}/{PAGES[1]}.html")
        assert seen.page.evaluate("document.documentElement.dataset.theme") == theme


def test_print_is_black_on_white(browser: Browser, address: str) -> None:
    """A reader who prints from the dark gets paper with a title, then the dark back."""
    with visit(browser, address, PAGES[0], "dark") as seen:
        theme = "document.documentElement.dataset.theme"
        seen.page.emulate_media(media="print")
        seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert seen.page.evaluate(theme) == "light"
        assert seen.page.locator("article h1").is_visible()
        seen.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert seen.page.evaluate(theme) == "dark"


def test_icons_are_drawn_by_the_web_fonts(browser: Browser, address: str) -> None:
    """Without the theme's icon script the buttons still show their icons."""
    with visit(browser, address, PAGES[0]) as seen:
        fonts = seen.page.evaluate(
            "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
        )
        assert any("Font Awesome" in font for font in fonts)
        assert not any("fontawesome.js" in each.url for each in seen.responses)
