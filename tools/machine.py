"""The name of the machine on which something was measured."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path


def machine() -> str:
    """Name the processor, the cores, the memory and the Python."""
    cpuinfo = Path("/proc/cpuinfo")
    names = re.findall(
        r"model name\s*: (.+)", cpuinfo.read_text() if cpuinfo.exists() else ""
    )
    name = names[0] if names else platform.processor() or platform.machine()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    version = platform.python_version()
    return f"{name}, {os.cpu_count()} cores, {memory:.0f} GB, Python {version}"
