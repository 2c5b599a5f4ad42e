"""Min-max play: several players, each moved by any optimizer its own way."""

from .minmax import Method as Method
from .minmax import MinMax as MinMax
from .payoff import Payoff as Payoff
