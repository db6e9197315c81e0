"""The whole town hall on this machine: start, memory, import, drawing.

    python -m bench.town_hall

ready      seconds from `rathaus up` to the last /readyz (bar: 8)
idle       proportional set size of all processes together, fresh and after a run (bar: 500 MB);
           helpers: what the fork server and its resource tracker take besides
import     100,000 rows through the HTTP interface, multiplied from the demo file (bar: 10 s)
drawing    seconds in which 2,100 notices are drawn and checked (bar: 240), and the largest worker (bar: 250 MB)
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import psutil

from services.notices.domain.reference import check_digits

DEMO = Path(__file__).parents[1] / "services" / "notices" / "demo"
MB = 1024 * 1024
ROWS = 100_000
LEVY_NOTICES = 2100
PATIENCE_SECONDS = 120


def main() -> None:
    """Measure and print; the last line is JSON."""
    options = argparse.ArgumentParser(description="start, memory, import and drawing of the embedded town hall")
    options.add_argument("--notices", type=int, default=LEVY_NOTICES, help="how much of the demo levy to draw")
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="rathaus-bench-") as folder:
        figures = {**_import(Path(folder) / "import"), **_levy(Path(folder) / "levy", wanted.notices)}
    for name, value in figures.items():
        print(f"{name:28} {value}")
    print(json.dumps(figures))


def _import(folder: Path) -> dict[str, float]:
    hall, ready = start_hall(folder)
    try:
        fresh, helpers = _memory(folder), _helpers(folder)
        levy = folder / "large.csv"
        levy.write_text("\r\n".join(_many_rows()) + "\r\n", "utf-8")
        started = monotonic()
        run = _post_run(folder, levy)
        seconds = monotonic() - started
    finally:
        end_hall(hall)
    return {
        "ready_seconds": round(ready, 2),
        "idle_mb": round(sum(fresh.values()) / MB),
        "idle_helpers_mb": round(helpers / MB),
        "import_100000_rows_seconds": round(seconds, 2),
        "import_notices": run["progress"]["notices"],
    }


def _levy(folder: Path, notices: int) -> dict[str, float]:
    hall, _ = start_hall(folder)
    try:
        watch = _WorkerWatch(folder)
        levy = DEMO / "umlage-2026.csv"
        if notices < LEVY_NOTICES:
            levy = folder / "part.csv"
            lines = (DEMO / "umlage-2026.csv").read_text("utf-8-sig").splitlines()
            levy.write_text("\r\n".join(lines[: notices * 4]) + "\r\n", "utf-8")
        started = monotonic()
        run = _post_run(folder, levy)
        while _get(folder, f"/runs/{run['run_id']}")["state"] == "rendering":
            threading.Event().wait(0.5)
        seconds = monotonic() - started
        report = _get(folder, f"/runs/{run['run_id']}/report")
        largest = watch.stop()
        threading.Event().wait(45)
        idle = _memory(folder)
    finally:
        end_hall(hall)
    return {
        "drawn": report["rendered"],
        "render_failed": report["render_failed"],
        "drawing_seconds": round(seconds, 1),
        "largest_worker_mb": round(largest / MB),
        "idle_after_run_mb": round(sum(idle.values()) / MB),
    }


def _many_rows() -> Iterator[str]:
    """Multiply the demo file: other references and parcels, the same people and areas."""
    header, *rows = (DEMO / "umlage-2026.csv").read_text("utf-8-sig").splitlines()
    yield header
    written = 0
    for copy in range(100):
        for row in rows:
            if written == ROWS:
                return
            cells = row.split(";")
            number = f"{100_000 + copy * 10_000 + int(cells[0][7:11]):06d}"
            section = f"{int(cells[13]) + 25 * copy:03d}"
            cells[0] = f"5520.{number}.{check_digits(number)}"
            cells[11] = cells[11][:6] + section + cells[11][9:]
            cells[13] = str(int(section))
            yield ";".join(cells)
            written += 1


def start_hall(folder: Path) -> tuple[subprocess.Popen[bytes], float]:
    """Start a town hall; return it and the seconds until it was ready."""
    folder.mkdir(parents=True)
    started = monotonic()
    hall = subprocess.Popen(
        [sys.executable, "-m", "rathaus", "up", "--data", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    while not hall_state(folder).get("ready"):
        threading.Event().wait(0.05)
        if hall.poll() is not None or monotonic() - started > PATIENCE_SECONDS:
            message = "the town hall does not start"
            raise RuntimeError(message)
    return hall, monotonic() - started


def end_hall(hall: subprocess.Popen[bytes]) -> None:
    """Stop it."""
    hall.terminate()
    hall.wait(60)


def hall_state(folder: Path) -> dict[str, Any]:
    """Return what it says of itself; empty before it is up."""
    try:
        return json.loads((folder / "run" / "state.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}


def _memory(folder: Path) -> dict[str, int]:
    """Proportional set size of every process of the town hall, in bytes."""
    state = hall_state(folder)
    processes = {"rathaus": state["pid"], **state["processes"]}
    return {name: psutil.Process(pid).memory_full_info().pss for name, pid in processes.items()}


def _helpers(folder: Path) -> int:
    """Proportional set size of what is below the town hall and no part of it by name, in bytes."""
    state = hall_state(folder)
    known = set(state["processes"].values())
    children = psutil.Process(state["pid"]).children(recursive=True)
    return sum(each.memory_full_info().pss for each in children if each.pid not in known)


def _client(folder: Path) -> httpx.Client:
    token = (folder / "secrets" / "rathaus" / "to-notices").read_text("utf-8").split()[0]
    address = hall_state(folder)["addresses"]["notices"]
    return httpx.Client(base_url=address, headers={"authorization": f"Bearer {token}"}, timeout=120)


def _get(folder: Path, path: str) -> Any:
    with _client(folder) as client:
        return client.get(path).raise_for_status().json()


def _post_run(folder: Path, levy: Path) -> Any:
    files = {"levy": levy.read_bytes(), "statute": (DEMO / "satzung-2026.toml").read_bytes()}
    with _client(folder) as client:
        return client.post("/runs", files=files, data={"imported_by": "Messung"}).raise_for_status().json()


class _WorkerWatch:
    """Samples the resident size of the render workers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._largest = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Return the largest size seen, in bytes."""
        self._over.set()
        self._thread.join()
        return self._largest

    def _watch(self) -> None:
        while not self._over.wait(0.25):
            for name, pid in hall_state(self._folder).get("processes", {}).items():
                if name.startswith("render"):
                    try:
                        self._largest = max(self._largest, psutil.Process(pid).memory_info().rss)
                    except psutil.Error:
                        continue


if __name__ == "__main__":
    main()
