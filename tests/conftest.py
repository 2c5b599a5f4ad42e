"""What the tests share: how hypothesis draws, the site and a browser."""

import gc
import os

from hypothesis import settings

from tests.left_out import pytest_unconfigure  # noqa: F401, a hook
from tests.site.fixtures import address, browser, html  # noqa: F401, one for all

# The workers already share the cores: threads that wait for others of their own would
# keep those busy. It stands before torch is first imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# The same code is tested with the same examples, wherever and however often it runs.
settings.register_profile("book", derandomize=True, deadline=None, database=None)
settings.load_profile("book")


def pytest_collection_finish() -> None:
    """Let what stays to the end, all the tests, be looked at no more for garbage."""
    gc.collect()
    gc.freeze()
