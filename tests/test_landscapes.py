"""Each landscape's optima, gradients and manners, against SymPy and known answers."""

import copy
import pickle
from typing import Any

import pytest
import sympy
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gradient_ascent import landscapes
from gradient_ascent.landscapes import LANDSCAPES, Landscape, landscape

ALL = list(LANDSCAPES.values())
every = pytest.mark.parametrize("landscape", ALL, ids=list(LANDSCAPES))
smooth = pytest.mark.parametrize(
    # Ackley's funnel ends in a cone: at its optimum there is no gradient at all.
    "landscape",
    [each for each in ALL if each.name != "ackley"],
    ids=[name for name in LANDSCAPES if name != "ackley"],
)


def symbols(landscape: Landscape) -> list[sympy.Symbol]:
    return [sympy.Symbol(name, real=True) for name in landscape.coordinates]


def hessian(landscape: Landscape, point: landscapes.Point) -> sympy.Matrix:
    x = symbols(landscape)
    matrix = sympy.hessian(landscape(*x), x)
    return matrix.subs(dict(zip(x, point))).evalf()


def points(landscape: Landscape) -> st.SearchStrategy[tuple[float, ...]]:
    return st.tuples(*(st.floats(low, high) for low, high in landscape.domain))


# Known answers: the published minima, and the height of our highest hill.


@pytest.mark.parametrize(
    ("name", "optima", "height"),
    [
        ("parabola", 1, 0),
        ("ravine", 1, 0),
        ("bowl", 1, 0),
        ("saddle", 0, None),
        ("rosenbrock", 1, 0),
        ("himmelblau", 4, 0),
        ("rastrigin", 1, 0),
        ("beale", 1, 0),
        ("ackley", 1, 0),
        ("peaks", 1, 1.0001),
    ],
)
def test_the_height_at_the_optima(name: str, optima: int, height: float | None) -> None:
    landscape = LANDSCAPES[name]
    assert len(set(landscape.optima)) == optima
    for optimum in landscape.optima:
        tolerance = 1e-4 if name == "peaks" else 1e-14
        assert landscape(*optimum) == pytest.approx(height, abs=tolerance)


@pytest.mark.parametrize(
    ("name", "point", "height"),
    [
        ("parabola", (10,), 100),
        ("ravine", (1.5, 10), 212.5),
        ("bowl", (-5, -2), 10.5),
        ("saddle", (2, 1), 3),
        ("rosenbrock", (-1.2, 1), 24.2),
        ("himmelblau", (0, 0), 170),
        ("rastrigin", (1, 1), 2),
        ("beale", (0, 0), 1.5**2 + 2.25**2 + 2.625**2),
        ("ackley", (1, 0), 20 * (1 - 2.718281828459045 ** (-0.2 * 0.5**0.5))),
    ],
)
def test_the_height_elsewhere(
    name: str, point: landscapes.Point, height: float
) -> None:
    assert LANDSCAPES[name](*point) == pytest.approx(height, rel=1e-14)


@smooth
def test_the_gradient_vanishes_at_optima_and_saddles(landscape: Landscape) -> None:
    for point in landscape.optima + landscape.saddles:
        assert landscape.gradient(point) == pytest.approx([0] * len(point), abs=1e-12)


@smooth
def test_optima_are_optima_to_second_order(landscape: Landscape) -> None:
    for optimum in landscape.optima:
        matrix = hessian(landscape, optimum)
        if landscape.maximize:
            assert matrix.is_negative_definite
        else:
            assert matrix.is_positive_definite


@every
def test_saddles_bend_both_ways(landscape: Landscape) -> None:
    for saddle in landscape.saddles:
        assert hessian(landscape, saddle).is_indefinite


def test_ackleys_cone() -> None:
    # Its slope is 20 * 0.2 / √2 = 2√2 on every side of the optimum, yet nothing at it.
    ackley = landscapes.ackley
    for x, y in [(1e-9, 0), (-1e-9, 0), (0, 1e-9), (0, -1e-9)]:
        assert ackley(x, y) / 1e-9 == pytest.approx(8**0.5, abs=1e-4)
    assert all(slope != slope for slope in ackley.gradient((0, 0)))  # nan


# Nothing of the domain lies beyond the optima.


@every
def test_no_point_of_a_fine_grid_beats_the_optimum(landscape: Landscape) -> None:
    axes = [
        torch.linspace(low, high, 801, dtype=torch.float64)
        for low, high in landscape.domain
    ]
    heights = landscape(*torch.meshgrid(*axes, indexing="ij"))
    for optimum in landscape.optima:
        best = landscape(*optimum)
        if landscape.maximize:
            assert heights.max() <= best + 1e-12
        else:
            assert heights.min() >= best - 1e-12


@every
def test_start_and_optima_lie_in_the_domain(landscape: Landscape) -> None:
    for point in (landscape.start, *landscape.optima, *landscape.saddles):
        assert len(point) == landscape.dimension
        for x, (low, high) in zip(point, landscape.domain):
            assert low <= x <= high


@every
def test_a_run_has_somewhere_to_go_from_the_start(landscape: Landscape) -> None:
    assert landscape.start not in landscape.optima
    assert any(abs(slope) > 1e-3 for slope in landscape.gradient(landscape.start))


# The gradient, by Mini-Torch, against two others.


@every
@settings(max_examples=50)
@given(data=st.data())
def test_the_gradient_is_sympys(landscape: Landscape, data: st.DataObject) -> None:
    x = symbols(landscape)
    if landscape not in GRADIENTS:
        height = landscape(*x)
        slopes = [sympy.diff(height, each) for each in x]
        GRADIENTS[landscape] = sympy.lambdify(x, slopes, "math")
    point = data.draw(points(landscape).filter(lambda p: max(map(abs, p)) > 1e-3))
    expected = GRADIENTS[landscape](*point)
    scale = max(1.0, *map(abs, expected))
    assert landscape.gradient(point) == pytest.approx(
        expected, rel=1e-11, abs=1e-12 * scale
    )


GRADIENTS: dict[Landscape, Any] = {}


@every
@settings(max_examples=50)
@given(data=st.data())
def test_the_gradient_is_that_of_small_differences(
    landscape: Landscape, data: st.DataObject
) -> None:
    point = data.draw(points(landscape).filter(lambda p: max(map(abs, p)) > 1e-2))
    h = 1e-5
    differences = []
    for i in range(landscape.dimension):
        ahead, behind = list(point), list(point)
        ahead[i] += h
        behind[i] -= h
        differences.append((landscape(*ahead) - landscape(*behind)) / (2 * h))
    scale = max(1.0, abs(landscape(*point)), *map(abs, differences))
    assert landscape.gradient(point) == pytest.approx(differences, abs=1e-6 * scale)


@every
@settings(max_examples=25)
@given(data=st.data())
def test_torch_tensors_give_the_same_height_and_gradient(
    landscape: Landscape, data: st.DataObject
) -> None:
    point = data.draw(points(landscape).filter(lambda p: max(map(abs, p)) > 1e-3))
    x = [torch.tensor(each, dtype=torch.float64, requires_grad=True) for each in point]
    height = landscape(*x)
    height.backward()
    value, gradient = landscape.value_and_gradient(point)
    scale = max(1.0, *map(abs, gradient))
    expected = pytest.approx(height.item(), rel=1e-12, abs=1e-12)
    assert value == expected
    assert landscape(*point) == expected
    assert gradient == pytest.approx(
        [each.grad.item() for each in x if each.grad is not None], abs=1e-12 * scale
    )


@every
def test_numpy_arrays_give_the_same_heights(landscape: Landscape) -> None:
    import numpy as np

    from gradient_ascent import plots  # noqa: F401  (teaches `ops` NumPy's arrays)

    axes = [np.linspace(low, high, 5) for low, high in landscape.domain]
    grid = np.meshgrid(*axes)
    heights = landscape(*grid)
    assert heights.shape == grid[0].shape
    for height, *point in zip(heights.flat, *(axis.flat for axis in grid)):
        assert height == pytest.approx(
            landscape(*map(float, point)), rel=1e-13, abs=1e-13
        )


# Manners.


@every
def test_a_landscape_knows_its_name_coordinates_and_dimension(
    landscape: Landscape,
) -> None:
    assert getattr(landscapes, landscape.name) is landscape
    assert len(landscape.coordinates) == landscape.dimension == len(landscape.domain)
    assert landscape.function.__doc__


def test_only_the_hills_are_to_be_climbed() -> None:
    assert [name for name, each in LANDSCAPES.items() if each.maximize] == ["peaks"]


@pytest.mark.parametrize("position", [(), (1.0,), (1.0, 2.0, 3.0)])
def test_a_point_of_another_dimension_is_refused(position: tuple[float, ...]) -> None:
    with pytest.raises(ValueError) as caught:
        landscapes.bowl.value_and_gradient(position)
    assert str(caught.value) == (
        f"bowl: position must have 2 coordinate(s), got {len(position)}: {position!r}"
    )
    with pytest.raises(ValueError, match="position must have 2"):
        landscapes.bowl.gradient(position)


def test_a_coordinate_that_is_no_number_is_refused() -> None:
    with pytest.raises(TypeError, match="must be a real number, got 'a'"):
        landscapes.bowl.gradient(("a", "b"))  # type: ignore[arg-type]


def test_a_landscape_of_ones_own() -> None:
    @landscapes.landscape(domain=[(0, 4)], start=(1,), maxima=[(2,)])
    def hill(x: Any) -> Any:
        """A hill at two."""
        return -((x - 2) ** 2)

    assert (hill.name, hill.coordinates, hill.dimension) == ("hill", ("x",), 1)
    assert hill.maximize
    assert hill.value_and_gradient((1.0,)) == (-1.0, (2.0,))


def test_a_landscape_has_minima_or_maxima() -> None:
    with pytest.raises(ValueError, match="not both"):
        landscape(domain=[(-1, 1)], start=(0,), minima=[(0,)], maxima=[(1,)])


# Copies, and functions of many shapes.


@landscape(domain=[(-2, 2), (-1, 3)], start=(-1.2, 1), minima=[(1, 1)])
def valley(x: Any, y: Any, a: float = 1, b: float = 100) -> Any:
    """A valley whose shape may be given."""
    return (a - x) ** 2 + b * (y - x**2) ** 2


@landscape(domain=[(-1, 1)] * 3, start=(1, 1, 1), minima=[(0, 0, 0)])
def basin(*x: Any) -> Any:
    """A bowl in three dimensions."""
    return sum(each**2 for each in x)


@landscape(domain=[(-2, 2), (-2, 2)], start=(1, 1))
def plain(x: Any, y: Any) -> Any:
    """As high everywhere."""
    return 1.0


def slope(x: Any) -> Any:
    """Uphill all the way."""
    return 2 * x


def copies(thing: Any) -> list[Any]:
    """What came through each way to copy it."""
    pickled = [
        pickle.loads(pickle.dumps(thing, protocol))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    ]
    return [*pickled, copy.copy(thing), copy.deepcopy(thing)]


@pytest.mark.parametrize("own", [*LANDSCAPES.values(), valley, basin, plain])
def test_a_landscape_with_a_name_is_pickled_and_copied_as_itself(
    own: Landscape,
) -> None:
    assert all(each is own for each in copies(own))


def test_a_landscape_whose_function_has_the_name_is_pickled_in_parts() -> None:
    hill = Landscape(slope, ((-1, 1),), (0,), maximize=True, saddles=((1,),))
    assert all(each == hill for each in copies(hill))


def test_a_landscape_without_a_name_is_copied_but_not_pickled() -> None:
    def hidden(x: Any) -> Any:
        return x**2

    for function in (hidden, lambda x: x**2):
        own = Landscape(function, ((-1, 1),), (1,))
        assert copy.deepcopy(own) is own and copy.copy(own) is own
        with pytest.raises(pickle.PicklingError, match="cannot be pickled: no name"):
            pickle.dumps(own)


def test_only_the_coordinates_are_named() -> None:
    assert valley.coordinates == ("x", "y")
    assert basin.coordinates == ("x1", "x2", "x3")
    rest = Landscape(lambda x, *y: sum(y, x), ((0, 1),) * 3, (0, 0, 0))
    assert rest.coordinates == ("x", "y1", "y2")


def test_a_function_that_returns_a_constant_is_flat() -> None:
    assert plain.value_and_gradient((0.5, 0.5)) == (1.0, (0.0, 0.0))


def test_a_function_that_returns_no_number_is_named() -> None:
    def forgetful(x: Any) -> Any:
        """Ends without `return`."""

    own = Landscape(forgetful, ((-1, 1),), (1,))
    with pytest.raises(TypeError, match=r"^forgetful must return a number, got None"):
        own.gradient((1.0,))
