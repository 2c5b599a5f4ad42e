"""What a lab's controls are told of the hyperparameters, and the labs of the book."""

from __future__ import annotations

import inspect
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from gradient_ascent import lab
from gradient_ascent.arguments import check
from gradient_ascent.rules import RULES
from tests.book.chapters import book
from tests.site.contents import ROOT
from tests.site.test_extension import build

sys.path.insert(0, str(ROOT / "web"))

from bookweb import lab_controls, trace_lab

LABS = {
    fence.argument: fence.body
    for chapter in book()
    for fence in chapter.fences
    if fence.name == "trace-lab"
}


@pytest.mark.parametrize("rule", RULES)
def test_every_hyperparameter_is_described(rule: str) -> None:
    parameters = inspect.signature(RULES[rule]).parameters.values()
    keywords = {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}
    keywords.pop("parameter", None)  # a lab gives it
    found = lab_controls.hyperparameters(rule)
    assert {each["name"]: each["default"] for each in found} == keywords
    assert found[0]["name"] == "lr"
    assert all(each["label"] for each in found)
    assert len({each["label"] for each in found}) == len(found)


@pytest.mark.parametrize("rule", RULES)
def test_every_range_is_allowed_and_holds_the_default(rule: str) -> None:
    for name, usual, control in RULES[rule].hyperparameters:
        if isinstance(usual, bool):
            assert control.range is None
            continue
        assert control.range
        assert control.unit
        low, high = control.range
        for end in (low, high):
            check(RULES[rule], {name: end})
        start = control.on if usual is None else usual
        assert start is not None
        assert low <= start <= high
        assert not control.whole or all(map(float.is_integer, map(float, (low, high))))


def test_a_range_goes_where_its_name_means_the_same() -> None:
    found = lab_controls.ranges({"lr_decay": [0.5, 1]}, ["gradient_ascent", "momentum"])
    assert found["gradient_ascent"] == {"lr_decay": [0.5, 1]}
    assert not any(found[other] for other in RULES if other != "gradient_ascent")
    found = lab_controls.ranges({"lr": [0.01, 2]}, ["plain"])
    assert found["plain"] == {"lr": [0.01, 2]}
    for name, rule in RULES.items():  # what is chosen instead comes with its default
        usual = rule.arguments["lr"].default
        low = 0.01 if name == "plain" else min(0.01, usual)
        assert found[name] == {"lr": [low, 2]}


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        ({"warmup": [0, 9]}, "plain or adagrad sets 'warmup'; there are lr, lr_decay"),
        ({"momentum": [0, 0.5]}, "no slider of plain or adagrad sets 'momentum'"),
        ({"eps_in_sqrt": [0, 1]}, "no slider of plain or adagrad sets 'eps_in_sqrt'"),
        ({"lr": [1, 0.1]}, r"lr must be \[low, high\], got \[1, 0.1\]"),
        ({"lr": ["1e-3", 1]}, r"lr must be \[low, high\], got \['1e-3', 1\]"),
        ({"lr": 0.1}, r"lr must be \[low, high\], got 0.1"),
        ({"lr": [-1, 1]}, r"plain: lr must lie in \[0, inf\), got -1"),
        ({"lr_decay": [-1, 1]}, r"adagrad: lr_decay must lie in \[0, inf\), got -1"),
    ],
)
def test_a_range_that_cannot_be_is_refused(ranges: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        lab_controls.ranges(ranges, ["plain", "adagrad"])


@pytest.mark.parametrize("name", LABS)
def test_the_code_of_a_labs_runs_repeats_them(name: str) -> None:
    """The book's own runs and every preset, as the page hands them to Python."""
    given = trace_lab.read(LABS[name])
    spec = trace_lab.specification(given)
    presets = given.get("presets", {}).values()
    for each in (spec, *(trace_lab.changed(spec, preset) for preset in presets)):
        results = lab.results(json.loads(json.dumps(each)))
        made: dict[str, Any] = {}
        exec(results["snippet"].replace("print(trace)", "pass"), made)
        again = [(lab.outcome(trace), trace.positions) for trace in made["traces"]]
        assert again == [(run["outcome"], run["positions"]) for run in results["runs"]]


def test_python_is_told_what_is_on_and_off() -> None:
    how = {"momentum": None, "centered": True, "eps_in_sqrt": False}
    runs = [{"rule": "rmsprop", "hyperparameters": how}]
    code = lab.snippet({"landscape": "bowl", "steps": 1, "runs": runs})
    assert "steps=1, momentum=None, centered=True, eps_in_sqrt=False)" in code


LAB = """
```{trace-lab} lab-small
landscape: bowl
steps: 20
runs:
  plain: {lr: 0.1}
caption: A short run.
```
"""


@pytest.mark.build
def test_a_lab_is_numbered_and_referred_to(tmp_path: Path) -> None:
    words = "See {numref}`lab-small`, {numref}`lab %s <lab-small>`."
    page = f"# Small\n\n{LAB}\n{words}\n"
    code, said = build(tmp_path / "book", page)
    assert code == 0, said
    made = tmp_path / "book" / "_build" / "html" / "chapters" / "intro.html"
    soup = BeautifulSoup(made.read_text(encoding="utf-8"), "html.parser")
    links = soup.select('a[href="#lab-small"]:not(.headerlink)')
    assert [link.text for link in links] == ["Fig. 1", "lab 1"]
    caption = soup.select_one("figure#lab-small figcaption")
    assert caption
    assert re.match(r"\s*Fig. 1\s+A short run\.", caption.text)


@pytest.mark.build
def test_a_labs_mistake_stops_the_build(tmp_path: Path) -> None:
    wrong = LAB.replace("caption:", "ranges: {beta1: [0, 1]}\ncaption:")
    code, said = build(tmp_path / "book", f"# Small\n\n{wrong}")
    assert code != 0
    assert "trace-lab: ranges: no slider of plain sets 'beta1'; there are lr" in said
