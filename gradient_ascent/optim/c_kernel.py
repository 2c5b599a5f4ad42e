"""A program written down as one C function."""

from __future__ import annotations

from gradient_ascent.optim import rounding
from gradient_ascent.optim.program import PARAMETER, Program

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
{loop}  }}
}}
"""
LOOP = """\
    #pragma omp simd
    for (int64_t i = 0; i < length[k]; i++) {{
{lines}
    }}
"""
BY_TURNS = """\
    const int64_t end = length[k], apart = (end + {span} - 1) / {span};
    for (int64_t b = 0; b < {places} * apart; b++) {{
      const int64_t from = 128 * (b % {places} * apart + b / {places});
      const int64_t to = from + 128 < end ? from + 128 : end;
      #pragma omp simd
      for (int64_t i = from; i < to; i++) {{
{lines}
      }}
    }}
"""
PLACES = {2: 4, 3: 2}
"""From how many places of a chunk the loop goes on by turns, for so many
tensors: few come faster from memory by several streams each."""
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


def source(program: Program, dtypes: dict[str, str]) -> str:
    """Write the program down in C.

    Args:
        program: what a rule has written.
        dtypes: of the parameter, the gradient and each state tensor, by name.
    """
    double = "float64" in dtypes.values()
    number, end = ("double", "") if double else ("float", "f")
    names = ("sqrt", "exp", "log", "sin", "cos", "pow")
    places = PLACES.get(len(dtypes), 1)
    loop = BY_TURNS if places > 1 else LOOP
    loads, stores, pointers = [], [], []
    chance = program.rounding is not None
    first = len(program.body.constants)  # then come the halves of the key
    for index, (name, dtype) in enumerate(dtypes.items()):
        kind, read, _ = TYPES[dtype]
        pointers.append(
            f"    {kind} *{name}_ = ({kind} *) column[{index}][tensor[k]]"
            " + start[k];"
        )
        loads.append(f"      const T {name} = {read.format(f'{name}_[i]')};")
    for name, value in program.stores.items():
        written = TYPES[dtypes[name]][2].format(value)
        if chance and name != PARAMETER and dtypes[name] == "bfloat16":
            field = list(dtypes).index(name) - 2
            seed = f"low, high, tensor[k], {field}"
            pointers.append(f"    uint32_t s{field} = stream_of({seed});")
            written = f"by_chance({value}, s{field}, start[k] + i)"
        stores.append(f"      {name}_[i] = {written};")
    body = program.body
    lines = [f"      const T {name} = {text};" for name, text in body.lines]
    constants = [
        f"  const T c{i} = constant[{i}];" for i in range(len(body.constants))
    ]
    for name, index in (("low", first), ("high", first + 1)) if chance else ():
        constants.append(f"  const uint32_t {name} = constant[{index}];")
    bits = HALF if "bfloat16" in dtypes.values() else ""
    move = SOURCE.format(
        number=number,
        half=bits + rounding.C if chance else bits,
        constants="\n".join(constants),
        pointers="\n".join(pointers),
        loop=loop.format(
            lines="\n".join([*loads, *lines, *stores]),
            places=places,
            span=128 * places,
        ),
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
