"""torch's own runs in a lab: recorded as torch.optim gives them, shown where known."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Page, expect

from gradient_ascent import lab
from gradient_ascent.trace import run
from tests.live.reader import lab_shown, reading
from tests.site.contents import ROOT

sys.path.insert(0, str(ROOT / "web"))

from bookweb import lab_record, lab_torch

NAME = "chapters/practice/pytorch.html"
SAID = re.compile(r"torch\.optim, at most \d.*e−1\d away")
HERE: dict[str, tuple[dict[str, Any], Callable[..., torch.optim.Optimizer], Any]] = {
    "plain": ({"lr": 0.1}, torch.optim.SGD, {"lr": 0.1}),
    "nesterov": (
        {"lr": 0.05, "momentum": 0.8},
        torch.optim.SGD,
        {"lr": 0.05, "momentum": 0.8, "nesterov": True},
    ),
    "adam": (
        {"lr": 0.2, "beta1": 0.8},
        torch.optim.Adam,
        {"lr": 0.2, "betas": (0.8, 0.999)},
    ),
    "amsgrad": ({"lr": 0.2}, torch.optim.Adam, {"lr": 0.2, "amsgrad": True}),
}


@pytest.mark.parametrize("landscape", ["parabola", "bowl", "peaks"])
@pytest.mark.parametrize("rule", HERE)
def test_it_is_what_torch_gives(rule: str, landscape: str) -> None:
    ours, kind, options = HERE[rule]
    trace = run(rule, landscape, steps=30, **ours)
    ((found,), _) = lab_torch.beside([trace])
    point = torch.tensor(trace.positions[0], dtype=torch.float64, requires_grad=True)
    optimizer = kind([point], maximize=trace.maximize, **options)
    for position, objective in zip(found["positions"], found["objective"]):
        assert point.tolist() == pytest.approx(position, rel=0, abs=1e-12)
        height = trace.landscape(*point)
        assert height.item() == pytest.approx(objective, rel=0, abs=1e-12)
        optimizer.zero_grad()
        height.backward()
        optimizer.step()
    assert len(found["positions"]) == len(trace.positions)


def test_it_stands_beside_ours() -> None:
    runs = [{"rule": "adam", "hyperparameters": {"lr": 1}}]
    spec = {"landscape": "bowl", "start": [-5, -2], "steps": 20, "runs": runs}
    found = lab_record.results(spec, torch=True)
    assert SAID.fullmatch(found.pop("torch")["said"])
    assert found == lab.results(spec) == lab_record.results(spec, torch=False)


def test_a_rule_that_torch_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match=r"torch.optim has no class that is lion"):
        lab_torch.beside([run("lion", "bowl", steps=1)])
    with pytest.raises(TypeError, match="Adam takes no option 'nesterov'"):
        lab_torch.beside([run("gradient_ascent", "bowl", steps=1, nesterov=True)])


@pytest.fixture()
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page with its lab in view."""
    with reading(browser, f"{address}/{NAME}") as reader:
        lab_shown(reader.page)
        yield reader.page
        assert not reader.problems


@pytest.mark.browser
def test_dots_are_shown_where_they_are_known(page: Page) -> None:
    dots = page.locator(".lab-lines circle")
    legend = page.locator(".lab-legend span").last
    expect(dots).to_have_count(4 * 21)
    expect(legend).to_have_text(SAID)
    page.get_by_role("slider", name="step", exact=True).fill("5")
    expect(dots).to_have_count(4 * 6)
    page.get_by_role("button", name="all of SGD").click()
    expect(dots).to_have_count(3 * 6)
    page.get_by_role("slider", name="learning rate").first.press("ArrowRight")
    expect(legend).to_have_text("torch.optim: dots at presets only")
    expect(dots).to_have_count(0)
    expect(legend.locator("svg")).to_have_count(0)
    page.get_by_role("button", name="Reset").click()
    expect(dots).to_have_count(4 * 6)


@pytest.mark.browser
def test_the_still_has_them_too(browser: Browser, address: str) -> None:
    url = f"{address}/{NAME}"
    with reading(browser, url, java_script_enabled=False) as seen:
        still = seen.page.locator(".lab-still")
        assert SAID.search(still.get_attribute("alt") or "")
        expect(seen.page.locator(".lab-legend span").last).to_have_text(SAID)
