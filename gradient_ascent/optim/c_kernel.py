"""A program as one C function, compiled by the machine's own compiler."""

from __future__ import annotations

import atexit
import ctypes
import hashlib
import logging
import os
import platform
import shlex
import shutil
import stat
import subprocess
import tempfile
from array import array
from functools import cache
from pathlib import Path
from typing import Any

from gradient_ascent.optim.program import KernelError, Program, found

HALF = """\
static inline float from_bf16(uint16_t x) {
  union { uint32_t bits; float value; } u = {(uint32_t) x << 16};
  return u.value;
}
static inline uint16_t to_bf16(float x) {  /* to the nearest, ties to even */
  union { float value; uint32_t bits; } u = {x};
  uint16_t rounded = (u.bits + 0x7fff + ((u.bits >> 16) & 1)) >> 16;
  return x != x ? 0x7fc0 : rounded;
}
"""
TYPES = {
    "float32": ("float", "{}", "{}"),
    "float64": ("double", "{}", "{}"),
    "float16": ("_Float16", "(float) {}", "(_Float16) {}"),
    "bfloat16": ("uint16_t", "from_bf16({})", "to_bf16({})"),
}
"""How each dtype lies in memory, is read and is written."""

SOURCE = """\
#include <math.h>
#include <stdint.h>
typedef {number} T;
#define DIV(a, b) ((a) / (b))
#define SQRT {sqrt}
#define EXP {exp}
#define LOG {log}
#define SIN {sin}
#define COS {cos}
#define POW {pow}
{half}/* A nan stays one, and both are still done for many elements at once. */
static inline T MAX(T a, T b) {{ return a < b ? b : a; }}
static inline T MIN(T a, T b) {{ return a > b ? b : a; }}
static inline T SIGN(T a) {{ return (T) (a > 0) - (T) (a < 0); }}

/* Each chunk: {length} elements of the tensor {tensor}, from {start} on. */
void step(int64_t chunks, const int64_t *tensor, const int64_t *start,
          const int64_t *length, void *const *const *column,
          const double *constant, int threads)
{{
{constants}
  #pragma omp parallel for schedule(static) num_threads(threads)
  for (int64_t k = 0; k < chunks; k++) {{
{pointers}
    #pragma omp simd
    for (int64_t i = 0; i < length[k]; i++) {{
{lines}
    }}
  }}
}}
"""
COUNTS = """\
#include <stdint.h>
/* The count of steps that all tensors share; -1 if they do not. */
double shared(int64_t n, float *const *count)
{
  for (int64_t k = 1; k < n; k++)
    if (*count[k] != *count[0]) return -1;
  return *count[0];
}

void advance(int64_t n, float *const *count)
{
  for (int64_t k = 0; k < n; k++) *count[k] += 1;
}
"""
FINITE = """\
#include <stdint.h>
{half}
/* Whether all numbers are finite: x - x is zero then, and nan if not. Both
   halves are read at once: two streams come faster from memory than one. */
int finite(int64_t tensors, {kind} *const *tensor, const int64_t *length,
           int threads)
{{
  {number} total = 0;
  for (int64_t k = 0; k < tensors; k++) {{
    const {kind} *x = tensor[k], *y = x + length[k] / 2;
    #pragma omp parallel for simd reduction(+:total) num_threads(threads) \\
      if(length[k] > 32768)
    for (int64_t i = 0; i < (length[k] + 1) / 2; i++)  /* an odd one overlaps */
      total += ({x} - {x}) + ({y} - {y});
  }}
  return total == 0;
}}
"""
FLAGS = "-O3 -fno-math-errno -fno-trapping-math -ffp-contract=off -shared -fPIC"
FASTER = ("-march=native -fopenmp", "-march=native", "")
"""What not every compiler knows: the first that this one takes is used."""

PATIENCE = 60
"""Seconds after which a compiler is not waited for."""

_log = logging.getLogger(__name__)


def source(program: Program, dtypes: dict[str, str]) -> str:
    """Write the program down in C.

    Args:
        program: what a rule has written.
        dtypes: of the parameter, the gradient and each state tensor, by name.
    """
    double = "float64" in dtypes.values()
    number, end = ("double", "") if double else ("float", "f")
    names = ("sqrt", "exp", "log", "sin", "cos", "pow")
    loads, stores, pointers = [], [], []
    for index, (name, dtype) in enumerate(dtypes.items()):
        kind, read, _ = TYPES[dtype]
        pointers.append(
            f"    {kind} *{name}_ = ({kind} *) column[{index}][tensor[k]]"
            " + start[k];"
        )
        loads.append(f"      const T {name} = {read.format(f'{name}_[i]')};")
    for name, value in program.stores.items():
        written = TYPES[dtypes[name]][2].format(value)
        stores.append(f"      {name}_[i] = {written};")
    body = program.body
    lines = [f"      const T {name} = {text};" for name, text in body.lines]
    constants = [
        f"  const T c{i} = constant[{i}];" for i in range(len(body.constants))
    ]
    move = SOURCE.format(
        number=number,
        half=HALF if "bfloat16" in dtypes.values() else "",
        constants="\n".join(constants),
        pointers="\n".join(pointers),
        lines="\n".join([*loads, *lines, *stores]),
        length="length[k]", start="start[k]", tensor="tensor[k]",
        **{name: f"{name}{end}" for name in names},
    )  # fmt: skip
    return move + COUNTS


def finite_source(dtype: str) -> str:
    """Write down in C the look at numbers of one kind."""
    kind, read, _ = TYPES[dtype]
    return FINITE.format(
        kind=kind,
        x=read.format("x[i]"),
        y=read.format("y[i]"),
        number="double" if dtype == "float64" else "float",
        half=HALF if dtype == "bfloat16" else "",
    )


_loaded: dict[str, Any] = {}


def load(text: str) -> ctypes.CDLL:
    """Compile the text, or find it compiled; what failed is not tried again.

    Raises:
        KernelError: It cannot be done here.
    """
    return found(_loaded, text, _load)


def _load(text: str) -> ctypes.CDLL:
    library = ctypes.CDLL(str(_compiled(text)))
    if hasattr(library, "shared"):
        library.shared.restype = ctypes.c_double
    return library


def address(numbers: array[Any]) -> int:
    """Where a kernel finds an array's numbers."""
    return numbers.buffer_info()[0]


def pointer(numbers: array[Any]) -> ctypes.c_void_p:
    """An array as a kernel's argument."""
    return ctypes.c_void_p(address(numbers))


def _compiled(text: str) -> Path:
    compiler = find_compiler()
    made_from = "\0".join([text, FLAGS, *compiler, _version(), features()])
    name = hashlib.sha256(made_from.encode()).hexdigest()[:32]
    # Its size stands in its name: one that was cut would end the process.
    for kept in folder().glob(f"{name}-*.so"):
        if kept.stem == f"{name}-{kept.stat().st_size}":
            try:
                ctypes.CDLL(str(kept))
            except OSError:  # spoiled
                kept.unlink()
            else:
                return kept
    return _compile(compiler, text, folder() / name)


def find_compiler() -> list[str]:
    """The C compiler's command: $CC, or cc.

    Raises:
        KernelError: There is none.
    """
    command = shlex.split(os.environ.get("CC", "")) or ["cc"]
    if shutil.which(command[0]) is None:
        raise KernelError(f"there is no C compiler {command[0]!r}")
    return command


@cache
def _version() -> str:
    return _run([*find_compiler(), "--version"]).stdout


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        errors="replace",
        timeout=PATIENCE,
    )


@cache
def features() -> str:
    """What this processor can do: a home may be shared by unlike machines."""
    machine = f"{platform.machine()} {platform.processor()}"
    try:
        about = Path("/proc/cpuinfo").read_text()
    except OSError:
        return machine
    kinds = ("flags", "Features", "model name")
    lines = (x for x in about.splitlines() if x.startswith(kinds))
    return "\n".join([machine, *sorted(set(lines))])


@cache
def folder() -> Path:
    """Where kernels are kept: a folder in which nobody else can write."""
    try:
        home = Path(os.environ.get("XDG_CACHE_HOME", ""))
        home = home if home.is_absolute() else Path.home() / ".cache"
        kept = home / "gradient_ascent" / "kernels"
        for each in (home, kept.parent, kept):
            each.mkdir(parents=True, exist_ok=True, mode=0o700)
        if is_ours_alone(kept):
            return kept
        why = f"others can write in {kept}, or this user cannot"
    except (OSError, RuntimeError) as error:
        why = str(error)
    _log.info("kernels are not kept: %s", why)
    passing = Path(tempfile.mkdtemp(prefix="gradient_ascent-"))
    atexit.register(shutil.rmtree, passing, ignore_errors=True)
    return passing


def is_ours_alone(path: Path) -> bool:
    """Whether this user can write in a folder, and nobody else replace it."""
    about, ours = path.lstat(), os.getuid()
    if not stat.S_ISDIR(about.st_mode) or not os.access(path, os.W_OK):
        return False
    above = [parent.stat() for parent in path.parents]
    return (
        about.st_uid == ours
        and not about.st_mode & 0o022
        and all(each.st_uid in (0, ours) for each in above)
        and all(
            not each.st_mode & 0o022 or each.st_mode & stat.S_ISVTX
            for each in above
        )
    )


def _compile(compiler: list[str], text: str, name: Path) -> Path:
    """Compile beside the library's place, and put it there when it is done."""
    with tempfile.TemporaryDirectory(dir=name.parent) as beside:
        code, made = Path(beside, "kernel.c"), Path(beside, "kernel.so")
        code.write_text(text)
        for faster in FASTER:
            flags = [*FLAGS.split(), *faster.split()]
            said = _run([*compiler, *flags, "-o", str(made), str(code), "-lm"])
            if not said.returncode:
                ctypes.CDLL(str(made))  # or it is none
                size = made.stat().st_size
                return made.replace(f"{name}-{size}.so")
    first = said.stderr.strip().partition("\n")[0]
    raise KernelError(f"{compiler[0]} cannot compile the kernel: {first}")
