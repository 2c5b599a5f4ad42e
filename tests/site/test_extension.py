"""The Sphinx extension's functions, and small books built with it."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from bookweb import (
    cover,
    editions,
    figures,
    maths,
    minus,
    repository,
    scripts,
    search,
    sitemap,
)
from bookweb.pages import about, description
from bs4 import BeautifulSoup
from docutils import nodes
from PIL import Image

from tests.site import building
from tests.site.contents import ROOT

ADDRESS = "https://github.com/owner/name"


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/owner/name.git", ADDRESS),
        ("https://github.com/owner/name", ADDRESS),
        ("https://user:secret@github.com/owner/name.git", ADDRESS),
        ("git@github.com:owner/name.git", ADDRESS),
        ("ssh://git@github.com:22/owner/name.git", ADDRESS),
        ("git@gitlab.com:group/sub/name.git", "https://gitlab.com/group/sub/name"),
        (
            "https://gitlab.example.org/owner/name/",
            "https://gitlab.example.org/owner/name",
        ),
    ],
)
def test_forge_is_found_in_the_remote(remote: str, address: str) -> None:
    """Every form of a remote gives what a browser opens, without secrets."""
    found = repository.find({}, remote)
    assert found is not None
    assert found.url == address


@pytest.mark.parametrize(
    "remote",
    ["", "/srv/git/name.git", "../name", "https://example.org/github.com/name"],
)
def test_no_forge_no_repository(remote: str) -> None:
    """A folder or a host that is no forge gives no address."""
    assert repository.find({}, remote) is None


def test_environment_comes_first() -> None:
    """On GitHub's machines the environment knows best."""
    environment = {"GITHUB_REPOSITORY": "owner/name"}
    found = repository.find(environment, "git@gitlab.com:other/other.git")
    assert found is not None
    assert found.file("a/b.py") == f"{ADDRESS}/blob/main/a/b.py"
    assert repository.pages_address(environment) == "https://owner.github.io/name/"
    assert repository.pages_address({}) == ""


def _document(*children: nodes.Node) -> nodes.document:
    from docutils.utils import new_document

    document = new_document("page")
    document.extend(children)
    return document


def test_description_is_the_first_paragraph_of_prose() -> None:
    """No formula, which reads badly in a list; the page's own words win."""
    formula = nodes.paragraph("", "", nodes.Text("Let "), nodes.math("", "x"))
    prose = nodes.paragraph("", "How does a program climb? " * 20)
    words = description(_document(formula, prose))
    assert words.startswith("How does a program climb?")
    assert len(words) <= 160
    said = nodes.meta("", name="description", content="Its own words.")
    assert description(_document(said, prose)) == "Its own words."
    assert description(_document(formula)) == ""
    meaning = nodes.inline("", " up or down", classes=["meaning"])
    told = nodes.paragraph("", "", nodes.Text("Climb."), meaning)
    assert description(_document(told)) == "Climb."


def test_size_of_a_drawing_is_in_pixels() -> None:
    """Points become pixels; a drawing without a size is refused."""
    svg = '<?xml version="1.0"?>\n<svg width="72pt" viewBox="0 0 72 36" version="1.1">'
    assert figures.size(svg) == (96, 48)
    with pytest.raises(ValueError, match="svg must have a viewBox"):
        figures.size("<svg>")


def test_a_formula_is_drawn_for_the_eye_and_written_for_the_ear() -> None:
    """The LaTeX stays in it: what is copied and proved is what is shown."""
    formula = BeautifulSoup(maths.draw(r"\sqrt{v}", display=True), "html.parser")
    assert formula.select_one('.katex-html[aria-hidden="true"] .sqrt svg path')
    assert formula.select_one("math msqrt")
    assert formula.annotation.string == r"\sqrt{v}"


@pytest.mark.parametrize("latex", [r"\nosuchmacro", r"\sqrt{", "\u2603", "\u0436"])
def test_what_cannot_be_drawn_is_an_error(latex: str) -> None:
    """No such macro, no end, no such sign in the fonts: then no hole in the page."""
    with pytest.raises(ValueError, match=r"."):
        maths.draw(latex, display=False)
    assert "katex" in maths.draw("x", display=False)


def test_scripts_that_are_merged_stay_apart() -> None:
    """One's strictness is its own, its names are everyone's, licenses remain."""
    first = '/*! mine */\n"use strict"\nconst one = 1'
    merged = scripts.merge([first, "with ({ two: one }) globalThis.sum = two"])
    assert "mine" in merged
    assert printed(merged + ";console.log(sum)") == ["1"]


def test_the_parts_of_scripts_are_tasks_of_their_own() -> None:
    """So that none of them, and not all in one go, hold the page up."""
    page = 'globalThis.document = { readyState: "interactive" };'
    script = """const ready = (start) => {
      if (document.readyState != "loading") { start(); }
      else document.addEventListener("DOMContentLoaded", start);
    };
    ready(() => {
      console.log("part");
      Promise.resolve().then(() => console.log("its end"));
    });
    ready(() => console.log("next"));
    console.log("script");"""
    said = printed(page + scripts.merge([script]))
    assert said == ["script", "part", "its end", "next"]


def printed(script: str) -> list[str]:
    """Run a script, and return what it prints."""
    command = [maths.node(), "-e", script]
    return subprocess.run(command, capture_output=True, text=True).stdout.splitlines()


def test_pages_name_the_edition_of_what_they_load() -> None:
    """Whether they named one before or none."""
    page = '<link href="../_static/book.css"/><a href="_static/book.css.html">'
    once = editions.named(page, {"_static/book.css": "abc"})
    assert once == page.replace('book.css"', 'book.css?v=abc"', 1)
    assert editions.named(once, {"_static/book.css": "abc"}) == once


def test_a_drawing_is_made_light() -> None:
    """Places to a hundredth of a point; scales and sizes as they were."""
    heavy = (
        '<svg viewBox="0 0 72.12345 1"><metadata>\n<a/></metadata>'
        '<path d="M 1.23456 -0.00001" transform="scale(0.015625)"/><use x="2.34567"/>'
    )
    assert figures.light(heavy) == (
        '<svg viewBox="0 0 72.12345 1"><path d="M 1.23 -0.00" '
        'transform="scale(0.015625)"/><use x="2.35"/>'
    )


def test_a_preview_is_complete_where_the_address_is_known(tmp_path: Path) -> None:
    """Whole addresses, and a card of the size that it is said to have."""
    top = "https://owner.github.io/name/"
    config = SimpleNamespace(root_doc="intro", html_title="Book", html_baseurl="")
    (tmp_path / "run.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"/>'
    )
    builder = SimpleNamespace(
        get_target_uri="{}.html".format, images={"run.svg": "abc.svg"}
    )
    folders = dict.fromkeys(("srcdir", "outdir", "doctreedir"), tmp_path)
    app = SimpleNamespace(config=config, builder=builder, **folders)
    body = '<img src="../_images/abc.svg" alt="It goes &quot;up&quot;."/>'
    context = {"title": "<span>1. </span>Up &amp; on", "metatags": "", "body": body}
    assert "og:image" not in about(app, "part/up", context, "")
    config.html_baseurl = top
    tags = BeautifulSoup(
        about(app, "part/up", context, 'Climb "up".'), "html.parser"
    ).find_all("meta")
    said = {tag.get("property") or tag["name"]: tag["content"] for tag in tags}
    with Image.open(tmp_path / "_static" / "cards" / "part" / "up.png") as picture:
        width, height = picture.size
    assert said == {
        "twitter:card": "summary_large_image",
        "og:type": "article",
        "og:site_name": "Book",
        "og:title": "1. Up & on",
        "og:description": 'Climb "up".',
        "og:url": f"{top}part/up.html",
        "og:image": f"{top}_static/cards/part/up.png",
        "og:image:width": str(width),
        "og:image:height": str(height),
        "og:image:alt": 'It goes "up".',
        "description": 'Climb "up".',
    }


def test_cover_is_the_same_each_time(tmp_path: Path) -> None:
    """Two drawings agree in every byte."""
    first, second = tmp_path / "1", tmp_path / "2"
    for folder in (first, second):
        folder.mkdir()
        cover.draw(folder)
    assert (first / "cover.svg").read_bytes() == (second / "cover.svg").read_bytes()


PAGE = r"""---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {display_name: Python 3, language: python, name: python3}
---
# Small

A book of one page.

```{math}
:label: rule-plain
\theta_t = \theta_{t-1} + \eta g_t
```

{checked}`rule-plain`

```{code-cell} ipython3
from gradient_ascent import plots, run
plots.use_style()
```

```{code-cell} ipython3
---
mystnb: {figure: {caption: A run., name: fig-run}, image: {alt: A line falls.}}
---
plots.history(run("plain", "bowl", lr=0.1));
```

```{code-cell} ipython3
:tags: [claim]
assert 1 + 1 == 2
```

{cite:t}`kingma2015adam` and {cite:t}`reddi2018convergence` are cited.

## References

```{bibliography}
:filter: docname in docnames
```
"""


def build(folder: Path, page: str = PAGE, **environment: str) -> tuple[int | None, str]:
    (folder / "chapters").mkdir(parents=True)
    (folder / "chapters" / "intro.md").write_text(page)
    (folder / "_toc.yml").write_text("format: jb-book\nroot: chapters/intro\n")
    for name in ("_config.yml", "references.bib", "web"):
        (folder / name).symlink_to(ROOT / name)
    return rebuild(folder, **environment)


def rebuild(folder: Path, **environment: str) -> tuple[int | None, str]:
    known = {k: v for k, v in os.environ.items() if not k.startswith("GITHUB_")}
    own = {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", **environment}
    return building.build(folder, known | own)


@pytest.fixture(scope="module")
def unhosted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small book whose repository is nowhere."""
    folder = tmp_path_factory.mktemp("unhosted")
    code, said = build(folder)
    assert code == 0, said
    return folder / "_build" / "html"


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same book, its repository on GitHub."""
    folder = tmp_path_factory.mktemp("hosted")
    git = ["git", "-C", str(folder)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    remote = "https://user:secret@github.com/owner/name.git"
    subprocess.run([*git, "remote", "add", "origin", remote], check=True)
    code, said = build(folder)
    assert code == 0, said
    return folder / "_build" / "html"


def _intro(site: Path) -> str:
    return (site / "chapters" / "intro.html").read_text(encoding="utf-8")


@pytest.mark.build
def test_buttons_only_where_the_repository_is_known(
    hosted: Path, unhosted: Path
) -> None:
    """Edit, issue, source and Binder lead to the repository, or are not there."""
    known, unknown = _intro(hosted), _intro(unhosted)
    for address in (
        f"{ADDRESS}/edit/main/chapters/intro.md",
        f"{ADDRESS}/issues/new",
        "https://mybinder.org/v2/gh/owner/name/notebooks"
        "?urlpath=lab/tree/chapters/intro.ipynb",
        "https://colab.research.google.com/github/owner/name/blob/notebooks"
        "/chapters/intro.ipynb",
        f"{ADDRESS}/blob/main/web/bookweb/equations.py",
    ):
        assert address in known
    assert "secret" not in known
    for trace in ("github.com", "mybinder.org", "colab", "source-edit-button"):
        assert trace not in unknown
    assert "checked against the code" in unknown


def test_search_engines_are_told_of_every_page(tmp_path: Path) -> None:
    """Where it is known at which address the site stands."""
    app = SimpleNamespace(
        builder=SimpleNamespace(format="html", get_target_uri="{}.html".format),
        config=SimpleNamespace(html_baseurl=""),
        env=SimpleNamespace(found_docs={"chapters/b", "chapters/a&"}),
        outdir=tmp_path,
    )
    sitemap._write(app, None)
    assert not list(tmp_path.iterdir())
    app.config.html_baseurl = "https://owner.github.io/name/"
    sitemap._write(app, None)
    listed = ElementTree.parse(tmp_path / "sitemap.xml").findall("{*}url/{*}loc")
    assert [each.text for each in listed] == [
        "https://owner.github.io/name/chapters/a&.html",
        "https://owner.github.io/name/chapters/b.html",
    ]
    robots = (tmp_path / "robots.txt").read_text()
    assert "Sitemap: https://owner.github.io/name/sitemap.xml\n" in robots


@pytest.mark.build
def test_page_is_finished(unhosted: Path) -> None:
    """Claims are folded, works are a list, and nothing idle is loaded."""
    page = _intro(unhosted)
    assert re.search(
        r'<details class="claim"><summary>Claim, [^<]*</summary>.*assert', page, re.S
    )
    assert page.count('role="listitem"') == 2
    for absent in (
        "thebe",
        "fontawesome.js",
        "tex-mml",
        "searchindex.js",
        "require.js",
    ):
        assert absent not in page.lower()
    assert len(re.findall(r"<link[^>]*stylesheet", page)) == 1


@pytest.mark.build
def test_pictures_are_the_same_each_time(hosted: Path, unhosted: Path) -> None:
    """Two builds, each with a run of its own, draw the same bytes."""
    first, second = (
        {file.name: file.read_bytes() for file in (site / "_images").glob("*.svg")}
        for site in (hosted, unhosted)
    )
    assert first
    assert first == second


@pytest.mark.build
def test_the_search_knows_pages_that_are_not_written_again(tmp_path: Path) -> None:
    """A second build, in which nothing has changed, says no warning."""
    folder = tmp_path / "book"
    code, said = build(folder, "# Small\n\nWords.\n\n## A part\n\nMore.\n")
    assert code == 0, said
    written = folder / "_build" / "html" / search.SCRIPT
    first = written.read_text(encoding="utf-8")
    for word in ("Small", "Words.", "chapters/intro.html#a-part", "More."):
        assert word in first
    assert "Permission is hereby granted" in first  # MiniSearch's license
    written.unlink()
    code, said = rebuild(folder)
    assert code == 0, said
    assert written.read_text(encoding="utf-8") == first


WRONG = r"""```{{math}}
:label: {label}
\theta_t = \theta_{{t-1}} - \eta g_t
```

{{checked}}`{label}`
"""


@pytest.mark.build
def test_a_proof_is_one_of_what_is_drawn(tmp_path: Path) -> None:
    """What was proved in the build before is no excuse for a sign that changed."""
    wrong = WRONG.format(label="rule-plain")
    right = wrong.replace(r"- \eta", r"+ \eta")
    folder = tmp_path / "book"
    assert build(folder, f"# Small\n\n{right}")[0] == 0
    for equation, good in ((wrong, False), (right, True)):
        (folder / "chapters" / "intro.md").write_text(f"# Small\n\n{equation}\n")
        assert (rebuild(folder)[0] == 0) is good


@pytest.mark.build
@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ("{checked}`rule-adam`", "no equation of this page has the label 'rule-adam'"),
        (WRONG.format(label="rule-plain"), "rule-plain is not the code"),
        (WRONG.format(label="eq-step"), "'eq-step' must be 'rule-' and the name"),
        (r"$\nosuchmacro$", "nosuchmacro"),
        ("{cite:t}`nobody1900nothing`", "could not find bibtex key"),
    ],
)
def test_mistakes_stop_the_build(tmp_path: Path, wrong: str, complaint: str) -> None:
    """A slip of the pen is reported with its page, and no site comes of it."""
    code, said = build(tmp_path / "book", f"# Small\n\nWords.\n\n{wrong}\n")
    assert code != 0
    assert complaint in said
    assert "intro.md" in said


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("from (-5, -2) to -.5", "from (−5, −2) to −.5"),
        ("1.2e-05 and -3e-7", "1.2e−05 and −3e−7"),
        ("-inf", "−inf"),
        ("L-BFGS-2, 2015-07-01, 1--2, well-known", ""),
    ],
)
def test_a_hyphen_before_a_number_is_a_minus_sign(written: str, read: str) -> None:
    assert minus.signed(written) == (read or written)
