"""The real town hall, driven by its command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic

import psutil
import pytest

from rathaus.embedded.home import Home
from rathaus.embedded.state import HallState, read_state
from tests.support.processes import ROOT

READY_SECONDS = 60
UNKNOWN_RUN = "3f1c2b1a-0000-4000-8000-000000000001"


@contextmanager
def up(home: Home, *, log: Path) -> Generator[subprocess.Popen[bytes]]:
    """Run `rathaus up` until the block ends."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "rathaus", "up", "--data", str(home.root)],
            stdout=output,
            stderr=output,
            cwd=ROOT,
            env={**os.environ, "RATHAUS_RENDER_WORKERS": "1", "LANG": "de_DE.UTF-8"},
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def ready_state(home: Home, process: subprocess.Popen[bytes]) -> HallState:
    """Wait until this process has its town hall ready."""
    deadline = monotonic() + READY_SECONDS
    while monotonic() < deadline and process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
        state = read_state(home)
        if state is not None and state.ready and state.pid == process.pid:
            return state
    message = f"not ready: exit status {process.poll()}"
    raise AssertionError(message)


def alive(state: HallState) -> list[str]:
    """Return the processes of a town hall that still live, after some patience."""
    there = [psutil.Process(pid) for pid in state.processes.values() if psutil.pid_exists(pid)]
    _, left = psutil.wait_procs(there, timeout=5)
    return [each.name() for each in left if each.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.timeout(180)
def test_a_second_command_uses_the_town_hall_and_leaves_it_running(tmp_path: Path) -> None:
    home, log = Home.at(tmp_path / "data"), tmp_path / "up.log"
    with up(home, log=log) as first:
        state = ready_state(home, first)

        second = subprocess.run(
            [sys.executable, "-m", "rathaus", "levy", "status", UNKNOWN_RUN, "--data", str(home.root)],
            cwd=ROOT,
            env={**os.environ, "LANG": "de_DE.UTF-8"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

        assert "läuft schon" in second.stdout
        assert "Diesen Lauf gibt es nicht." in second.stdout
        assert second.returncode == 2
        assert state.is_alive()
        assert read_state(home) == state

    assert first.returncode == 0
    assert alive(state) == []
    assert "Das Rathaus läuft." in log.read_text("utf-8")
    assert not [each.name for each in (home.root / "logs").iterdir() if "Warning" in each.read_text("utf-8")]


@pytest.mark.timeout(240)
def test_several_town_halls_live_side_by_side_and_a_killed_one_starts_again(tmp_path: Path) -> None:
    here, there = Home.at(tmp_path / "here"), Home.at(tmp_path / "there")
    with up(there, log=tmp_path / "there.log") as neighbour:
        with up(here, log=tmp_path / "here.log") as killed:
            state = ready_state(here, killed)
            other = ready_state(there, neighbour)
            killed.kill()
            killed.wait()

        assert not set(state.addresses.values()) & set(other.addresses.values())
        assert alive(state) == []

        with up(here, log=tmp_path / "here.log") as again:
            ready_state(here, again)
        assert again.returncode == 0
        assert other.is_alive()
    assert alive(other) == []


@pytest.mark.timeout(120)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["SIGTERM", "SIGHUP"])
def test_a_signal_to_the_whole_group_still_ends_the_services_in_order(tmp_path: Path, number: signal.Signals) -> None:
    home = Home.at(tmp_path / "data")
    process = subprocess.Popen(
        [sys.executable, "-m", "rathaus", "up", "--data", str(home.root)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        cwd=ROOT,
        env={**os.environ, "RATHAUS_RENDER_WORKERS": "1"},
        start_new_session=True,
    )
    state = ready_state(home, process)

    os.killpg(process.pid, number)

    assert process.wait(40) == 0
    assert alive(state) == []
    assert all("service.stopped" in home.log(name).read_text("utf-8") for name in ("notices", "intake", "accounts"))
