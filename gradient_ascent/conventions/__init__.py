"""Who computes what, and how to translate from one source to another."""

from .declared import CONVENTIONS as CONVENTIONS
from .declared import METHODS as METHODS
from .declared import QUESTIONS as QUESTIONS
from .declared import SOURCES as SOURCES
from .declared import Convention as Convention
from .declared import convention as convention
from .translate import UntranslatableError as UntranslatableError
from .translate import corrected_momentum as corrected_momentum
from .translate import spelled as spelled
from .translate import translate as translate
from .walking import walk as walk
