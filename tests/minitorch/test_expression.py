"""A typed expression: its values and slopes are torch's, and its picture is legible."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gradient_ascent.minitorch.expression import FUNCTIONS, MOST, read
from gradient_ascent.minitorch.picture import drawn

SVG = "{http://www.w3.org/2000/svg}"
BOWL = "c = x1**2; d = x2**2; a = 0.1 * c; b = 2 * d; a + b"

leaves = st.sampled_from(["x", "y", "z", "2", "0.5"])
expressions = st.recursive(
    leaves,
    lambda parts: st.one_of(
        st.tuples(parts, st.sampled_from("+-*"), parts).map(
            lambda each: f"({each[0]} {each[1]} {each[2]})"
        ),
        parts.map(lambda each: f"({each} / 3)"),
        parts.map(lambda each: f"(-{each})"),
        parts.map(lambda each: f"{each}**2"),
        st.tuples(st.sampled_from(["sin", "cos", "tanh", "relu"]), parts).map(
            lambda each: f"{each[0]}({each[1]})"
        ),
    ),
    max_leaves=8,
).filter(
    lambda text: re.search("[xyz]", text) and len(re.findall(r"[-+*/(]", text)) < 16
)
points = st.floats(-2, 2)


def computed(text: str) -> str:
    """An expression that ends in an operation, and so has a graph."""
    return f"sin({text})"


def of_torch(name: str) -> Any:
    return lambda x: getattr(torch, name)(torch.as_tensor(x, dtype=torch.float64))


@given(expressions.map(computed), points, points, points)
def test_values_and_slopes_are_those_of_torch(
    text: str, x: float, y: float, z: float
) -> None:
    values = {"x": x, "y": y, "z": z}
    graph = read(text, values)
    tensors = {
        name: torch.tensor(value, dtype=torch.float64, requires_grad=True)
        for name, value in values.items()
    }
    functions = {name: of_torch(name) for name in FUNCTIONS}
    result = eval(text, functions | tensors)
    result.backward()
    assert graph.nodes[-1].tensor.value == pytest.approx(result.item(), abs=1e-12)
    for node in graph.nodes:
        if not node.made:
            slope = tensors[node.name].grad
            assert slope is not None
            assert node.tensor.grad == pytest.approx(slope.item(), rel=1e-9, abs=1e-9)


@given(expressions.map(computed), points, points)
def test_what_is_said_of_a_slope_adds_up(text: str, x: float, y: float) -> None:
    """Each is a sum of products of numbers that were found before, to four digits."""
    graph = read(text, {"x": x, "y": y})
    for step in graph.steps():
        if step.up or " × " not in step.said:
            continue
        terms = step.said.split(" is ")[1].split(" = ")[0]
        told = eval(terms.replace("−", "-").replace("×", "*"))
        sizes = eval(re.sub(r"−", "", terms).replace("×", "*"))
        slope = graph.nodes[step.node].tensor.grad
        assert told == pytest.approx(slope, abs=2e-3 * sizes + 1e-12)


def test_the_bowl_is_told_step_by_step() -> None:
    said = [step.said for step in read(BOWL, {"x1": -5, "x2": -2}).steps()]
    assert said[0] == "c = x₁² = (−5)² = 25. Slope −10 along x₁."
    assert said[4] == "f = a + b = 2.5 + 8 = 10.5. Slope 1 along a and 1 along b."
    assert said[5] == "The slope of f along itself is 1."
    assert said[-1] == "The slope of f along x₁ is 0.1 × (−10) = −1."
    assert len(said) == 5 + 7


def test_a_number_used_twice_hears_from_both() -> None:
    graph = read("y = x * x; z = y + y", {"x": 3})
    assert [str(node) for node in graph.nodes] == ["x", "y", "z"]
    assert graph.nodes[0].tensor.grad == 12
    assert graph.steps()[-1].said.endswith("x is 2 × 3 + 2 × 3 = 12.")


def test_what_leads_to_nothing_has_no_slope() -> None:
    graph = read("y = 2 * x; z = x + 1; z * z", {})
    assert "along y is 0: nothing is made from it." in str(graph.steps())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x ** 3", "f = x³ = 2³ = 8."),
        ("x ** -1", "f = x^(−1) = 2^(−1) = 0.5."),
        ("x ** 0.5", "f = x^0.5 = 2^0.5 = 1.414."),
        ("x ** 2.00001", "f = x^2 = 2^2 = 4."),
        ("exp(-x)", "f = exp(u₁) = exp(−2) = 0.1353."),
        ("x * (3 - 5)", "f = x × (−2) = 2 × (−2) = −4."),
        ("2 * 3 + x", "f = 6 + x = 6 + 2 = 8."),
        ("log(x - 2)", "f = log(u₁) = log(0) = −∞."),
    ],
)
def test_what_is_computed_is_told_in_names_and_numbers(text: str, told: str) -> None:
    steps = [step.said for step in read(text, {"x": 2}).steps() if step.up]
    assert steps[-1].startswith(told)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must be Python, such as x \\* x \\+ 3; got ''"),
        ("x *", "must be Python, .* got 'x \\*'"),
        ("x ^ 2", "takes numbers, names, .* \\*\\* for powers, .* got 'x \\^ 2'"),
        ("foo(x)", "takes .* exp, log, .* got 'foo\\(x\\)'"),
        ("sin(x, y)", "got 'sin\\(x, y\\)'"),
        ("x if x else y", "got 'x if x else y'"),
        ("x.real", "got 'x.real'"),
        ("1j * x", "got '1j'"),
        ("True * x", "got 'True'"),
        ("(" * 199, "must have fewer than 40 parentheses that open"),
        ("exp * x", "got 'exp'"),
        ("x; y * y", "got 'x'"),
        ("import os", "got 'import os'"),
        ("3 * 4", "from a variable; got '3 \\* 4'"),
        ("x", "in what it computes last, .* got 'x'"),
        ("y = x * x; z = y + 1; y", "computes last, .* got 'y'"),
        ("y = 2 * x; y = 3; y * x", "gives y two meanings"),
        ("y = y * 2; y + 1", "gives y two meanings"),
        ("f = x * x; f + 1", "may call nothing f: f is the result"),
        ("u1 + x", "may call nothing u1"),
        ("1 / x", "cannot be computed here: 1 / x is a float division by zero"),
        ("x * (1 / 0)", "1 / 0 is a float division by zero"),
        ("+".join("x" * (MOST + 2)), "at most 20 operations"),
        ("x" * 201, "at most 200 characters, got 201"),
    ],
)
def test_what_is_refused_is_said(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=f"^expression .*{said}"):
        read(text, {"x": 0})


def test_a_value_must_be_a_number() -> None:
    with pytest.raises(TypeError, match="value must be a real number, got '3'"):
        read("x * x", {"x": "3"})  # type: ignore[dict-item]


def box(node: ElementTree.Element) -> tuple[float, float, float, float]:
    rect = node.find(f"{SVG}rect")
    assert rect is not None
    left, top, width, height = (
        float(rect.attrib[side]) for side in ("x", "y", "width", "height")
    )
    return left, top, left + width, top + height


def drawing(text: str) -> tuple[Any, list[Any], list[list[tuple[float, float]]]]:
    """The picture, its boxes and its arrows' lines."""
    picture = ElementTree.fromstring(drawn({"expression": text, "values": {}})["svg"])
    groups = picture.findall(f"{SVG}g")
    boxes = [box(each) for each in groups if each.attrib["class"] == "graph-node"]
    lines = []
    for each in groups:
        if each.attrib["class"] == "graph-arrow":
            path = each.find(f"{SVG}path")
            assert path is not None
            places = path.attrib["d"].removeprefix("M").split("L")
            lines.append([(float(a), float(b)) for a, b in map(str.split, places)])
    return picture, boxes, lines


@given(expressions.map(computed))
def test_no_box_covers_another_and_no_arrow_goes_through_one(text: str) -> None:
    picture, boxes, lines = drawing(text)
    left, top, width, height = map(float, picture.attrib["viewBox"].split())
    for i, (x0, y0, x1, y1) in enumerate(boxes):
        assert left < x0 < x1 < left + width
        assert top < y0 < y1 < top + height
        assert all(
            x1 < u0 or u1 < x0 or y1 < v0 or v1 < y0 for u0, v0, u1, v1 in boxes[:i]
        )
    for line in lines:
        assert all(b1 < b0 for (_, b0), (_, b1) in pairwise(line))  # upward
        for (a0, b0), (a1, b1) in pairwise(line[1:-1]):
            for x0, y0, x1, y1 in boxes:
                beside = max(a0, a1) < x0 or x1 < min(a0, a1)
                apart = y1 <= b1 or b0 <= y0
                assert beside or apart


@given(expressions.map(computed))
def test_each_step_of_the_picture_finds_something(text: str) -> None:
    told = drawn({"expression": text, "values": {}})
    picture = ElementTree.fromstring(told["svg"])
    since = {
        int(each.attrib["data-from"])
        for each in picture.iter()
        if "data-from" in each.attrib
    }
    assert since == set(range(len(told["said"]) + 1))
    assert set(told["values"]) <= {"x", "y", "z"}
