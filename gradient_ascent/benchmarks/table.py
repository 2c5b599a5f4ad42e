"""A table that a terminal prints and a page shows."""

import html
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from gradient_ascent.benchmarks.statistics import Estimate

NOTHING = "–"
"""Where there is nothing to tell."""
MANY = 40
"""Rows, from which on a page shows a table in a box that scrolls."""
_TOGETHER = re.compile(r"\([^()]{,24}\)|\d %")
_NUMBER = re.compile(r"[-\d∞]")
_WORDS = ' class="words"'
_HELD = {ord(" "): "\u00a0", ord("–"): "\u2060–\u2060"}
"""A space and a dash at which no line breaks."""
_MINUS = re.compile(r"(?<![\w.])-(?=\d)|(?<=e)-(?=\d)")


@dataclass(frozen=True)
class Table:
    """Names above columns of text; a row's first cell names it.

    `print` shows it as text, a notebook and the book as HTML, where its columns
    can be sorted and its rows filtered.

    Attributes:
        heads: what stands above.
        rows: what stands below, as many cells each.
        note: what the columns mean.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def __str__(self) -> str:
        lines = [self.heads, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines)]
        text = ["  ".join(_padded(line, widths)).rstrip() for line in lines]
        text.insert(1, "-" * max(map(len, text)))
        return "\n".join([*text, *([self.note] if self.note else [])])

    def _repr_html_(self) -> str:
        kinds = [_kind(column) for column in zip(*self.rows)]
        heads = "".join(
            f'<th scope="col"{k}>{_shown(h)}</th>'
            for h, k in zip(self.heads, kinds)
        )
        rows = "\n".join(
            f'<tr><th scope="row"{kinds[0]}>{_shown(first)}</th>'
            + "".join(
                f"<td{k}>{_shown(c)}</td>" for c, k in zip(rest, kinds[1:])
            )
            + "</tr>"
            for first, *rest in self.rows
        )
        long = " table-long" if len(self.rows) > MANY else ""
        note = f"\n<p>{_shown(self.note)}</p>" if self.note else ""
        return (
            f'<div class="pst-scrollable-table-container{long}">'
            f'<table class="table sortable">\n<thead><tr>{heads}</tr></thead>\n'
            f"<tbody>\n{rows}\n</tbody></table></div>{note}"
        )


def brief(number: float, digits: int = 2) -> str:
    """Return a number in few digits, and an exponent without zeros.

    >>> brief(0.000012), brief(123.0), brief(float("inf")), brief(0.5)
    ('1.2e-5', '120', '∞', '0.50')
    """
    if not math.isfinite(number):
        return "∞" if number > 0 else "-∞" if number < 0 else NOTHING
    if number == 0:
        return "0"
    rounded = f"{number:.{digits - 1}e}"
    exponent = int(rounded.partition("e")[2])
    if -3 <= exponent < 5:
        return f"{float(rounded):.{max(digits - 1 - exponent, 0)}f}"
    return f"{rounded.partition('e')[0]}e{exponent}"


def within(estimate: Estimate, digits: int = 2) -> str:
    """Return an estimate with its interval.

    >>> within(Estimate(0.5, 0.41, 0.62))
    '0.50 (0.41–0.62)'
    """
    value, low, high = (brief(each, digits) for each in estimate)
    return value if low == high == value else f"{value} ({low}–{high})"


def percent(part: float) -> str:
    """Return a share in percent; all but none is not none.

    >>> percent(0.0), percent(0.003), percent(0.5)
    ('0 %', '0.3 %', '50 %')
    """
    return f"{100 * part:.2g} %" if 0 < part < 0.01 else f"{100 * part:.0f} %"


def _padded(line: tuple[str, ...], widths: list[int]) -> list[str]:
    """The first cell at the left, the others at the right."""
    first, *rest = zip(line, widths)
    return [first[0].ljust(first[1]), *(c.rjust(width) for c, width in rest)]


def _kind(column: Sequence[str]) -> str:
    """What marks a cell of a column that has no numbers."""
    return "" if any(_NUMBER.match(cell) for cell in column) else _WORDS


def _shown(text: str) -> str:
    """The text as HTML; what belongs together stays in one line."""
    held = _TOGETHER.sub(lambda part: part[0].translate(_HELD), text)
    return html.escape(_MINUS.sub("−", held))
