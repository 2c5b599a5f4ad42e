"""What is maximized: log-likelihoods and other objectives, from data."""

from gradient_ascent.objectives.likelihood import LogLikelihood
from gradient_ascent.objectives.sparse import (
    Dictionary,
    Reconstruction,
    encode,
    learn_dictionary,
)

__all__ = [
    "Dictionary",
    "LogLikelihood",
    "Reconstruction",
    "encode",
    "learn_dictionary",
]
