"""What the build makes for the live parts: archive, data, and directive."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from gradient_ascent import lab
from gradient_ascent.landscapes import LANDSCAPES
from tests.site.contents import ROOT

sys.path.insert(0, str(ROOT / "web"))

from bookweb import lab_data, live, offline, stdlib, trace_lab

BODY = """
landscape: bowl
start: [-5, -2]
steps: 60
runs:
  plain: {lr: 0.4}
  momentum: {lr: 0.1, momentum: 0.8}
presets:
  diverges: {plain: {lr: 0.6}, steps: 30}
caption: A race.
"""


def test_the_archive_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("1.zip", "2.zip"):
        live.archive(tmp_path / name)
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()


def test_the_archive_has_no_copies_that_jupyter_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening a file in Jupyter leaves `.ipynb_checkpoints` beside it."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(
        ROOT / "gradient_ascent", tmp_path / "gradient_ascent", ignore=ignored
    )
    copy = tmp_path / "gradient_ascent/rules/.ipynb_checkpoints/adam-checkpoint.py"
    copy.parent.mkdir()
    copy.write_text("an older text")
    monkeypatch.setattr(live, "ROOT", tmp_path)
    monkeypatch.setattr(live, "WEB", tmp_path / "web")
    (tmp_path / "web" / "live").mkdir(parents=True)
    (tmp_path / "web" / "live" / "bridge.py").touch()
    live.archive(tmp_path / "python.zip")
    names = zipfile.ZipFile(tmp_path / "python.zip").namelist()
    assert "gradient_ascent/rules/adam.py" in names
    assert not [name for name in names if "checkpoint" in name]


def test_the_archive_runs_by_itself(tmp_path: Path) -> None:
    """Unpacked elsewhere, without any installed package, it does the runs of a lab."""
    live.archive(tmp_path / "python.zip")
    with zipfile.ZipFile(tmp_path / "python.zip") as book:
        book.extractall(tmp_path)
        assert not any(name.endswith("plots.py") for name in book.namelist())
    spec = trace_lab.specification(trace_lab.read(BODY))
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import bridge;"
        f"print(bridge.call('gradient_ascent.lab', 'results', {json.dumps(spec)!r}))"
    )
    command = [sys.executable, "-S", "-I", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["value"] == json.loads(json.dumps(lab.results(spec)))


def test_the_bridge_spells_what_json_lacks_and_reports_errors() -> None:
    sys.path.insert(0, str(ROOT / "web" / "live"))
    from bridge import call

    assert json.loads(call("math", "exp", "-1e9")) == {"value": 0.0}
    assert json.loads(call("gradient_ascent.ops", "exp", "1e9")) == {"value": "inf"}
    assert json.loads(call("gradient_ascent.ops", "log", "-1")) == {"value": "nan"}
    answer = json.loads(call("math", "sqrt", '"two"'))
    assert answer["kind"] == "TypeError"
    assert "must be real number" in answer["error"]
    assert "Traceback" in answer["traceback"]
    assert json.loads(call("sys", "exit", '"bye"'))["kind"] == "SystemExit"


@pytest.mark.parametrize("name", LANDSCAPES)
def test_a_landscape_is_drawn_within_its_frame(name: str) -> None:
    drawn = lab_data.picture(LANDSCAPES[name])
    numbers = [int(n) for line in drawn["lines"] for n in re.findall(r"-?\d+", line)]
    assert len(drawn["lines"]) == (lab_data.LEVELS if drawn["dimension"] == 2 else 1)
    assert min(numbers) >= 0
    assert max(numbers) <= lab_data.SIDE
    assert max(numbers) - min(numbers) > 0.8 * lab_data.SIDE
    assert len(drawn["domain"]) == 2


def test_a_level_line_lies_on_its_level() -> None:
    bowl = LANDSCAPES["bowl"]
    (x0, x1), (y0, y1) = bowl.domain
    points = re.findall(r"(\d+) (\d+)", lab_data.picture(bowl)["lines"][3])
    heights = [
        bowl(x0 + int(x) / 1000 * (x1 - x0), y0 + int(y) / 1000 * (y1 - y0))
        for x, y in points
    ]
    assert max(heights) - min(heights) < 0.12 * max(heights)


def test_the_library_is_whole_and_what_starts_is_compiled(tmp_path: Path) -> None:
    live.archive(tmp_path / "python.zip")
    made = zipfile.ZipFile(stdlib.library(tmp_path / "python.zip")).namelist()
    sources = zipfile.ZipFile(stdlib.SOURCES).namelist()
    assert [re.sub(r"\.pyc$", ".py", name) for name in made] == sources
    compiled = {name for name in made if name.endswith(".pyc")}
    assert {"os.pyc", "re/__init__.pyc", "json/decoder.pyc"} < compiled
    assert not {"turtle.pyc", "smtplib.pyc"} & compiled


def test_what_labs_know_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("1.json", "2.json"):
        lab_data.write(tmp_path / name)
    assert (tmp_path / "1.json").read_bytes() == (tmp_path / "2.json").read_bytes()


def test_a_preset_changes_what_it_names() -> None:
    given = trace_lab.read(BODY)
    spec = trace_lab.specification(given)
    changed = trace_lab.changed(spec, given["presets"]["diverges"])
    assert changed["steps"] == 30
    assert [run["hyperparameters"] for run in changed["runs"]] == [
        {"lr": 0.6},
        {"lr": 0.1, "momentum": 0.8},
    ]
    assert spec["steps"] == 60
    with pytest.raises(ValueError, match="changes what the lab has not: adam"):
        trace_lab.changed(spec, {"adam": {"lr": 1}})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("steps: 3", "lacks caption, landscape, runs"),
        (BODY + "colour: red", "got colour"),
        ("a lab", "must be a YAML mapping"),
    ],
)
def test_a_wrong_lab_is_refused(wrong: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        trace_lab.read(wrong)


def test_the_alternative_text_says_what_is_seen() -> None:
    traces = lab.traces(trace_lab.specification(trace_lab.read(BODY)))
    assert trace_lab.alternative(traces) == (
        "Level lines of bowl with the paths of 2 runs from (-5, -2). plain: objective "
        "0.0001128 after 60 steps; momentum: objective 1.277e-05 after 60 steps."
    )


def test_the_picture_is_the_same_each_time(tmp_path: Path) -> None:
    spec: dict[str, Any] = trace_lab.specification(trace_lab.read(BODY))
    for name in ("1.svg", "2.svg"):
        trace_lab.draw(lab.traces(spec), tmp_path / name)
    first, second = (tmp_path / name for name in ("1.svg", "2.svg"))
    assert first.read_bytes() == second.read_bytes()
    assert b"momentum" in first.read_bytes()


@pytest.mark.browser
def test_the_worker_knows_where_what_it_may_keep_lies(html: Path) -> None:
    """The folders stand in its own text as well: it must know them at once."""
    worker = (ROOT / "web" / "service-worker.js").read_text(encoding="utf-8")
    named = re.search(r"const NAMED = /(.*)/;", worker)
    assert named
    where = re.compile(named[1].replace("\\/", "/"))
    paths = json.loads((html / "_static" / offline.MANIFEST).read_text())
    for folder in offline.FOLDERS:
        assert any(path.startswith(f"_static/{folder}/") for path in paths)
    assert all(where.match(path) for path in paths)
    for other in ("book.css", "maths/katex.css", "fonts/x.woff2"):
        assert not where.match(f"_static/{other}")


@pytest.mark.browser
def test_every_module_ends_as_servers_know_scripts_to(html: Path) -> None:
    """Many call `.mjs` something else; python.mjs is there for those who import it."""
    modules = [file.name for file in (html / "_static").rglob("*.mjs")]
    assert modules == ["python.mjs"]
    for name in ("pyodide.js", "pyodide.asm.js"):
        text = (html / "_static" / "pyodide" / name).read_text(encoding="utf-8")
        assert "pyodide.asm.mjs" not in text
