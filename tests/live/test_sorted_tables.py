"""Tables that are sorted and filtered, and curves that tell their values."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.live.reader import Reader, reading

pytestmark = pytest.mark.browser

PAGE = "chapters/evidence/benchmarks.html"


@pytest.fixture()
def reader(browser: Browser, address: str) -> Iterator[Reader]:
    with reading(browser, f"{address}/{PAGE}") as opened:
        yield opened
        assert not opened.problems


def overall(page: Page) -> Locator:
    """The first table with the score, and what belongs to it."""
    return page.locator(".output", has=page.locator("table.sortable")).first


def column(table: Locator, number: int) -> list[str]:
    cells = table.locator("tbody tr:not([hidden]) > *")
    texts = cells.all_text_contents()
    width = table.locator("thead th").count()
    return texts[number - 1 :: width]


def test_without_javascript_the_table_and_the_picture_are_there(
    browser: Browser, address: str
) -> None:
    url = f"{address}/{PAGE}"
    with reading(browser, url, java_script_enabled=False) as seen:
        table = overall(seen.page).locator("table")
        expect(table).to_be_visible()
        assert table.locator("tbody tr").count() > 5
        assert not table.locator("button").count()
        expect(seen.page.locator("img.curves").first).to_be_visible()


def test_a_head_sorts_by_numbers_and_says_so(reader: Reader) -> None:
    table = overall(reader.page).locator("table")
    as_it_was = column(table, 1)
    head = table.locator("th").nth(2)
    button = head.get_by_role("button")
    button.focus()
    button.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    numbers = [float(text) for text in column(table, 3)]
    assert numbers == sorted(numbers)
    said = overall(reader.page).locator("[role=status]")
    expect(said).to_contain_text("ascending")
    button.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    numbers = [float(text) for text in column(table, 3)]
    assert numbers == sorted(numbers, reverse=True)
    table.locator("th").nth(0).get_by_role("button").click()
    assert table.locator("[aria-sort]").count() == 1
    names = column(table, 1)
    assert names == sorted(names, key=str.lower) != as_it_was
    for _ in range(2):
        table.locator("th").nth(0).get_by_role("button").click()
    assert column(table, 1) == as_it_was
    assert not table.locator("[aria-sort]").count()


def test_what_is_typed_leaves_the_rows_that_have_it(reader: Reader) -> None:
    box = overall(reader.page)
    table, field = box.locator("table"), box.get_by_role("searchbox")
    every = column(table, 1)
    field.fill("LBFGS")
    left = column(table, 1)
    assert left == [name for name in every if "LBFGS" in name] != every
    said = box.locator("[role=status]")
    expect(said).to_have_text(f"{len(left)} of {len(every)} rows.")
    field.fill("nothing has this")
    expect(said).to_have_text(f"0 of {len(every)} rows.")
    field.fill("")
    assert column(table, 1) == every


def test_a_curve_tells_its_value_where_the_pointer_is(reader: Reader) -> None:
    page = reader.page
    box = page.locator(".curves-box").first
    box.scroll_into_view_if_needed()
    said = page.locator(".curves-said").first
    expect(said).to_be_empty()
    place = box.locator("svg circle")
    tools = page.locator(".curves-tools").first
    tools.get_by_role("combobox", name="Curve").select_option(index=1)
    name = tools.locator("select option").nth(1).inner_text()
    expect(said).to_contain_text(f"{name}, seed 10: place")
    where = place.bounding_box()
    assert where
    tools.get_by_role("combobox", name="Curve").select_option(index=0)
    page.mouse.move(where["x"] + where["width"] / 2, where["y"] + where["height"] / 2)
    expect(said).to_contain_text(f"{name}, seed 10: place")


def test_the_keyboard_goes_along_a_curve(reader: Reader) -> None:
    page = reader.page
    tools = page.locator(".curves-tools").first
    slider = tools.get_by_role("slider", name="Along the curve")
    slider.focus()
    slider.press("ArrowRight")
    expect(page.locator(".curves-said").first).to_contain_text("seed 2: place")
    told = slider.get_attribute("aria-valuetext") or ""
    number = float(told.rpartition("place ")[2])
    assert number == round(number)  # a place is whole: the picture's scale is right
    slider.press("End")
    expect(page.locator(".curves-said").first).to_contain_text("seed 10: place")
