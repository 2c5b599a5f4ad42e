"""A landscape in the API: its formula, from its code, and what is declared of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gradient_ascent.landscapes import Landscape, Point

_LONG = 200  # letters of LaTeX; what has more would be cut off on paper


def formula(landscape: Landscape) -> str:
    """Return the function as LaTeX; of numbers with a point, the fractions.

    A long sum has a line for each term.
    """
    import sympy  # takes a second

    def exact(number: sympy.Float) -> sympy.Expr:
        return sympy.nsimplify(number, [sympy.pi, sympy.E], tolerance=1e-12)

    symbols = [sympy.Symbol(name, real=True) for name in landscape.coordinates]
    height = sympy.sympify(landscape(*symbols))
    height = height.replace(lambda part: part.is_Float, exact)
    left = f"f({', '.join(map(sympy.latex, symbols))})"
    whole = sympy.latex(height)
    if len(whole) <= _LONG:
        return f"{left} = {whole}"
    first, *others = map(sympy.latex, height.as_ordered_terms())
    signed = (each if each.startswith("-") else f"+ {each}" for each in others)
    lines = [f"{left} ={{}} & {first}", *(f"& {{}}{each}" for each in signed)]
    return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"


def declared(landscape: Landscape) -> Iterator[tuple[str, str]]:
    """Go through what is known of a landscape: of which kind, and what it is."""
    domain = r" \times ".join(f"[{low:g}, {high:g}]" for low, high in landscape.domain)
    yield "Domain", f":math:`{domain}`"
    yield "Start", _shown([landscape.start])
    if landscape.optima:
        kind = "Maxima" if landscape.maximize else "Minima"
        yield kind, _shown(landscape.optima)
    if landscape.saddles:
        yield "Saddles", _shown(landscape.saddles)


def _shown(points: Iterable[Point]) -> str:
    return ", ".join(
        f":math:`({', '.join(f'{number:g}' for number in point)})`" for point in points
    )
