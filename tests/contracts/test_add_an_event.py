"""`docs/add-an-event.md` is true: every step of it is carried out, to the letter, in a copy of the repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.processes import ROOT

GUIDE = (ROOT / "docs" / "add-an-event.md").read_text("utf-8")
PARTS = ("contracts", "chassis", "docs", "services", "rathaus", "simulators", "tests", "tools", "typings")
FILES = ("pyproject.toml", ".importlinter")
BLOCK = re.compile(r"^([^\n]+)\n\n```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NEW = re.compile(r"New file `([^`]+)`:")
APPEND = re.compile(r"At the end of `([^`]+)`:")
INSERT = re.compile(r"In `([^`]+)`, after the line that begins with `([^`]+)`:")
RUN = "Run:"


@dataclass(frozen=True, slots=True)
class Step:
    """One block of the guide with the sentence above it."""

    sentence: str
    text: str

    def carry_out(self, folder: Path) -> None:
        if found := NEW.fullmatch(self.sentence):
            assert not (folder / found[1]).exists()
            (folder / found[1]).write_text(self.text, "utf-8")
        elif found := APPEND.fullmatch(self.sentence):
            path = folder / found[1]
            path.write_text(path.read_text("utf-8") + self.text, "utf-8")
        elif found := INSERT.fullmatch(self.sentence):
            self._insert(folder / found[1], found[2])
        else:
            assert self.sentence == RUN, f"the guide says what nobody can carry out: {self.sentence}"
            self._run(folder)

    def _insert(self, path: Path, beginning: str) -> None:
        lines = path.read_text("utf-8").splitlines(keepends=True)
        (place,) = (number for number, line in enumerate(lines) if line.lstrip().startswith(beginning))
        path.write_text("".join([*lines[: place + 1], self.text, *lines[place + 1 :]]), "utf-8")

    def _run(self, folder: Path) -> None:
        for command in self.text.splitlines():
            done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S602 - the guide's own words
            assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"


STEPS = [Step(sentence, text) for sentence, _, text in BLOCK.findall(GUIDE)]


@pytest.fixture
def a_copy(tmp_path: Path) -> Path:
    for part in PARTS:
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in FILES:
        shutil.copy(ROOT / file, tmp_path)
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parents[1])
    return tmp_path


def test_whoever_follows_the_guide_ends_with_a_message_that_arrives(
    a_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in [name for name in os.environ if name.startswith(("PYTEST_", "COV_"))]:
        monkeypatch.delenv(variable)

    for step in STEPS:
        step.carry_out(a_copy)

    assert "events.notices.notice_withdrawn.v1" in (a_copy / "contracts" / "catalogue.html").read_text("utf-8")
    assert (a_copy / "contracts" / "schemas" / "events.notices.notice_withdrawn.v1.json").exists()
    assert not (ROOT / "services" / "accounts" / "commands" / "forget_routing.py").exists()


def test_no_block_of_the_guide_is_passed_over() -> None:
    assert len(STEPS) == GUIDE.count("\n```") // 2
    assert STEPS[-1].sentence == RUN
