from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import psutil

from rathaus.embedded.processes import ProcessPlan, Supervisor
from rathaus.embedded.state import Lock
from tests.rathaus.integration.toys import BRIEF, SLEEPER, STUBBORN, toy
from tests.support.eventually import eventually


@asynccontextmanager
async def supervising(
    folder: Path, plans: Iterable[ProcessPlan], *, stop_seconds: float = 20
) -> AsyncGenerator[tuple[Supervisor, list[str]]]:
    lock = Lock(folder / "lock")
    started: list[str] = []
    supervisor = Supervisor(plans, lock_fd=lock.fd, changed=started.append, stop_seconds=stop_seconds)
    running = asyncio.ensure_future(supervisor.run())
    try:
        yield supervisor, started
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await supervisor.stop()
        lock.close()


async def test_a_killed_child_is_started_again(tmp_path: Path) -> None:
    async with supervising(tmp_path, [toy(tmp_path, "sleeper", SLEEPER)]) as (supervisor, _):
        await eventually(lambda: present(supervisor, "sleeper"))
        first = supervisor.pids["sleeper"]

        os.kill(first, signal.SIGKILL)

        await eventually(lambda: present(supervisor, "sleeper", other_than=first))


async def test_what_a_killed_child_left_in_its_temporary_folder_is_gone_at_its_next_start(tmp_path: Path) -> None:
    code = f"import tempfile; tempfile.mkdtemp(prefix='left-'); {SLEEPER}"
    scratch = tmp_path / "tmp" / "untidy"

    async def has_left(*, other_than: list[str] | None = None) -> bool:
        return names(scratch) not in ([], other_than)

    async with supervising(tmp_path, [toy(tmp_path, "untidy", code)]) as (supervisor, _):
        await eventually(has_left)
        first = names(scratch)
        os.kill(supervisor.pids["untidy"], signal.SIGKILL)

        await eventually(lambda: has_left(other_than=first))

    assert len(names(scratch)) == len(first) == 1


def names(folder: Path) -> list[str]:
    return [each.name for each in folder.glob("left-*")]


async def test_a_child_that_keeps_dying_is_started_ever_more_slowly(tmp_path: Path) -> None:
    async with supervising(tmp_path, [toy(tmp_path, "brief", BRIEF, recycles=True)]) as (_, started):
        await asyncio.sleep(2)

    # 0.2 + 0.4 + 0.8 s of waiting, however often it asks to be replaced
    assert 2 <= len(started) <= 4


async def test_children_end_last_stage_first_and_none_is_left(tmp_path: Path) -> None:
    order = tmp_path / "order"
    plans = [toy(tmp_path, f"stage-{stage}", telling(order, stage), stage=stage) for stage in (0, 2, 1)]
    async with supervising(tmp_path, plans) as (supervisor, _):
        await eventually(lambda: listening(plans))
        pids = list(supervisor.pids.values())

    assert order.read_text("utf-8").split() == ["2", "1", "0"]
    assert not any(psutil.pid_exists(pid) for pid in pids)


async def test_a_child_that_does_not_listen_is_killed_in_the_end(tmp_path: Path) -> None:
    plans = [toy(tmp_path, "stubborn", STUBBORN)]
    async with supervising(tmp_path, plans, stop_seconds=0.5) as (supervisor, _):
        await eventually(lambda: listening(plans))
        pid = supervisor.pids["stubborn"]

    assert not psutil.pid_exists(pid)


def test_killing_the_supervisor_leaves_no_orphans_and_frees_the_folder(tmp_path: Path) -> None:
    supervisor = subprocess.Popen([sys.executable, "-m", "tests.rathaus.integration.toys", str(tmp_path)])
    try:
        pids = wait_for_pids(supervisor, tmp_path / "pids.json", count=3)
    finally:
        supervisor.kill()
        supervisor.wait()

    _, alive = psutil.wait_procs([psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)], timeout=5)

    assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []
    lock = Lock(tmp_path / "lock")
    assert lock.take()
    lock.close()


async def present(supervisor: Supervisor, name: str, *, other_than: int | None = None) -> bool:
    return supervisor.pids.get(name) not in {None, other_than}


async def listening(plans: Iterable[ProcessPlan]) -> bool:
    return all(plan.log.exists() and "up" in plan.log.read_text("utf-8") for plan in plans)


def telling(order: Path, stage: int) -> str:
    return (
        "import signal, sys\n"
        f"def end(*_):\n    open({str(order)!r}, 'a').write('{stage} ')\n    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\nprint('up', flush=True)\nsignal.pause()"
    )


def wait_for_pids(supervisor: subprocess.Popen[bytes], path: Path, *, count: int) -> list[int]:
    deadline = monotonic() + 20
    while monotonic() < deadline:
        with contextlib.suppress(subprocess.TimeoutExpired):
            supervisor.wait(0.05)
        if path.exists():
            pids = list(json.loads(path.read_text("utf-8")).values())
            if len(pids) == count:
                return pids
    message = "the supervisor has not started its children"
    raise AssertionError(message)
