"""A line of Python, and the graph of what it computes."""

import ast
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from gradient_ascent.minitorch.tensor import Tensor

_How: TypeAlias = tuple[Callable[..., Any], str]
"""A function, and a formula with room for its operands."""

FUNCTIONS = "exp", "log", "sin", "cos", "sqrt", "tanh", "relu"
OPERATIONS: Mapping[type, _How] = {
    ast.Add: (operator.add, "{} + {}"),
    ast.Sub: (operator.sub, "{} − {}"),
    ast.Mult: (operator.mul, "{} × {}"),
    ast.Div: (operator.truediv, "{} / {}"),
    ast.Pow: (operator.pow, "{}^{}"),
}
MOST, LONGEST = 20, 200  # operations, characters
DEEPEST = 40  # a browser's Python has room for no more at once
_TAKES = (
    "numbers, names, + - * /, ** for powers, parentheses, "
    f"{', '.join(FUNCTIONS)}, and `name = ...;` before what uses it"
)
_LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_HIGH = {f"^{i}": raised for i, raised in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}


@dataclass(frozen=True)
class Node:
    """A number of the graph.

    Attributes:
        name: as the expression calls it; else u1, u2, ..., the result f.
        tensor: the number, with its slope and its parents.
        made: how, in names; empty for a variable.
        worked: the same in numbers.
    """

    name: str
    tensor: Tensor
    made: str = ""
    worked: str = ""

    def __str__(self) -> str:
        return self.name.translate(_LOW)


@dataclass(frozen=True)
class Step:
    """A value is found, on the way up, or a slope on the way down.

    Attributes:
        node: number of the node whose it is.
        up: whether it is a value.
        said: what happens, in words.
    """

    node: int
    up: bool
    said: str


class Graph:
    """What an expression computes, from its variables to its result.

    Attributes:
        nodes: the variables, then what is made, each after its parents.
        arrows: from the number of a parent to that of what is made from it,
            with its slope along the parent.
    """

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = nodes
        places = {node.tensor: i for i, node in enumerate(nodes)}
        self.arrows = [
            (places[parent], i, slope)
            for i, node in enumerate(nodes)
            for parent, slope in node.tensor.parents
            if parent in places  # else it is a constant
        ]

    def steps(self) -> list[Step]:
        """The values from the first on, then the slopes from the last back."""
        numbered = list(enumerate(self.nodes))
        up = [Step(i, True, self._value(i)) for i, n in numbered if n.made]
        down = [Step(i, False, self._slope(i)) for i, _ in reversed(numbered)]
        return up + down

    def _value(self, i: int) -> str:
        node = self.nodes[i]
        slopes = " and ".join(
            f"{shown(slope)} along {self.nodes[parent]}"
            for parent, child, slope in self.arrows
            if child == i
        )
        value = shown(node.tensor.value)
        found = value if node.worked == value else f"{node.worked} = {value}"
        return f"{node} = {node.made} = {found}. Slope {slopes}."

    def _slope(self, i: int) -> str:
        node, last = self.nodes[i], self.nodes[-1]
        if node is last:
            return f"The slope of {last} along itself is 1."
        found = f"The slope of {last} along {node} is "
        products = " + ".join(
            f"{held(self.nodes[child].tensor.grad)} × {held(slope)}"
            for parent, child, slope in self.arrows
            if parent == i
        )
        if not products:
            return f"{found}0: nothing is made from it."
        return f"{found}{products} = {shown(node.tensor.grad)}."


def read(expression: str, values: Mapping[str, float]) -> Graph:
    """Compute an expression, and all slopes of its result.

    Args:
        expression: Python, such as `y = x * x; y + 3`.
        values: of its variables; those that are missing are 1.

    Raises:
        TypeError: a value that is no real number.
        ValueError: no expression, one that takes or computes what is not
            known here, or one too long to be drawn.

    >>> graph = read("x * x + 3", {"x": 2})
    >>> [(node.name, node.tensor.value) for node in graph.nodes]
    [('x', 2.0), ('u1', 4.0), ('f', 7.0)]
    >>> graph.nodes[0].tensor.grad
    4.0
    """
    if len(expression) > LONGEST:
        raise ValueError(
            f"expression must have at most {LONGEST} characters, "
            f"got {len(expression)}"
        )
    if expression.count("(") >= DEEPEST:
        raise ValueError(
            f"expression must have fewer than {DEEPEST} parentheses that open"
        )
    try:
        *lines, last = ast.parse(expression.strip()).body
    except (SyntaxError, ValueError):  # no Python, or nothing
        raise ValueError(
            f"expression must be Python, such as x * x + 3; got {expression!r}"
        ) from None
    reader = _Reader(values)
    for line in lines:
        reader.assign(line)
    return reader.finish(last)


class _Reader:
    """Goes through an expression, and computes it."""

    def __init__(self, values: Mapping[str, float]) -> None:
        self.values = values
        self.variables: dict[str, Node] = {}
        self.named: dict[str, Node | float] = {}
        self.made: list[Node] = []

    def assign(self, line: ast.stmt) -> Node | float:
        """Compute what gets a name."""
        match line:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found = self._compute(value, _free(name))
                if name in self.named or name in self.variables:
                    raise ValueError(f"expression gives {name} two meanings")
                self.named[name] = found
                return found
        raise _refused(line)

    def finish(self, last: ast.stmt) -> Graph:
        """Compute the result, and walk back from it."""
        if isinstance(last, ast.Expr):
            result = self._compute(last.value, "f")
        else:
            result = self.assign(last)
        if not self.made or result is not self.made[-1]:
            raise ValueError(
                "expression must end in what it computes last, from a "
                f"variable; got {ast.unparse(last)!r}"
            )
        self.made[-1].tensor.backward()
        return Graph([*self.variables.values(), *self.made])

    def _compute(self, tree: ast.expr, name: str = "") -> Node | float:
        """Compute a part: a number of the graph, or a constant."""
        match tree:
            case ast.Constant(value=bool()):
                raise _refused(tree)
            case ast.Constant(value=int() | float() as value):
                return float(value)
            case ast.Name(id=known) if known not in FUNCTIONS:
                return self._called(known)
            case ast.UnaryOp(op=ast.USub(), operand=one):
                how: _How = operator.neg, "−{}"
                parts = [one]
            case ast.BinOp(left, op, right) if type(op) in OPERATIONS:
                how = OPERATIONS[type(op)]
                parts = [left, right]
            case ast.Call(ast.Name(id=called), [one], []) if (
                called in FUNCTIONS
            ):
                how = operator.methodcaller(called), f"{called}({{}})"
                parts = [one]
            case _:
                raise _refused(tree)
        try:
            return self._make(name, how, [self._compute(x) for x in parts])
        except ArithmeticError as error:
            raise ValueError(
                f"expression cannot be computed here: {ast.unparse(tree)} is a "
                f"{error}"
            ) from None

    def _called(self, name: str) -> Node | float:
        if name in self.named:
            return self.named[name]
        if name not in self.variables:
            value = Tensor(self.values.get(name, 1.0))
            self.variables[_free(name)] = Node(name, value)
        return self.variables[name]

    def _make(
        self, name: str, how: _How, operands: Sequence[Node | float]
    ) -> Node | float:
        function, form = how
        constants = [x for x in operands if not isinstance(x, Node)]
        if len(constants) == len(operands):
            return float(function(*map(Tensor, constants)).value)
        if len(self.made) == MOST:
            raise ValueError(
                f"expression must have at most {MOST} operations, got more"
            )
        # Constants stay floats: a power would ask for the slope along its own.
        numbers = [x.tensor if isinstance(x, Node) else x for x in operands]
        names = [x if isinstance(x, Node) else held(x) for x in operands]
        hold = shown if form.endswith("({})") else held
        floats = [x.value if isinstance(x, Tensor) else x for x in numbers]
        values, whole = [hold(x) for x in floats], floats[-1].is_integer()
        node = Node(
            name or f"u{len(self.made) + 1}",
            function(*numbers),
            _filled(form, [str(each) for each in names], whole),
            _filled(form, values, whole),
        )
        self.made.append(node)
        return node


def shown(number: float) -> str:
    """A number for the eye."""
    return f"{number:.4g}".replace("-", "−").replace("inf", "∞")


def held(number: float) -> str:
    """A number among signs: a negative one in parentheses."""
    return (
        f"({shown(number)})" if shown(number).startswith("−") else shown(number)
    )


def _free(name: str) -> str:
    if re.fullmatch(r"f|u\d+", name):
        raise ValueError(
            f"expression may call nothing {name}: f is the result, and "
            "u1, u2, ... are what has no name"
        )
    return name


def _filled(form: str, operands: Sequence[str], whole: bool) -> str:
    """A formula with its operands, a whole exponent of one digit raised."""
    if form == "{}^{}" and whole and f"^{operands[1]}" in _HIGH:
        return operands[0] + _HIGH[f"^{operands[1]}"]
    return form.format(*operands)


def _refused(tree: ast.AST) -> ValueError:
    return ValueError(f"expression takes {_TAKES}; got {ast.unparse(tree)!r}")
