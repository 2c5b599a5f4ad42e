"""What is maximized: log-likelihoods and other objectives, from data."""

from gradient_ascent.objectives.likelihood import LogLikelihood
from gradient_ascent.objectives.mixture import GaussianMixture

__all__ = ["GaussianMixture", "LogLikelihood"]
