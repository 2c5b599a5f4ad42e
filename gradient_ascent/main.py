"""The import that the seed's README shows."""

from gradient_ascent.optim.gradient_ascent import GradientAscent

__all__ = ["GradientAscent"]
