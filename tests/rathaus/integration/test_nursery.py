"""Python children that are forked: they get what they were promised, and nobody outlives anybody."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import psutil
import pytest

from rathaus.embedded.doors import Doors
from rathaus.embedded.nursery import PRELOAD, Life, Nursery
from rathaus.embedded.state import Lock
from tests.support.eventually import eventually
from tests.support.processes import ROOT

MODULE = "tests.rathaus.integration.nurseling"


@pytest.fixture
def doors() -> Generator[Doors]:
    opened = Doors()
    yield opened
    opened.close()


def life(folder: Path, fd: int, then: str) -> Life:
    return Life("nurseling", MODULE, (then,), {"NURSELING_FD": str(fd), "ONLY": "this"}, folder / "log", ROOT)


def told(folder: Path) -> dict[str, Any]:
    first = (folder / "log").read_text("utf-8").splitlines()[0]
    return json.loads(first)


async def test_a_child_gets_its_socket_arguments_environment_and_log(tmp_path: Path, doors: Doors) -> None:
    fd = doors.open("door")

    child = await Nursery({}).start(life(tmp_path, fd, "3"), (fd,))

    assert await child.wait() == 3
    said = told(tmp_path)
    assert (said["port"], said["pid"]) == (doors.port("door"), child.pid)
    assert said["argv"][1:] == ["3"]
    assert said["env"] == {"NURSELING_FD": str(fd), "ONLY": "this"}
    assert "to standard error" in (tmp_path / "log").read_text("utf-8")


async def test_a_signal_is_told_from_an_exit(tmp_path: Path, doors: Doors) -> None:
    fd = doors.open("door")
    child = await Nursery({}).start(life(tmp_path, fd, "wait"), (fd,))

    async def awake() -> bool:
        return (tmp_path / "log").exists() and "standard error" in (tmp_path / "log").read_text("utf-8")

    await eventually(awake)
    assert child.returncode is None
    assert psutil.Process(child.pid).name() == "nurseling"
    os.killpg(child.pid, signal.SIGKILL)

    assert await child.wait() == -signal.SIGKILL


async def test_a_child_measures_only_what_is_its_own(tmp_path: Path, doors: Doors) -> None:
    fd = doors.open("door")

    child = await Nursery({}).start(life(tmp_path, fd, "metrics"), (fd,))

    assert await child.wait() == 0
    said = (tmp_path / "log").read_text("utf-8").splitlines()[-1].split()
    assert "rathaus_outbox_depth" in said
    assert {"rathaus_mail_relay_up", "rathaus_print_provider_up", "rathaus_runs_chain_broken"}.isdisjoint(said)


@pytest.mark.parametrize("service", ["mailgateway", "subscriptions"])
def test_a_service_keeps_its_own_metrics(service: str) -> None:
    code = f"""
import services.mailgateway.main, services.subscriptions.main
from chassis.metrics import REGISTRY
from rathaus.embedded.own_metrics import keep_own_metrics
keep_own_metrics("services.{service}.main")
print(*(each.name for each in REGISTRY.collect()))
"""
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    found = {"mailgateway": "rathaus_print_provider_up", "subscriptions": "rathaus_mail_relay_up"}
    assert {each for each in found.values() if each in said.split()} == {found[service]}


def test_what_is_loaded_before_the_fork_starts_no_thread() -> None:
    code = f"""
import importlib, psutil
for each in {[each for each in PRELOAD if not each.endswith("fork_server")]!r}:
    importlib.import_module(each)
print(psutil.Process().num_threads())
"""
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert said.split() == ["1"]


def test_children_die_with_the_supervisor_and_hold_its_lock_until_then(tmp_path: Path) -> None:
    code = f"""
import asyncio, sys
from pathlib import Path
from rathaus.embedded.doors import Doors
from rathaus.embedded.nursery import Nursery
from rathaus.embedded.state import Lock
from tests.rathaus.integration.test_nursery import life

async def main():
    doors, lock = Doors(), Lock(Path({str(tmp_path / "lock")!r}))
    lock.take()
    fd = doors.open("door")
    child = await Nursery({{}}).start(life(Path({str(tmp_path)!r}), fd, "wait"), (fd, lock.fd))
    print(child.pid, flush=True)
    await child.wait()

if __name__ == "__main__":
    asyncio.run(main())
"""
    (tmp_path / "supervisor.py").write_text(code, "utf-8")
    supervisor = subprocess.Popen(
        [sys.executable, str(tmp_path / "supervisor.py")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )
    assert supervisor.stdout is not None
    child = psutil.Process(int(supervisor.stdout.readline()))
    taken = Lock(tmp_path / "lock")
    assert not taken.take()

    supervisor.kill()
    supervisor.wait()
    supervisor.stdout.close()

    child.wait(5)
    assert taken.take()
    taken.close()
