"""Print what each chapter has, as a Markdown table: `python -m tools.chapters_table`.

It is counted in the built pages: minutes to read, equations proved, assertions of the
claims, pictures with alternative text, exercises by kind and level, live ones. How
often the assertions were checked was counted as the chapters ran (see `checks`).
"""

from __future__ import annotations

import ast
from collections import Counter

import yaml
from bs4 import BeautifulSoup
from jupyter_cache import get_cache
from sphinx_external_toc.parsing import parse_toc_yaml

from gradient_ascent.exercises import KINDS, LEVELS
from tools import chapters
from tools.book import CACHE, HTML
from tools.checks import asserts
from tools.console import fail
from tools.environment import ROOT

SORTS = [*KINDS, *(f"level {level}" for level in LEVELS)]
COLUMNS = ["minutes", "equations", "assertions", "checks", "pictures", *SORTS, "live"]


def main() -> None:
    """Print one line for each chapter, and their sum."""
    rows = {}
    for name in parse_toc_yaml(ROOT / "_toc.yml"):
        page = HTML / f"{name}.html"
        if not page.exists():
            fail(f"{name} is not built: run `make book` first.")
        if "/reference/" not in name:
            found = counts(page.read_text(encoding="utf-8"))
            rows[name] = found
    checked = checks()
    for name, found in rows.items():
        found["checks"] = checked[name]
    print(table(rows))


def checks() -> dict[str, int]:
    """How many checks the claims of each chapter have made when it last ran."""
    outputs = get_cache(CACHE)
    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    return {
        chapter.name: outputs.match_cache_notebook(chapter.notebook).data["checks"]
        for chapter in chapters.read(config["parse"]["myst_enable_extensions"])
    }


def counts(page: str) -> Counter[str]:
    """Count what a built page has, each under the name of its column."""
    article = BeautifulSoup(page, "html.parser").select_one("article")
    assert article
    found = Counter[str]()
    for told in article.select(".minutes"):
        found["minutes"] += int(told.text.split()[1])  # About 25 minutes
    for code in article.select("details.claim .cell_input pre"):
        nodes = ast.walk(ast.parse(code.text))
        found["assertions"] += sum(map(asserts, nodes))
    for about in article.select(".exercise-about"):
        found.update(about.text.replace("what if", "what-if").split(", "))
    found["equations"] = len(article.select(".checked"))
    found["pictures"] = len(article.select('figure img[alt]:not([alt=""])'))
    found["live"] = len(article.select(".live-exercise"))
    return found


def table(rows: dict[str, Counter[str]]) -> str:
    """Lay the counts out, a line for each chapter and one for all."""
    lines = ["| chapter | " + " | ".join(COLUMNS) + " |"]
    lines.append("| --- |" + " ---: |" * len(COLUMNS))
    for name, row in {**rows, "all": sum(rows.values(), Counter())}.items():
        title = name.removeprefix("chapters/")
        lines.append(f"| {title} | " + " | ".join(str(row[c]) for c in COLUMNS) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
