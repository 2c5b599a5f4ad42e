"""Formulas written plainly, as TeX."""

from __future__ import annotations

import sys

import pytest

from gradient_ascent.exercises import load, names
from tests.site.contents import ROOT

sys.path.insert(0, str(ROOT / "web"))

from bookweb.written import displayed, tex


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("θ ← θ - η g", r"\theta &\leftarrow \theta - \eta g"),
        ("v ← β₂ v + (1 - β₂) g²",
         r"v &\leftarrow \beta_{2} v + (1 - \beta_{2}) g^{2}"),
        ("m̂ = m / (1 - β₁ᵗ)", r"\hat{m} &= \frac{m}{1 - \beta_{1}^{t}}"),
        ("θ ← θ - η m̂ / (√v̂ + ε)",
         r"\theta &\leftarrow \theta - \frac{\eta \hat{m}}{\sqrt{\hat{v}} + \epsilon}"),
        ("s ← g / √(s + ε)", r"s &\leftarrow \frac{g}{\sqrt{s + \epsilon}}"),
        ("f(x1, x2) = 0.1 x1² + 2 x2²",
         "f (x_{1} , x_{2}) &= 0.1 x_{1}^{2} + 2 x_{2}^{2}"),
        ("nearest = x min(1, r / |x|)",
         r"\text{nearest} &= x \min \left(1 , \frac{r}{\lvert x \rvert}\right)"),
        ("θ ← θ + step", r"\theta &\leftarrow \theta + \text{step}"),
        ("step = η sign(λ)", r"\text{step} &= \eta \operatorname{sign} (\lambda)"),
        ("factor = γ^max(0, t - W)", r"\text{factor} &= \gamma^{\max (0 , t - W)}"),
        ("πₐ = exp θₐ / n", r"\pi_{a} &= \frac{\exp \theta_{a}}{n}"),
    ],
)  # fmt: skip
def test_a_line_becomes_tex(line: str, right: str) -> None:
    assert tex(line) == right


@pytest.mark.parametrize("line", ["θ", "θ ← (η g", "θ ← η $ g", "a = b = c", ""])
def test_what_is_no_formula_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"no formula|cannot read|is missing"):
        tex(line)


@pytest.mark.parametrize("name", names())
def test_no_exercise_shows_a_formula_as_text(name: str) -> None:
    """Every indented line is displayed, and nothing else is changed."""
    statement = load(name).statement
    plain = [line for line in statement.splitlines() if not line.startswith("    ")]
    formulas = len(statement.splitlines()) - len(plain)
    shown = displayed(statement)
    assert shown.count("&=") + shown.count(r"&\leftarrow") == formulas
    assert all(line in shown.splitlines() for line in plain)
