"""A lab in one view: picture beside the control in hand, what needs no Python.

That they are seen together on any page, `test_all_pages` sees.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from gradient_ascent import lab
from gradient_ascent.landscapes import LANDSCAPES
from tests.live.reader import Reader, lab_shown, reading
from tests.live.test_shared_address import SCREENS
from tests.live.test_trace_lab import NAME, opened
from tests.site.contents import ROOT, chapters
from tests.site.test_pages import TWO_FRAMES

sys.path.insert(0, str(ROOT / "web"))

from bookweb import lab_record

LABS = re.compile(
    r'<figure class="live trace-lab[^"]*" id="(?P<name>[\w-]+)".*?'
    r'<script type="application/json">(?P<about>.*?)</script>',
    re.DOTALL,
)
# Unfold each run of the lab, and go on to each control as a reader's Tab does; say what
# is seen whole.
TOGETHER = """async (lab) => {
  const frames = async () => {
    for (let each = 0; each < 2; each++) await new Promise(requestAnimationFrame);
  };
  const picture = lab.querySelector(".lab-picture");
  const seen = (part) => {
    const { left, right, top, bottom } = part.getBoundingClientRect();
    return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
  };
  const at = (part, share) => {
    const { left, right, top, height } = part.getBoundingClientRect();
    return document.elementFromPoint((left + right) / 2, top + share * height);
  };
  const found = [];
  for (const folded of lab.querySelectorAll(".lab-run")) {
    if (!folded.open) folded.querySelector("summary").click();
    await frames();
    lab.scrollIntoView({ block: "start", behavior: "instant" });
    await frames();
    const all = [...lab.querySelectorAll("input[type=range], select, .lab-play")];
    for (const control of all.filter((each) => each.checkVisibility())) {
      lab.scrollIntoView({ block: "start", behavior: "instant" });
      control.focus({ preventScroll: true });
      control.scrollIntoView({ block: "nearest", behavior: "instant" });
      const free = (part, share) => part.contains(at(part, share));
      const bare = [0.02, 0.5, 0.98].every((share) => free(picture, share));
      const whole = [free(control, 0.5), seen(control), seen(picture), bare];
      found.push([whole, control.outerHTML]);
    }
  }
  return found;
}"""
IN_A_FRAME = """async (pressed) => {
  const line = () => document.querySelector(".lab-lines path[stroke]").outerHTML;
  const before = line();
  pressed.click();
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return line() !== before;
}"""


def labs(html: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each lab's page, name, and what its script is told."""
    for name in chapters():
        text = (html / f"{name}.html").read_text(encoding="utf-8")
        for found in LABS.finditer(text):
            yield name, found["name"], json.loads(found["about"])


@pytest.fixture()
def reader(browser: Browser, address: str) -> Iterator[Reader]:
    """A page with its lab in view, and no Python."""
    with reading(browser, f"{address}/{NAME}") as seen:
        lab_shown(seen.page)
        yield seen
        assert not seen.problems


def assert_seen_together(lab: Locator) -> None:
    """On all screens, the picture and whatever control a reader has in hand."""
    for width, height in SCREENS:
        lab.page.set_viewport_size({"width": width, "height": height})
        lab.page.evaluate(TWO_FRAMES)
        seen = lab.evaluate(TOGETHER)
        assert len(seen) > 5
        for found, control in seen:
            assert found == [True] * 4, (control, (width, height))


@pytest.mark.browser
def test_play_steps_and_presets_answer_in_a_frame_without_python(
    reader: Reader,
) -> None:
    page = reader.page
    page.locator(".lab-box").hover()
    page.wait_for_load_state("networkidle")
    for name in ("Next stage", "on 1 step", "back 1 step", "on 10 steps", "diverges"):
        button = page.get_by_role("button", name=name)
        assert button.evaluate(IN_A_FRAME), name
    assert not page.workers
    assert not [url for url in reader.requests if "pyodide" in url]


def test_what_is_recorded_is_what_python_gives(html: Path) -> None:
    found = list(labs(html))
    assert len(found) >= 6
    for chapter, _, about in found:
        own, presets = (html / chapter).parent, list(about["presets"].values())
        for file, specs in zip(about["recorded"], [[about["spec"]], presets]):
            held = json.loads((own / file).read_text(encoding="utf-8"))
            assert all(("torch" in each) == about["torch"] for each in held)
            ours = [{k: v for k, v in each.items() if k != "torch"} for each in held]
            assert ours == [lab_record.brief(lab.results(spec)) for spec in specs]


@pytest.mark.browser
def test_a_step_is_shown_in_arrows_and_numbers(reader: Reader) -> None:
    """The second step of momentum, from the numbers that the rule itself gives."""
    page = reader.page
    step = page.get_by_role("slider", name="step", exact=True)
    expect(page.locator(".lab-arrows path")).to_have_count(0)
    step.fill("1")
    for kind in ("gradient", "memory", "step"):
        expect(page.locator(f".lab-arrows .lab-{kind}")).to_have_count(1)
    drawn = page.locator(".lab-arrows .lab-step path").last
    assert drawn.evaluate("(path) => getComputedStyle(path).stroke") == (
        page.locator(".lab-legend span")
        .nth(1)
        .locator("path")
        .first.evaluate("(path) => getComputedStyle(path).stroke")
    )
    velocity = 0.64 * -20 + -(2 * (10 + 0.02 * -20))
    for words in (
        "Step 2 of momentum, in numbers",
        "momentum_buffer = momentum × momentum_buffer + gradient",
        f"0.64 × (−20) + (−19.2) = −{-velocity:g}",
        "parameter += lr × momentum_buffer",
        f"0.02 × (−{-velocity:g}) = −{-0.02 * velocity:g}",
    ):
        expect(page.locator(".lab-fold").first).to_contain_text(words)
    opened(page, "Run 1")
    expect(page.locator(".lab-fold").first).to_contain_text("Step 2 of plain")
    expect(page.locator(".lab-arrows .lab-memory")).to_have_count(0)


@pytest.mark.parametrize("landscape", LANDSCAPES)
def test_each_coordinate_has_a_symbol(landscape: str) -> None:
    """A letter and perhaps an index, as a lab writes them."""
    for name in LANDSCAPES[landscape].coordinates:
        assert re.fullmatch(r"[a-z]\d*", name)
