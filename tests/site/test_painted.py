"""What would be wrong with a formula is seen to be wrong, in both browsers."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from bookweb import maths
from fontTools import subset

from tests.site.painted import FONTS
from tests.site.painting import BROWSERS, Painter
from tools.serve import listen

pytestmark = pytest.mark.browser

FORMULAS = [
    r"\theta_t = \theta_{t-1} + \eta \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}",
    r"f'''(x) \ne \bar f, \qquad \sqrt{1 + \sqrt{\frac{a}{b}}}",
    r"\left(\begin{matrix} a \\ b \\ c \\ d \end{matrix}\right) \in \sum \Vert x \Vert",
    r"\underbrace{x + y}_{z} \le \overline{ab} \le \max_{\lvert u \rvert = 1} u^\top A",
    r"\left\{ \int_0^1 \frac{f}{g} \right\} \widehat{xyz} \longrightarrow \cdots",
]


@pytest.fixture(scope="module", params=BROWSERS)
def painter(request: pytest.FixtureRequest) -> Iterator[Painter]:
    with Painter(request.param) as painter:
        yield painter


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A page of formulas with KaTeX's own styles and fonts, and its address."""
    drawn = "".join(
        f'<p class="math-box">{maths.draw(latex, display=True)}</p>'
        for latex in FORMULAS
    )
    (tmp_path / "page.html").write_text(
        '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="katex.css">'
        "<style>html { --pst-color-text-base: #000; font-size: 18px }</style>"
        f"<main>{drawn}</main>",
        encoding="utf-8",
    )
    shutil.copy(FONTS.parent / "katex.css", tmp_path)
    shutil.copytree(FONTS, tmp_path / "fonts")
    with listen(tmp_path, range(1)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield tmp_path, f"http://localhost:{server.server_port}/page.html"
        server.shutdown()
        thread.join()


def style(rule: str) -> str:
    """Return a script that adds a rule to the page's style."""
    return f"""(() => {{
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`{rule}`);
      document.adoptedStyleSheets.push(sheet);
    }})()"""


WRONG = {
    "a root without a sign": (
        'document.querySelectorAll(".sqrt path").forEach((path) => path.remove())',
        "a root is not painted",
    ),
    "a root without a bar": (
        style(".sqrt svg { clip-path: inset(0 calc(100% - .8em) 0 0) }"),
        "a root is not painted",
    ),
    "a root that sits low": (
        style(".sqrt .hide-tail { position: relative; top: .4em }"),
        "a root: ",
    ),
    "a gap after a root": (
        style(".sqrt .svg-align > .mord { padding-right: .5em }"),
        "a root: its bar is too long",
    ),
    "stacked primes": (
        style(".msupsub .mtight { letter-spacing: -.275em }"),
        "'′' lies on '′'",
    ),
    "a fence without its middle": (
        style(
            ".delimsizing svg { clip-path: polygon("
            "0 0, 100% 0, 100% 40%, 0 40%, 0 60%, 100% 60%, 100% 100%, 0 100%) }"
        ),
        "a line is not painted",
    ),
    "no bar of a fraction": (
        style(".frac-line { opacity: 0 }"),
        "a line is not painted",
    ),
    "no hats": (style(".accent-body { opacity: 0 }"), "'^' is not painted"),
    "half a brace": (style(".brace-right { opacity: 0 }"), "a line is not painted"),
    "no big operators": (style(".op-symbol { opacity: 0 }"), "'∑' is not painted"),
    "run together": (
        style(".mord + .mbin, .mspace { margin: 0 -.3em !important }"),
        " lies on ",
    ),
    "too faint": (style(".katex-html { opacity: .1 }"), "is not painted"),
}


def test_nothing_is_wrong_with_the_whole_fonts(
    painter: Painter, site: tuple[Path, str]
) -> None:
    folder, address = site
    assert painter.faults(address, folder) == (4 * len(FORMULAS), [])


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_seen(
    painter: Painter, wrong: str, site: tuple[Path, str]
) -> None:
    folder, address = site
    script, told = WRONG[wrong]
    _, found = painter.faults(address, folder, ("light",), script)
    assert any(told in fault for fault in found), found


def test_a_sign_that_is_cut_from_a_font_is_missed(
    painter: Painter, site: tuple[Path, str]
) -> None:
    folder, address = site
    signs = "′"  # other fonts have others in the same shape
    for file in FONTS.glob("*.ttf"):
        options = subset.Options(layout_features=["*"])
        font = subset.load_font(str(file), options)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=set(font.getBestCmap()) - set(map(ord, signs)))
        cutter.subset(font)
        cut = (folder / "fonts" / file.name).with_suffix(
            ".woff2"
        )  # browsers look inside
        subset.save_font(font, str(cut), options)
        font.close()
    _, found = painter.faults(address, folder, ("light",))
    for sign in signs:
        assert any(f"{sign!r} is not painted" in fault for fault in found), sign
