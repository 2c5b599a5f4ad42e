"""What it takes to say that A beats B, or that something always holds.

`race` tunes every method with one budget and runs all from the same starts.
`sign_test` compares two of them pair by pair, `clopper_pearson` says how far a
share can be trusted, `expected_best` what so many trials find, and `sweep`
looks for a case where a claim fails.
"""

from gradient_ascent.comparison.best_of import expected_best
from gradient_ascent.comparison.counts import (
    Paired,
    clopper_pearson,
    sign_test,
)
from gradient_ascent.comparison.race import Entry, Race, draw_starts, race
from gradient_ascent.comparison.sweep import sweep

__all__ = [
    "Entry",
    "Paired",
    "Race",
    "clopper_pearson",
    "draw_starts",
    "expected_best",
    "race",
    "sign_test",
    "sweep",
]
