"""Problems, a race of optimizers on them, and what it leaves behind.

On the command line, `python -m gradient_ascent.benchmarks`. It needs torch and
NumPy; joblib, to spread a race, and scikit-learn, for its data, come with the
extra `benchmarks`.
"""

from gradient_ascent.benchmarks.entrants import ENTRANTS as ENTRANTS
from gradient_ascent.benchmarks.entrants import Entrant as Entrant
from gradient_ascent.benchmarks.entrants import entrant as entrant
from gradient_ascent.benchmarks.plan import FULL as FULL
from gradient_ascent.benchmarks.plan import QUICK as QUICK
from gradient_ascent.benchmarks.plan import TEN as TEN
from gradient_ascent.benchmarks.plan import Plan as Plan
from gradient_ascent.benchmarks.problem import Problem as Problem
from gradient_ascent.benchmarks.problem import Task as Task
from gradient_ascent.benchmarks.problems import PROBLEMS as PROBLEMS
from gradient_ascent.benchmarks.problems import problem as problem
from gradient_ascent.benchmarks.runs import Run as Run
from gradient_ascent.benchmarks.runs import read as read
from gradient_ascent.benchmarks.runs import write as write
from gradient_ascent.benchmarks.search import Range as Range
from gradient_ascent.benchmarks.search import draws as draws
from gradient_ascent.benchmarks.seed_as_run import as_run as as_run
from gradient_ascent.benchmarks.stamp import stamp as stamp
from gradient_ascent.benchmarks.sweep import spread as spread
from gradient_ascent.benchmarks.sweep import sweep as sweep
