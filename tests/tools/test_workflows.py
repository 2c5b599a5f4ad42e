"""What runs on the forge: pinned, bounded, and nothing published untested."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from bookweb import notebook_buttons

from tests.tools.conftest import ROOT

GITHUB = ROOT / ".github"
FILES = sorted((GITHUB / "workflows").iterdir())


def load(file: Path) -> dict[str, Any]:
    # BaseLoader: YAML would read the key `on` as true
    return dict(yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader))


WORKFLOWS = {file.name: load(file) for file in FILES}
JOBS = {
    f"{name}:{job}": how
    for name, workflow in WORKFLOWS.items()
    for job, how in workflow["jobs"].items()
}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_actions_are_pinned_by_hash(file: Path) -> None:
    """With the version beside it, for the reader and for Dependabot."""
    uses = re.findall(r"uses: *(.*)", file.read_text(encoding="utf-8"))
    assert uses
    for each in uses:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)
def test_no_job_can_hang(job: dict[str, Any]) -> None:
    assert 0 < int(job["timeout-minutes"]) <= 90


def may(job: dict[str, Any], workflow: dict[str, Any]) -> dict[str, str]:
    return dict(job.get("permissions", workflow["permissions"]))


PUBLISHING = {
    "actions/deploy-pages": {"id-token": "write", "pages": "write"},
    "peaceiris/actions-gh-pages": {"contents": "write"},
    "pypa/gh-action-pypi-publish": {"id-token": "write"},
}


TELLING = {"issues": "write"}


def test_only_publishing_and_telling_may_write() -> None:
    """What was built and tested elsewhere: such a job runs nothing of ours."""
    for name, workflow in WORKFLOWS.items():
        assert workflow["permissions"] == {"contents": "read"}, name
        for job in workflow["jobs"].values():
            if may(job, workflow) == TELLING:
                assert all("uses" not in step for step in job["steps"])
            elif may(job, workflow) != {"contents": "read"}:
                action = job["steps"][-1]["uses"].partition("@")[0]
                assert may(job, workflow) == PUBLISHING[action]
                assert all("run" not in step for step in job["steps"])


def test_the_workflows_pass_an_audit() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    command = [zizmor, "--offline", "--no-progress", "--quiet", GITHUB]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_no_version_is_published_until_someone_turns_it_on() -> None:
    build, publish = JOBS["release.yml:build"], JOBS["release.yml:publish"]
    assert build["if"] == "vars.PUBLISH == 'true'"
    assert publish["needs"] == "build"
    assert "make wheel" in [step.get("run") for step in build["steps"]]


def steps(action: str) -> list[tuple[str, int, dict[str, Any]]]:
    """The steps that use an action, each with its job and its place there."""
    return [
        (name, place, step)
        for name, job in JOBS.items()
        for place, step in enumerate(job["steps"])
        if step.get("uses", "").startswith(f"actions/{action}@")
    ]


def test_only_what_passed_is_published() -> None:
    """The site goes up from the job that tested it, after the tests, from main."""
    ((deploy, _, _),) = steps("deploy-pages")
    assert JOBS[deploy]["needs"] == "test"
    assert JOBS[deploy]["if"] == "github.event_name == 'push'"
    assert WORKFLOWS["book.yml"]["on"]["push"] == {"branches": ["main"]}

    ((tested, place, upload),) = steps("upload-pages-artifact")
    assert tested == "book.yml:test"
    assert upload["with"] == {"path": "_build/html"}
    before = [step.get("run") for step in JOBS[tested]["steps"][:place]]
    assert ".ci/run" in before


def test_the_notebooks_that_binder_opens_are_those_that_passed() -> None:
    job = JOBS["book.yml:notebooks"]
    assert (job["needs"], job["if"]) == ("deploy", "github.event_name == 'push'")
    assert job["steps"][-1]["with"]["publish_branch"] == notebook_buttons.BRANCH
    ran = [step.get("run") for step in JOBS["book.yml:test"]["steps"]]
    assert ran.index(".ci/run") < ran.index(".ci/notebooks")


def test_every_version_that_the_project_allows_is_tested() -> None:
    versions = JOBS["book.yml:test"]["strategy"]["matrix"]["python"]
    assert versions == ["3.11", "3.12", "3.13"]


def test_a_newer_commit_stops_a_branchs_run_and_no_publishing() -> None:
    for workflow in WORKFLOWS.values():
        assert "github.ref" in workflow["concurrency"]["group"]
    book, release = (WORKFLOWS[f"{name}.yml"] for name in ("book", "release"))
    stops = book["concurrency"]["cancel-in-progress"]
    assert stops == "${{ github.ref != 'refs/heads/main' }}"
    assert release["concurrency"]["cancel-in-progress"] == "false"
    assert JOBS["book.yml:deploy"]["concurrency"]["cancel-in-progress"] == "false"


def test_it_runs_each_week_as_well() -> None:
    ((when,),) = (how.values() for how in WORKFLOWS["book.yml"]["on"]["schedule"])
    minute, hour, day, month, weekday = when.split()
    assert (day, month) == ("*", "*")
    assert int(weekday) in range(7)
    assert int(minute) in range(60)
    assert int(hour) in range(24)


def test_the_oldest_and_the_newest_torch_are_tested_each_week() -> None:
    job = JOBS["book.yml:torch"]
    assert "github.event_name == 'schedule'" in job["if"]
    assert job["strategy"]["matrix"]["torch"] == ["oldest", "newest"]
    command = job["steps"][-1]["run"]
    assert command == "python -m tools.other_torch ${{ matrix.torch }}"


def test_the_newest_versions_the_mirror_and_the_audits_run_each_week() -> None:
    commands = {
        "newest": ["make lock", ".ci/run"],
        "mirror": ['python -m tools.who_ascends >> "$GITHUB_STEP_SUMMARY"'],
        "audit": [
            "pip-audit --requirement requirements.lock --no-deps --disable-pip",
            "npm --prefix web audit --package-lock-only",
        ],
    }
    for name, wanted in commands.items():
        job = JOBS[f"book.yml:{name}"]
        assert "github.event_name == 'schedule'" in job["if"]
        run = [step.get("run") for step in job["steps"]]
        assert [command for command in run if command in wanted] == wanted


def test_what_fails_in_the_weekly_run_becomes_one_issue() -> None:
    """Of any of its jobs: `failure()` is of those that it needs."""
    telling = JOBS["book.yml:tell"]
    assert telling["if"] == "failure() && github.event_name == 'schedule'"
    jobs = WORKFLOWS["book.yml"]["jobs"].items()
    weekly = {name for name, job in jobs if "'push'" not in job.get("if", "")}
    assert set(telling["needs"]) == weekly - {"tell"}
    (step,) = telling["steps"]
    listed, comment, create = map(step["run"].index, ("list", "comment", "create"))
    assert listed < comment < create
    assert "${{" not in step["run"]


def test_a_requests_site_is_a_file_of_its_run() -> None:
    """It is not published: that needs the right to write, which none may have."""
    *_, upload, tell = JOBS["book.yml:test"]["steps"]
    assert "github.event_name == 'pull_request'" in upload["if"]
    assert upload["with"]["path"] == "_build/html"
    assert tell["if"] == f"steps.{upload['id']}.outputs.artifact-url"
    assert "GITHUB_STEP_SUMMARY" in tell["run"]


def test_actions_and_node_packages_are_kept_fresh() -> None:
    updates = load(GITHUB / "dependabot.yml")["updates"]
    assert {each["package-ecosystem"]: each["directory"] for each in updates} == {
        "github-actions": "/",
        "npm": "/web",
    }
    assert (ROOT / "web" / "package-lock.json").exists()
