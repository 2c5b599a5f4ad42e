"""The diagram of the soft threshold: what it works out is where a run ends."""

import pytest
import torch

from gradient_ascent import rules
from gradient_ascent.diagrams import kinds
from gradient_ascent.diagrams.threshold import height, soft, threshold
from gradient_ascent.proximal import L1, maximize_penalized


@pytest.mark.parametrize("b", [-3.0, -0.7, 0.0, 0.5, 2.0])
@pytest.mark.parametrize("weight", [0.0, 0.5, 0.7, 3.0])
def test_the_top_is_where_proximal_ascent_ends(b: float, weight: float) -> None:
    x = 1.0
    for _ in range(200):
        step, _ = rules.plain(b - x, lr=0.5)
        x = soft(x + step, 0.5 * weight)
    assert abs(x - soft(b, weight)) < 1e-9
    point = torch.tensor([b], dtype=torch.float64)
    assert float(L1(weight).proximal(point, 1.0)) == soft(b, weight)
    best = maximize_penalized(
        lambda z: -((z - point) ** 2).sum() / 2, torch.ones(1).double(), L1(weight)
    )
    assert abs(float(best.x) - soft(b, weight)) < 1e-8
    around = [height(soft(b, weight) + d, b, weight) for d in (-0.1, -1e-3, 1e-3, 0.1)]
    assert height(soft(b, weight), b, weight) > max(around)


def test_lines_and_marks_agree() -> None:
    for b, weight in ((2.0, 0.8), (-1.0, 0.4), (0.3, 1.5)):
        drawing = threshold(b=b, weight=weight)
        hill, line, mark = drawing.layers["hill"][:3]
        assert isinstance(hill, kinds.Curve)
        assert isinstance(line, kinds.Curve)
        assert isinstance(mark, kinds.Curve)
        (top,) = [at for at in mark.points if at]
        heights = [at[1] for at in line.points if at]
        assert top[0] == soft(b, weight) and max(heights) <= top[1] + 1e-12
        assert ("exactly" in drawing.said) == (top[0] == 0)
