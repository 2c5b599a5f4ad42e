"""Problems, a race of optimizers on them, and what it leaves behind."""

from gradient_ascent.benchmarks.runs import Run as Run
from gradient_ascent.benchmarks.runs import read as read
