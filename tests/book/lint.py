"""What every chapter must have, and what none may: each check yields its complaints."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

import yaml
from bookweb import sources

from gradient_ascent import exercises

from .chapters import Chapter, Fence

DRAWS = {"contours", "history", "profile", "figure", "subplots"}
SHOWS = {"rule-body": sources.body, "source-of": sources.definition}
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
    for title, caption, label, alt in _pictures(chapter):
        if not caption:
            yield f"a figure without caption: {title}"
        if not label.startswith("fig-"):
            yield f"a figure without a label fig-...: {title}"
        if len(alt) < 40:
            yield f"a figure whose alt text does not say what is seen: {title}"


def _pictures(chapter: Chapter) -> Iterator[tuple[str, str, str, str]]:
    """Each figure's first line, caption, label and alt text."""
    for cell in chapter.cells:
        options = cell.options.get("mystnb", {})
        figure, image = options.get("figure", {}), options.get("image", {})
        if figure or _draws(cell):
            title = cell.body.strip().splitlines()[0]
            label, alt = figure.get("name", ""), image.get("alt", "")
            yield title, figure.get("caption", ""), label, alt
    for fence in chapter.fences:
        if fence.name in ("diagram", "expression"):
            told = yaml.safe_load(fence.body)
            title = f"the {fence.name} {told[fence.name]}"
            yield title, told["caption"], fence.argument, told["alt"]


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
    if not 2 <= len(labels) + len(live) <= 8:
        yield f"2 to 8 exercises, got {len(labels) + len(live)}"
    if chapter.name not in FRONT and len(live) < 2:
        yield f"2 exercises or more check themselves in the page, got {len(live)}"
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
        if _shows(last := tree.body[-1]):
            yield f"a claim that shows a value below its fold: {ast.unparse(last)}"


def _shows(statement: ast.stmt) -> bool:
    """Whether a cell that ends with it shows what it gives; glue gives nothing."""
    match statement:
        case ast.Expr(ast.Call(ast.Name("glue"))):
            return False
    return isinstance(statement, ast.Expr)


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
    """The package's code is shown by directives that leave long docstrings out."""
    for fence in chapter.fences:
        if fence.name == "literalinclude":
            yield f"literalinclude shows docstrings ({fence.argument}): use source-of"
        if show := SHOWS.get(fence.name):
            try:
                show(fence.argument)
            except ValueError as error:
                yield str(error)
