"""Write the skeleton of a rule or of a chapter, which passes the tests as it stands.

`python -m tools.skeleton rule RAdam` and `python -m tools.skeleton chapter part/name`.
A rule begins as plain ascent; its name is given as its paper writes it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from keyword import iskeyword

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gradient_ascent import rules
from tools.console import fail, say
from tools.environment import ROOT

TEMPLATES = Environment(
    loader=FileSystemLoader(ROOT / "tools" / "skeletons"),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    trim_blocks=True,
    autoescape=False,  # none of it is HTML
)
PART = "adaptive"  # where a rule's chapter is put: most are there
BY_HAND = "tests/rules/test_by_hand.py"
Files = dict[str, str]
"""What is to stand in each file."""


def main(arguments: list[str]) -> None:
    """Write what is asked for, or nothing if it cannot all be written."""
    match arguments:
        case ["rule", kind]:
            files = rule(kind)
        case ["chapter", name]:
            files = chapter(name)
        case _:
            fail("say `make rule NAME=RAdam` or `make chapter NAME=part/name`.")
    for path, text in files.items():
        (ROOT / path).write_text(text, encoding="utf-8")
    tidy([path for path in files if path.endswith(".py")])
    for path in files:
        say("skeleton", path)


def rule(kind: str) -> Files:
    """Return the files of a rule, given what its optimizer's class is called."""
    name = kind.lower()
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or iskeyword(name):
        fail(f"a rule's name is an identifier, as RAdam is, not {kind!r}.")
    if hasattr(rules, name):
        fail(f"gradient_ascent.rules has a {name!r} already.")
    kind = kind if kind != name else name.title().replace("_", "")
    place = f"{PART}/{name.replace('_', '-')}"
    about = {"name": name, "kind": kind, "title": kind, "chapter": place}
    registered = {
        "from .gradient_ascent import gradient_ascent as": f"import {name} as {name}",
        "\nRULES: dict[": f"import {kind}State as {kind}State",
    }
    offered = {
        "\nOPTIMIZERS: dict[": f"from .{name} import {kind} as {kind}\n",
        '    "gradient_ascent": GradientAscent,': f'    "{name}": {kind},\n',
    }
    return {
        **new(f"gradient_ascent/rules/{name}.py", "rule.py", **about),
        **longer(
            "gradient_ascent/rules/__init__.py",
            {anchor: f"from .{name} {line}\n" for anchor, line in registered.items()},
        ),
        BY_HAND: (ROOT / BY_HAND).read_text("utf-8") + filled("test.py", **about),
        **new(f"gradient_ascent/optim/{name}.py", "optimizer.py", **about),
        **longer("gradient_ascent/optim/__init__.py", offered),
        **chapter(place, title=kind, rule=name),
    }


def chapter(place: str, title: str = "", rule: str = "") -> Files:
    """Return the files of a chapter.

    Args:
        place: its part and its name.
        title: what it is called, if not by its name.
        rule: the rule that it is about, if it is about one.
    """
    part, _, name = place.partition("/")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        fail(f"a chapter is named as adaptive/adam-steps is, not {place!r}.")
    toc = (ROOT / "_toc.yml").read_text("utf-8")
    parts = dict.fromkeys(re.findall(r"file: chapters/([\w-]+)/", toc))
    if part not in parts:
        fail(f"there is no part {part!r}; there are {', '.join(parts)}.")
    *_, last = re.findall(rf".*file: chapters/{part}/.*\n", toc)
    label = name.replace("-", "_")
    exercises = {f"{label}_{which}": which for which in ("first", "second")}
    about = {"title": title or name.replace("-", " ").capitalize(), "chapter": place}
    written = {"rule": rule, "label": name, "exercises": exercises}
    files = new(f"chapters/{place}.md", "chapter.md", **about, **written)
    files["_toc.yml"] = toc.replace(last, f"{last}      - file: chapters/{place}\n")
    for exercise, which in exercises.items():
        path = f"exercises/{exercise}.py"
        files |= new(path, "exercise.py", **about, which=which)
    return files


def new(path: str, template: str, **about: object) -> Files:
    """Fill in a template for a file that must not be there yet."""
    if (ROOT / path).exists():
        fail(f"{path} exists.")
    return {path: filled(template, **about)}


def filled(template: str, **about: object) -> str:
    """Fill in a template."""
    return TEMPLATES.get_template(f"{template}.jinja").render(about)


def longer(path: str, lines: dict[str, str]) -> Files:
    """Put each line into a file before what it is named by, which stands there once."""
    text = (ROOT / path).read_text("utf-8")
    for anchor, line in lines.items():
        assert text.count(anchor) == 1, f"{path} is not as it was: {anchor}"
        text = text.replace(anchor, line + anchor)
    return {path: text}


def tidy(paths: list[str]) -> None:
    """Sort the imports, and break what is too long with this name."""
    ruff = [sys.executable, "-m", "ruff"]
    for command in (["check", "--quiet", "--select=I", "--fix"], ["format", "--quiet"]):
        subprocess.run([*ruff, *command, *paths], cwd=ROOT, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
