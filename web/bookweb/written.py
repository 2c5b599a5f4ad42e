"""Formulas as a programmer writes them in a plain text, turned into TeX.

    θ ← θ - η m̂ / (√v̂ + ε)

They stand so in the exercises, which are read in files and at terminals as well.
"""

from __future__ import annotations

import re
import unicodedata

_TOKEN = re.compile(r"\s*([a-z]{2,}(?!\w)|[^\W\d_]\u0302?\d?|\d+(?:\.\d+)?|\S)")
_FUNCTIONS = {
    "exp": r"\exp",
    "max": r"\max",
    "min": r"\min",
    "sign": r"\operatorname{sign}",
}
_RELATIONS = {"←": r"\leftarrow", "=": "="}
_BLOCK = re.compile(r"(?:^ {4}\S.*\n?)+", re.MULTILINE)
_ENDS = {*"+-/),|", *_RELATIONS}


def displayed(text: str) -> str:
    """Return Markdown in which the indented lines are displayed formulas."""
    return _BLOCK.sub(lambda block: _display(block[0]), text)


def _display(block: str) -> str:
    lines = " \\\\\n".join(tex(line) for line in block.splitlines())
    return f"$$\n\\begin{{aligned}}\n{lines}\n\\end{{aligned}}\n$$\n"


def tex(line: str) -> str:
    """Return one line as TeX, aligned at its relation.

    Raises:
        ValueError: it is not written as this module can read.
    """
    formula = _Formula(line)
    left = formula.sum()
    relation = formula.next()
    right = formula.sum()
    if rest := formula.tokens if relation in _RELATIONS else [relation]:
        raise ValueError(f"no formula: {line.strip()!r} cannot be read at {rest[0]!r}")
    return f"{left} &{_RELATIONS[relation]} {right}"


class _Formula:
    """What is left of a line to be read."""

    def __init__(self, line: str) -> None:
        self.tokens = _TOKEN.findall(line)

    def next(self) -> str:
        """Take the next token; "" where none is left."""
        return self.tokens.pop(0) if self.tokens else ""

    def comes(self, *tokens: str) -> bool:
        """Say whether the next token is one of these."""
        return bool(self.tokens) and self.tokens[0] in tokens

    def sum(self) -> str:
        """Read terms up to what ends them."""
        terms = [self.product()]
        while self.comes("+", "-", ","):
            terms += [self.next(), self.product()]
        return " ".join(terms)

    def product(self) -> str:
        """Read factors that stand side by side, and what they are divided by."""
        factors = [self.power()]
        while self.tokens and not self.comes(*_ENDS):
            factors.append(self.power())
        above = " ".join(factors)
        if not self.comes("/"):
            return above
        self.next()
        return rf"\frac{{{above}}}{{{_bare(self.power())}}}"

    def power(self) -> str:
        """Read a factor with what stands above and below it."""
        base = self.factor()
        while self.tokens and (script := _script(self.tokens[0])):
            base += script
            self.next()
        if self.comes("^"):
            self.next()
            base += f"^{{{self.power()}}}"
        return base

    def factor(self) -> str:
        """Read a symbol, a root, a function, or what is fenced."""
        token = self.next()
        if token == "√":
            return rf"\sqrt{{{_bare(self.factor())}}}"
        if token == "|":
            return rf"\lvert {self.sum()} \rvert{self.close('|')}"
        if token == "(":
            inside = self.sum() + self.close(")")
            return rf"\left({inside}\right)" if r"\frac" in inside else f"({inside})"
        if token in _FUNCTIONS:
            return f"{_FUNCTIONS[token]} {self.factor()}"
        return _symbol(token)

    def close(self, token: str) -> str:
        """Pass over the end of a fence."""
        if self.next() != token:
            raise ValueError(f"{token!r} is missing")
        return ""


def _bare(group: str) -> str:
    """Return what stands in parentheses that a root or a fraction line makes void."""
    return group[1:-1] if group.startswith("(") and group.endswith(")") else group


def _script(token: str) -> str:
    """Return a sign that stands above (²) or below (₁) the line, as TeX."""
    decomposed = unicodedata.decomposition(token) if len(token) == 1 else ""
    kind, _, plain = decomposed.partition(" ")
    mark = {"<super>": "^", "<sub>": "_"}.get(kind)
    return f"{mark}{{{chr(int(plain, 16))}}}" if mark else ""


def _symbol(token: str) -> str:
    """Return a name or a number as TeX: θ, m̂, x1, radius, 0.1."""
    if token.endswith("\u0302"):
        return rf"\hat{{{_symbol(token[0])}}}"
    if len(token) == 2 and token[0].isalpha() and token[1].isdigit():
        return f"{_symbol(token[0])}_{{{token[1]}}}"
    name = unicodedata.name(token, "") if len(token) == 1 else ""
    if name.startswith("GREEK SMALL LETTER "):
        return "\\" + name.split()[-1].lower().replace("lamda", "lambda")  # Unicode's
    if token.isalpha() and len(token) > 1:
        return rf"\text{{{token}}}"
    if re.fullmatch(r"\w|[\d.]+", token):
        return token
    raise ValueError(f"cannot read {token!r}")
