"""What is maximized: log-likelihoods and other objectives, from data."""

from gradient_ascent.objectives.likelihood import LogLikelihood

__all__ = ["LogLikelihood"]
