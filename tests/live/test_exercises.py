"""Exercises in the page: solved, failed, stopped, remembered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from gradient_ascent.exercises import load, names
from tests.live.reader import Reader, reading, time_stands_still
from tests.site.test_pages import AXE, RUN_AXE

pytestmark = pytest.mark.browser

CHAPTER = "chapters/momentum/momentum.html"
ALL = "chapters/reference/exercises.html"
EXERCISE = load("momentum")


@pytest.fixture()
def reader(browser: Browser, address: str) -> Iterator[Reader]:
    """A reader at the chapter on momentum."""
    with reading(browser, f"{address}/{CHAPTER}") as opened:
        yield opened


@pytest.fixture(scope="module")
def warm(browser: Browser, address: str) -> Iterator[Reader]:
    """A reader whose editor is open, and whose time stands still."""
    with reading(browser, f"{address}/{CHAPTER}") as opened:
        begin(opened.page)
        time_stands_still(opened.page)
        yield opened
        assert not opened.problems


@pytest.fixture()
def page(warm: Reader) -> Page:
    """The editor as it was at first; Python, once it is started, stays."""
    press(warm.page, "Reset")
    return warm.page


def box(page: Page) -> Locator:
    return page.locator("#ex-live-momentum")


def press_in(here: Locator, button: str) -> None:
    here.get_by_role("button", name=button, exact=True).click()


def press(page: Page, button: str) -> None:
    press_in(box(page), button)


def editor(page: Page) -> Locator:
    return box(page).get_by_role("textbox", name="Your code: Momentum")


def text(page: Page) -> str:
    """Return what the editor holds."""
    lines = (
        "e => [...e.querySelectorAll('.cm-line')].map(l => l.textContent).join('\\n')"
    )
    return str(editor(page).evaluate(lines))


def said(page: Page) -> Locator:
    return box(page).locator("[role=status][data-how]")


def begin(page: Page, text: str | None = None) -> None:
    """Open the editor and, if there is one, put a text into it."""
    press(page, "Try it here")
    expect(editor(page)).to_be_focused()
    if text is not None:
        editor(page).fill(text)


def test_nothing_is_loaded_before_it_is_asked_for(reader: Reader) -> None:
    expect(box(reader.page).get_by_role("button", name="Try it here")).to_be_visible()
    heavy = ("editor.js", "pyodide", "python.zip", "exercises.json")
    assert not [url for url in reader.requests if any(part in url for part in heavy)]
    press(reader.page, "Try it here")
    expect(editor(reader.page)).to_be_focused()
    assert any("editor.js" in url for url in reader.requests)
    assert not any("pyodide" in url for url in reader.requests)
    assert not reader.problems


def test_without_javascript_it_can_be_read(browser: Browser, address: str) -> None:
    url = f"{address}/{CHAPTER}"
    with reading(browser, url, java_script_enabled=False) as seen:
        here = box(seen.page)
        expect(here.locator("math, .katex, mjx-container")).not_to_have_count(0)
        expect(here.locator(".live-stub pre .k").first).to_have_text("def")
        assert here.locator(".live-stub pre").text_content() == EXERCISE.stub
        solution = here.locator("details.live-solution pre")
        expect(solution).to_be_hidden()
        here.locator("details.live-solution > summary").click()
        expect(solution).to_be_visible()
        assert solution.text_content() == EXERCISE.solution
        expect(here.get_by_role("button")).to_have_count(0)


def test_to_solve_it_by_keyboard_alone_is_marked_and_remembered(
    reader: Reader, address: str
) -> None:
    """From the button into the editor, which Escape and Tab leave again."""
    page = reader.page
    box(page).get_by_role("button", name="Try it here").focus()
    page.keyboard.press("Enter")
    expect(editor(page)).to_be_focused()
    page.keyboard.press("Control+Shift+Enter")
    expect(said(page)).to_contain_text("Not yet. The step")
    expect(said(page)).to_contain_text(
        "got None, expected 0.8. Is it still to be written"
    )
    marks = page.locator(".bd-sidebar-primary .exercise-mark")
    expect(marks).to_have_count(0)

    page.keyboard.press("Control+Home")
    for _ in range(EXERCISE.stub[: EXERCISE.stub.index("...")].count("\n")):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.press("Shift+Home")  # what is to be replaced, up to its indentation
    page.keyboard.type("velocity = momentum * velocity + gradient\n")
    page.keyboard.type("if True:\nreturn lr * velocity, velocity")
    typed = text(page)
    assert "if True:\n        return lr" in typed
    page.keyboard.press("Control+Shift+Enter")
    expect(said(page)).to_have_text("Passed: 8 of 8 properties hold.")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(box(page).get_by_role("button", name="Run")).to_be_focused()
    log = box(page).get_by_role("log")
    expect(log).to_contain_text("✓ The step for the gradient 2")
    expect(marks).to_have_count(1)
    expect(marks).to_have_attribute("aria-label", "1 of 2 exercises solved")

    page.reload()
    expect(marks).to_have_count(1)
    expect(box(page)).to_contain_text("You have solved this one.")
    press(page, "Go on where you left off")
    assert text(page) == typed
    page.goto(f"{address}/{ALL}")
    expect(page.locator(".exercise-count")).to_have_text(
        f"1 of {len(names())} solved in this browser."
    )
    expect(page.locator(".exercise-state[data-name=momentum]")).to_have_text("✓ solved")
    assert not reader.problems


def test_a_text_survives_until_it_is_reset(reader: Reader) -> None:
    page = reader.page
    begin(page, "mine = 1\n")
    page.reload()
    press(page, "Go on where you left off")
    assert text(page) == "mine = 1\n"
    press(page, "Reset")
    assert text(page) == EXERCISE.stub
    page.reload()
    expect(box(page).get_by_role("button", name="Try it here")).to_be_visible()
    assert not reader.problems


def test_a_mistake_is_named(page: Page) -> None:
    wrong = EXERCISE.solution.replace("return lr", "return -lr")
    editor(page).fill(wrong)
    press(page, "Check")
    expect(said(page)).to_contain_text("That is downhill: a rule gives the step to add")
    assert text(page) == wrong


def test_run_shows_output_and_the_line_of_an_error(page: Page) -> None:
    editor(page).fill("for i in range(3):\n    print(i * i)\n")
    press(page, "Run")
    output = box(page).get_by_role("log")
    expect(output).to_have_text("0\n1\n4\n")
    expect(said(page)).to_have_text("It ran.")
    editor(page).fill("print('so far')\n1 / 0\n")
    press(page, "Run")
    expect(said(page)).to_have_text("Line 2: ZeroDivisionError: division by zero")
    expect(output).to_have_text("so far\n")


def test_an_endless_loop_is_stopped_by_itself(page: Page) -> None:
    editor(page).fill("x = 0\nwhile True:\n    x += 1\n")
    press(page, "Run")
    stopped = "stopped after 5 seconds; does a loop never end?"
    expect(said(page)).to_contain_text(stopped)
    assert said(page).inner_text()[:6] in ("Line 2", "Line 3")
    assert_it_still_runs(page)


def test_what_python_cannot_stop_is_ended_with_its_worker(page: Page) -> None:
    """By hand or in time: code that comes to no line of its own again."""
    editor(page).fill("sum(iter(int, 1))\n")
    press(page, "Run")
    expect(said(page)).to_have_text("Running …")
    press(page, "Stop")
    expect(said(page)).to_have_text("Stopped.")
    press(page, "Run")
    expect(said(page)).to_have_text("Running …")
    page.clock.run_for(10_000)
    stopped = "Stopped: it ran for more than 10 seconds."
    expect(said(page)).to_have_text(stopped)
    assert_it_still_runs(page)


def assert_it_still_runs(page: Page) -> None:
    editor(page).fill("print('still here')\n")
    press(page, "Run")
    expect(box(page).get_by_role("log")).to_have_text("still here\n")


def test_the_solution_is_shown_one_way(reader: Reader) -> None:
    """By the fold below, with an editor or without."""
    page = reader.page
    solution = box(page).locator("details.live-solution")
    begin(page)
    expect(box(page).get_by_text("Solution", exact=True)).to_have_count(1)
    expect(solution.locator("pre")).to_be_hidden()
    solution.locator("summary").click()
    expect(solution.locator("pre")).to_be_visible()


def test_a_text_for_an_older_stub_is_kept(reader: Reader) -> None:
    page = reader.page
    begin(page, "mine = 1\n")
    older = """() => {
      const memory = JSON.parse(localStorage["exercise:momentum"]);
      const news = { ...memory, version: "older", solved: "older" };
      localStorage["exercise:momentum"] = JSON.stringify(news);
    }"""
    page.evaluate(older)
    page.reload()
    expect(page.locator(".exercise-mark")).to_have_count(0)
    press(page, "Go on where you left off")
    expect(said(page)).to_contain_text("Your text is kept; Reset shows the new start.")
    assert text(page) == "mine = 1\n"


def test_axe_is_content_and_a_phone_is_wide_enough(
    browser: Browser, address: str
) -> None:
    """As with all else on its page (tests/site/test_pages.py)."""
    phone = {"width": 360, "height": 740}
    with reading(browser, f"{address}/{CHAPTER}", viewport=phone) as seen:
        page = seen.page
        begin(page, "print('a long line ' * 30)\n" + EXERCISE.stub)
        press(page, "Check")
        expect(said(page)).to_contain_text("Not yet")
        box(page).locator(".live-solution summary").click()
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            expect(page.locator("html")).to_have_attribute("data-theme", scheme)
            within = {"within": "#ex-live-momentum"}
            assert page.evaluate(RUN_AXE, within) == [], scheme
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert not seen.problems


def test_where_python_cannot_start_it_says_so(browser: Browser, address: str) -> None:
    with reading(browser, f"{address}/{CHAPTER}", service_workers="block") as seen:
        page = seen.page
        page.route("**/pyodide.asm.wasm", lambda route: route.fulfill(status=404))
        begin(page)
        press(page, "Check")
        panel = box(page).locator(".live-start")
        sentence = "The exercise also runs at a terminal"
        expect(panel).to_contain_text(sentence)
        expect(editor(page)).to_be_visible()
