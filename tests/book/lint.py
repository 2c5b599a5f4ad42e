"""What every chapter must have, and what none may: each check yields its complaints."""

import ast
import importlib
import re
from collections.abc import Iterator
from itertools import pairwise

from gradient_ascent import exercises

from .chapters import ROOT, Chapter, Fence

DRAWS = {"contours", "history", "profile", "figure", "subplots"}
FRONT = {"intro", "how-to-run", "notation"}  # chapters that derive nothing


def complaints(chapter: Chapter) -> list[str]:
    """Everything that is wrong with a chapter."""
    checks = (
        _header, _headings, _imports, _figures, _exercises, _claims, _numbers,
        _glue, _code,
    )  # fmt: skip
    return [complaint for check in checks for complaint in check(chapter)]


def _header(chapter: Chapter) -> Iterator[str]:
    header = chapter.front_matter
    meta = header.get("myst", header).get("html_meta", {})
    if not any(key.startswith("description") for key in meta):
        yield "the front matter has no html_meta description"
    if "jupytext" not in header:
        yield "the front matter has no jupytext header"


def _headings(chapter: Chapter) -> Iterator[str]:
    levels = [level for level, _ in chapter.headings]
    titles = [title for _, title in chapter.headings]
    if levels.count(1) != 1 or levels[0] != 1:
        yield "a chapter has one h1, and it comes first"
    for above, below in pairwise(levels):
        if below > above + 1:
            yield f"a heading of level {below} follows one of level {above}"
    if chapter.name not in FRONT and "What to remember" not in titles:
        yield "no section 'What to remember'"
    if any("{cite" in text for text in chapter.prose) and titles[-1] != "References":
        yield "a chapter that cites ends with 'References'"


def _imports(chapter: Chapter) -> Iterator[str]:
    if not chapter.cells:
        yield "no code cell"
        return
    for statement in ast.parse(chapter.cells[0].body).body:
        is_import = isinstance(statement, ast.Import | ast.ImportFrom)
        if not is_import and ast.unparse(statement) != "plots.use_style()":
            yield f"the first cell is for imports, not {ast.unparse(statement)!r}"


def _figures(chapter: Chapter) -> Iterator[str]:
    for cell in chapter.cells:
        options = cell.options.get("mystnb", {})
        figure, image = options.get("figure", {}), options.get("image", {})
        if not figure and not _draws(cell):
            continue
        title = cell.body.strip().splitlines()[0]
        if not figure.get("caption"):
            yield f"a figure without caption: {title}"
        if not figure.get("name", "").startswith("fig-"):
            yield f"a figure without a label fig-...: {title}"
        if len(image.get("alt", "")) < 40:
            yield f"a figure whose alt text does not say what is seen: {title}"


def _draws(cell: Fence) -> bool:
    """Whether the cell makes a figure when it runs; a function it defines does not."""
    statements = [
        s for s in ast.parse(cell.body).body if not isinstance(s, ast.FunctionDef)
    ]
    nodes = [node for statement in statements for node in ast.walk(statement)]
    calls = [n.func for n in nodes if isinstance(n, ast.Call)]
    return any(isinstance(f, ast.Attribute) and f.attr in DRAWS for f in calls)


def _exercises(chapter: Chapter) -> Iterator[str]:
    found = [f for f in chapter.fences if f.name in ("exercise", "exercise-start")]
    live = [f.argument for f in chapter.fences if f.name == "live-exercise"]
    solved = [f for f in chapter.fences if f.name in ("solution", "solution-start")]
    labels = [exercise.options.get("label", "") for exercise in found]
    if not 2 <= len(labels) + len(live) <= 4:
        yield f"2 to 4 exercises, got {len(labels) + len(live)}"
    for name in live:  # its solution comes with it
        if name not in exercises.names():
            yield f"exercises/{name}.py does not exist"
    for label in labels:
        if not label.startswith("ex-"):
            yield f"an exercise without a label ex-...: {label!r}"
        if [solution.argument for solution in solved].count(label) != 1:
            yield f"exercise {label} has no solution of its own"
    for solution in solved:
        if "dropdown" not in solution.options.get("class", ""):
            yield f"the solution of {solution.argument} is not folded: dropdown"


def _claims(chapter: Chapter) -> Iterator[str]:
    claims = [cell for cell in chapter.cells if "claim" in cell.tags]
    if not claims:
        yield "no claim cell"
    for claim in claims:
        tree = ast.parse(claim.body)
        if not any(isinstance(node, ast.Assert) for node in ast.walk(tree)):
            yield f"a claim that asserts nothing: {claim.body.strip().splitlines()[0]}"


def _numbers(chapter: Chapter) -> Iterator[str]:
    for text in chapter.prose:
        bare = re.sub(r"\{[\w:-]+\}`[^`]*`|`[^`]*`|\]\([^)]*\)|<[^>]*>", "", text)
        for math in re.findall(r"\$([^$]+)\$", bare):
            for number in re.findall(r"\d+\.\d+", math):
                if len(number.replace(".", "").strip("0")) > 3:
                    yield f"{number} is typed in ${math}$: glue what a cell computes"
        for number in re.findall(r"\d+\.\d+|\d+ ?%", re.sub(r"\$[^$]+\$", "", bare)):
            yield f"{number} is typed in the text: glue it, or write an input as maths"


def _glue(chapter: Chapter) -> Iterator[str]:
    source = chapter.path.read_text(encoding="utf-8")
    glued = set(re.findall(r"""\bglue\(\s*f?["']([\w-]+)["']""", source))
    shown = set(re.findall(r"\{glue:?\w*\}`([\w-]+)", source))
    shown |= set(re.findall(r"```\{glue:?\w*\} ([\w-]+)", source))
    for name in shown - glued:
        yield f"{name} is shown but no cell glues it"
    for name in glued - shown:
        yield f"{name} is glued but never shown"


def _code(chapter: Chapter) -> Iterator[str]:
    for fence in chapter.fences:
        if fence.name == "literalinclude":
            path = ROOT / fence.argument.lstrip("/")
            if not path.is_file():
                yield f"{fence.argument} does not exist"
                continue
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found = importlib.import_module(module)
            for part in fence.options.get("pyobject", "").split("."):
                found = getattr(found, part, None)
            if found is None:
                yield f"{fence.argument} has no {fence.options.get('pyobject')}"
