"""A supervisor over toy children, as a program of its own: something to kill."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from rathaus.embedded.processes import ProcessPlan, Supervisor
from rathaus.embedded.state import Lock

SLEEPER = "import signal; signal.pause()"
STUBBORN = (
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True)\nwhile 1: signal.pause()"
)
BRIEF = "raise SystemExit(0)"


def toy(folder: Path, name: str, code: str, *, stage: int = 0, recycles: bool = False) -> ProcessPlan:
    """Plan a child that runs some code."""
    return ProcessPlan(
        name=name,
        command=(sys.executable, "-S", "-c", code),
        environment=dict(os.environ),
        log=folder / f"{name}.log",
        scratch=folder / "tmp" / name,
        stage=stage,
        ready_url="",
        recycles=recycles,
    )


async def _supervise(folder: Path) -> None:
    lock = Lock(folder / "lock")
    lock.take()

    def changed(_name: str) -> None:
        (folder / "pids.part").write_text(json.dumps(supervisor.pids), "utf-8")
        (folder / "pids.part").replace(folder / "pids.json")

    plans = [toy(folder, name, SLEEPER) for name in ("one", "two", "three")]
    supervisor = Supervisor(plans, lock_fd=lock.fd, changed=changed)
    await supervisor.run()


if __name__ == "__main__":
    asyncio.run(_supervise(Path(sys.argv[1])))
