"""Every example of the playbook's pages that is not its language: shell lines, pipelines, settings of editors."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules.sample import sample_cases, sample_playbook
from store.playbooks import publish
from tests.api.builders import HOT, NOW, House, Run

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(\S[^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = ("playbook.md", "publishing.md")
EXAMPLES = [(page, *found) for page in PAGES for found in FENCE.findall((ROOT / "docs" / page).read_text("utf-8"))]
# What runs examples of each kind: this file, or tests/rules/test_reference.py (the language) and test_cli_playbook.py.
HERE = {"sh", "yaml ci", "json settings"}
ELSEWHERE = {"yaml playbook", "yaml", "yaml when", "yaml cases", "text check", "text test"}

LEADS = "email,country,source,employees,probability,fit\nann@big.example,PL,demo_request,4000,0.4,90\n"
WIDER = sample_playbook().replace("country: [DE, AT, CH, FR", "country: [DE, PL, AT, CH, FR")
BROKEN = sample_playbook().replace("then: {add: -25", "thn: {add: -25")


def examples(kind: str) -> list[Any]:
    """The examples of a kind, each under its page's name."""
    return [pytest.param(text, id=f"{page}-{text.count(chr(10))}") for page, each, text in EXAMPLES if each == kind]


def test_every_example_is_run_by_a_test() -> None:
    assert {kind for page, kind, _ in EXAMPLES if page == "publishing.md"} <= HERE
    assert {kind for _, kind, _ in EXAMPLES} == HERE | ELSEWHERE


@pytest.mark.parametrize("text", examples("sh"))
def test_the_lines_of_a_shell_do_what_their_comments_say(
    text: str, run: Run, house: House, playbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a house where the seventh playbook is in force, whose decisions an edit moves."""
    monkeypatch.chdir(playbook.parent)
    monkeypatch.setattr("api.cli.diff.now", lambda: NOW)
    playbook.write_text(f"# Edited.\n{sample_playbook()}", encoding="utf-8")
    Path("lead.json").write_text(json.dumps(HOT), encoding="utf-8")
    house.post("/v1/leads", HOT, kind="crm")
    with house.database.begin() as tx:
        for _ in range(6):
            publish(tx, sample_playbook(), cases=sample_cases(), by="test", because="test", now=NOW)

    codes = [_run(run, line) for line in text.splitlines()]

    assert codes == [0] * len(codes)


def _run(run: Run, line: str) -> int:
    """Runs a line, what it prints going where the line sends it, and gives its exit code."""
    command, *words = shlex.split(line, comments=True)
    assert command == "leadline"
    words, target = (words[:-2], words[-1]) if ">" in words else (words, None)
    result = run(*words)
    if target:
        Path(target).write_text(result.stdout, encoding="utf-8")
        assert json.loads(result.stdout)["$schema"]
    return result.exit_code


@pytest.mark.parametrize("text", examples("json settings"))
def test_the_settings_of_editors_name_the_files(text: str) -> None:
    names = json.loads(text)["yaml.schemas"]

    assert names == {
        "./playbook.schema.json": "playbook.yaml",
        "./playbook.cases.schema.json": "playbook.cases.yaml",
    }


@pytest.mark.parametrize("text", examples("yaml ci"))
def test_a_pipeline_passes_for_a_sound_edit(text: str, checkout: Path) -> None:
    (checkout / "playbook.yaml").write_text(WIDER, encoding="utf-8")

    done = [_step(step, checkout) for step in _steps(yaml.safe_load(text))]

    assert [each.returncode for each in done] == [0] * len(done), [each.stderr for each in done]
    page = checkout / "who-moves.html"
    assert ("diff" in text) == (page.exists() and "team emea-enterprise under hot" in page.read_text())


@pytest.mark.parametrize("text", examples("yaml ci"))
def test_a_pipeline_fails_for_a_broken_edit(text: str, checkout: Path) -> None:
    (checkout / "playbook.yaml").write_text(BROKEN, encoding="utf-8")

    first = next(done for step in _steps(yaml.safe_load(text)) if (done := _step(step, checkout)).returncode)

    told = first.stdout + "".join(path.read_text() for path in checkout.glob("*.sarif"))
    assert (first.returncode, "'thn' is not a rule key" in told) == (1, True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a playbook, its cases and leads, merged to main and nothing else; `leadline` is on the path."""
    folder, tools = tmp_path / "checkout", tmp_path / "bin"
    folder.mkdir()
    tools.mkdir()
    (tools / "leadline").write_text(f'#!/bin/sh\nexec {sys.executable} -m api "$@"\n', encoding="utf-8")
    (tools / "leadline").chmod(0o755)
    for name, text in (
        ("playbook.yaml", sample_playbook()),
        ("playbook.cases.yaml", sample_cases()),
        ("leads.csv", LEADS),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    author = ("-c", "user.name=test", "-c", "user.email=test@leadline.example", "-c", "commit.gpgsign=false")
    for words in (("init", "-q"), ("add", "."), (*author, "commit", "-qm", "main")):
        subprocess.run(("git", *words), cwd=folder, check=True)
    subprocess.run(("git", "update-ref", "refs/remotes/origin/main", "HEAD"), cwd=folder, check=True)
    return folder


def _steps(node: Any) -> Iterator[str]:
    """What a pipeline runs, in order: the `run` of each step, the lines of `script`; but for pip, which needs a net."""
    if isinstance(node, dict):
        found = [node["run"]] if "run" in node else node.get("script", [])
        yield from (step for step in found if not step.startswith("pip install"))
        for part in node.values():
            yield from _steps(part)
    elif isinstance(node, list):
        for part in node:
            yield from _steps(part)


def _step(step: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A step, run as both GitHub and GitLab run it: by a bash that stops at what fails."""
    environment = {
        "PATH": f"{folder.parent / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "LEADLINE_HOME": str(folder / "no-house"),
        "GITHUB_BASE_REF": "main",
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": "HEAD",
    }
    return subprocess.run(
        ("bash", "-e", "-c", step), cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
