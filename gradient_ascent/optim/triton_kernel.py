"""A program as a Triton kernel, for a GPU.

Division and root round to the nearest number, and no product is fused with a
sum: this is the arithmetic of a CPU. Triton is imported where the first kernel
is made, and not before.
"""

from __future__ import annotations

import linecache
from textwrap import fill
from types import SimpleNamespace
from typing import Any

from gradient_ascent.optim.program import STEP, Part, Program, found, no_kernel

BLOCK = 2**12
"""So many elements one program of a grid moves."""

TENSORS = 2**7
"""For so many tensors one program works out what each has of its own."""

LAUNCH = {"num_warps": 8, "enable_fp_fusion": False}

HEAD = "import triton\nimport triton.language as tl\n"
FUNCTIONS = {
    "DIV(a, b)": "a / b if a.dtype == tl.float64 else tl.div_rn(a, b)",
    "SQRT(a)": "tl.sqrt(a) if a.dtype == tl.float64 else tl.sqrt_rn(a)",
    "MAX(a, b)": "tl.where(a < b, b, a)",  # a nan stays one
    "MIN(a, b)": "tl.where(a > b, b, a)",
    "SIGN(a)": "(a > 0).to(a.dtype) - (a < 0).to(a.dtype)",
    "EXP(a)": "tl.exp(a)",
    "LOG(a)": "tl.log(a)",
    "SIN(a)": "tl.sin(a)",
    "COS(a)": "tl.cos(a)",
    # Of a share, to the power of a count.
    "POW(a, b)": "tl.where(b == 0, 1.0, tl.exp2(b * tl.log2(a)))",
}
FUNCTION = """

@triton.jit
def {}:
    return {}
"""
PREPARE = """

# What is the same for all of a tensor, where only the GPU knows it.
{jit}
{head}
    k = tl.program_id(0) * {tensors} + tl.arange(0, {tensors})
    inside = k < tensors
{lines}
"""
STEP_OF = """

@triton.jit
{update}
{lines}


# Each program moves one block of one tensor.
{jit}
{head}
    k = tl.load(tensor + tl.program_id(0))
    start = tl.multiple_of(tl.load(start + tl.program_id(0)), {block})
    i = start + tl.arange(0, {block})
    inside = i < tl.load(size + k)
{loads}
    if start + {block} <= tl.load(size + k):
{whole}
    else:
{rest}
"""


def source(program: Program, dtypes: dict[str, str], aligned: bool) -> str:
    """Write the program down for Triton.

    Args:
        program: what a rule has written.
        dtypes: of the parameter, the gradient and each state tensor, by name.
        aligned: whether each of them begins at a multiple of 16 bytes.

    Raises:
        KernelError: It cannot say what the rule does.
    """
    if any("POW(" in text for _, text in program.body.lines):
        raise no_kernel("Triton has no power of an element")
    head = _prepare(program) if program.unseen else ""
    text = head + _step(program, dtypes, aligned)
    functions = [
        FUNCTION.format(head, body)
        for head, body in FUNCTIONS.items()
        if head.partition("(")[0] in text
    ]
    return "".join([HEAD, *functions, text])


def _prepare(program: Program) -> str:
    tables = [*(f"{name}_at" for name in program.unseen), "made", "tensors"]
    number = "tl.float64"
    lines = _constants(program.head, number)
    for name in program.unseen:
        at = f"{name}_at"
        if name == STEP:  # each tensor has its own
            lines.append(f"{at} = {_pointer(f'{at} + k, inside', 'float32')}")
            at += ", inside"
        lines.append(f"{name} = tl.load({at}).to({number})")
    lines += [f"{name} = {text}" for name, text in program.head.lines]
    lines += [
        f"tl.store(made + {row} * tensors + k, {name}, inside)"
        for row, name in enumerate(program.passed)
    ]
    if STEP in program.unseen:
        lines.append("tl.store(step_at, step + 1, inside)")
    return PREPARE.format(
        jit=_jit(tables),
        head=_call("def prepare", [*tables, *_typed(program.head)], ":"),
        lines=_block(lines, 4),
        tensors=TENSORS,
    )


def _step(program: Program, dtypes: dict[str, str], aligned: bool) -> str:
    number = "tl.float64" if "float64" in dtypes.values() else "tl.float32"
    tables = ["tensor", "start", "size", *(f"{name}_at" for name in dtypes)]
    tables += ["made", "tensors"] if program.unseen else []
    loads, lines = _constants(program.body, number), []
    for row, name in enumerate(program.passed):
        made = f"tl.load(made + {row} * tensors + k)"
        loads.append(f"{name} = {made}.to({number})")
    for name, dtype in dtypes.items():
        start = _pointer(f"{name}_at + k", dtype)
        start = f"tl.multiple_of({start}, 16)" if aligned else start
        loads.append(f"{name}_at = {start}")
        lines.append(f"{name} = tl.load({name}_at + i, inside).to({number})")
    lines += [f"{name} = {text}" for name, text in program.body.lines]
    lines += [
        f"tl.store({name}_at + i, {value}, inside)"
        for name, value in program.stores.items()
    ]
    numbers = [*program.passed, *_names(program.body)]
    update = [*(f"{name}_at" for name in dtypes), "i", "inside", *numbers]
    whole = [x if x != "inside" else "None" for x in update]
    return STEP_OF.format(
        update=_call("def update", update, ":"),
        lines=_block(lines, 4),
        jit=_jit(tables),
        head=_call("def step", [*tables, *_typed(program.body)], ":"),
        loads=_block(loads, 4),
        whole=_call("        update", whole),
        rest=_call("        update", update),
        block=BLOCK,
    )


def _pointer(place: str, dtype: str) -> str:
    return f"tl.load({place}).to(tl.pointer_type(tl.{dtype}))"


def _names(part: Part) -> list[str]:
    return [f"c{i}" for i in range(len(part.constants))]


def _typed(part: Part) -> list[str]:
    """The constants as arguments, which are narrow where they do not say."""
    return [f"{name}: tl.float64" for name in _names(part)]


def _constants(part: Part, number: str) -> list[str]:
    return [f"{name} = tl.full((), {name}, {number})" for name in _names(part)]


def _jit(tables: list[str]) -> str:
    """What marks a kernel; where its tables lie makes no other of it."""
    return _call("@triton.jit", [f"do_not_specialize={tables}"])


def _call(head: str, arguments: list[str], end: str = "") -> str:
    """A call, or the first line of a function, as wide as a page holds."""
    indent = " " * (len(head) - len(head.lstrip()) + 8)
    whole = f"{head}({', '.join(arguments)}){end}".replace(": ", ":\xa0")
    text = fill(whole, 80, subsequent_indent=indent, break_on_hyphens=False)
    return text.replace("\xa0", " ")


def _block(lines: list[str], indent: int) -> str:
    return "\n".join(" " * indent + line for line in lines)


_loaded: dict[str, Any] = {}


def load(text: str, arguments: dict[str, list[Any]]) -> Any:
    """Compile the text, or find it compiled; what failed is not tried again.

    Args:
        text: what `source` has written.
        arguments: what each kernel in it will be called with.

    Raises:
        KernelError: It cannot be done here.
    """

    def make(text: str) -> Any:
        made = functions(text)
        for kernel, given in arguments.items():
            made[kernel].warmup(*given, grid=(1,), **LAUNCH)
        return SimpleNamespace(**{each: made[each] for each in arguments})

    return found(_loaded, text, make)


def functions(text: str) -> dict[str, Any]:
    """What a text defines."""
    # Python, and so Triton, looks here for the text of a function.
    name = f"<kernel {hash(text):x}>"
    linecache.cache[name] = len(text), None, text.splitlines(True), name
    made: dict[str, Any] = {"__name__": __name__}
    exec(compile(text, name, "exec"), made)
    return made
