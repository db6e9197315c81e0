"""The layers of `.importlinter` hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.processes import ROOT


def test_every_import_goes_downwards() -> None:
    linter = Path(sys.executable).with_name("lint-imports")

    outcome = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert outcome.returncode == 0, outcome.stdout
