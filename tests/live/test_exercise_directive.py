"""The directives `live-exercise` and `exercise-list`, in small books."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from gradient_ascent.exercises import load
from tests.site.contents import ROOT

pytestmark = pytest.mark.build

HERE = "```{live-exercise} nesterov\n```\n"
PLACE = load("nesterov").chapter


def build(folder: Path, exercises: str) -> tuple[int, str]:
    """Build a book of two pages, the second with these exercises."""
    page = folder / "chapters" / f"{PLACE}.md"
    page.parent.mkdir(parents=True)
    (folder / "chapters" / "intro.md").write_text("# Intro\n\nWords.\n")
    page.write_text(f"# Exercises\n\nWords.\n\n{exercises}")
    toc = "format: jb-book\nroot: chapters/intro\nchapters:\n"
    (folder / "_toc.yml").write_text(f"{toc}  - file: chapters/{PLACE}\n")
    for name in ("_config.yml", "references.bib", "web"):
        (folder / name).symlink_to(ROOT / name)
    program = Path(sys.executable).with_name("jupyter-book")
    done = subprocess.run(
        [program, "build", folder, "-W", "-n", "-q", "--keep-going"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def test_an_exercise_is_static_first(tmp_path: Path) -> None:
    code, words = build(tmp_path / "book", HERE)
    assert code == 0, words
    site = tmp_path / "book" / "_build" / "html"
    page = site / "chapters" / f"{PLACE}.html"
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    exercise, nesterov = soup.find(id="ex-live-nesterov"), load("nesterov")
    assert "Nesterov’s momentum" in exercise.text or nesterov.title in exercise.text
    stub, solution = (
        exercise.select_one(f".live-{part} pre") for part in ("stub", "solution")
    )
    assert (stub.text, solution.text) == (nesterov.stub, nesterov.solution)
    assert stub.find("span", class_="k")
    hint = exercise.select_one("details.hint")
    assert hint.p.text.strip() == nesterov.hint
    about = exercise.select_one(".admonition-title .exercise-about")
    assert about.text == f"{nesterov.kind}, level {nesterov.level}"
    scripts = [script.get("src", "") for script in soup.find_all("script")]
    assert sum("live/exercise.js" in script for script in scripts) == 1
    intro = (site / "chapters" / "intro.html").read_text(encoding="utf-8")
    assert "live/exercise.js" not in intro
    assert "live/progress.js" in intro
    places = json.loads((site / "_static" / "live" / "exercises.json").read_text())
    assert places == {f"chapters/{PLACE}.html": {"nesterov": nesterov.version}}
    bundle = (site / "_static" / "live" / "editor.js").read_text(encoding="utf-8")
    assert "createEditor" in bundle
    assert "Permission is hereby granted, free of charge" in bundle
    assert 100_000 < len(bundle) < 600_000


@pytest.mark.parametrize(
    ("exercises", "complaint"),
    [
        ("```{live-exercise} nestorov\n```\n", "did you mean nesterov"),
        ("```{live-exercise} adam\n```\n", "the chapter adaptive/adam, not this one"),
        (HERE + HERE, "duplicate label: ex-live-nesterov"),
        (HERE + "```{exercise-list}\n```\n", "momentum stands in no chapter"),
    ],
)  # fmt: skip
def test_a_mistake_stops_the_build(
    tmp_path: Path, exercises: str, complaint: str
) -> None:
    code, words = build(tmp_path / "book", exercises)
    assert code != 0
    assert complaint in words
