"""Command line and server of the simulated provider."""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import json
import logging
import socket
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from simulators.epost import log
from simulators.epost.app import build
from simulators.epost.settings import DEFAULT_STAGES, Credentials, Settings

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

_STAGES = 3
_BACKLOG = 128


def main(arguments: Sequence[str] | None = None) -> None:
    """Run until told to stop."""
    options = _parser().parse_args(arguments)
    log.set_up()
    settings = Settings(
        data=options.data,
        speed=options.speed,
        stage_seconds=options.stage_seconds,
        test_letters_per_day=options.test_letters_per_day,
        duplicate_mode=options.duplicate_mode,
        credentials=_credentials(options.credentials),
    )
    options.data.mkdir(parents=True, exist_ok=True)
    listening = _listening(options)
    with _alone_in(options.data):
        host, port = listening.getsockname()[:2]
        logging.getLogger("epost").info(
            "simulator.listening", extra={"host": host, "port": port, "speed": settings.speed}
        )
        asyncio.run(_serve(settings, listening))


async def _serve(settings: Settings, listening: socket.socket) -> None:
    simulator = build(settings)
    config = uvicorn.Config(
        simulator.app,
        http=simulator.connections.protocol(),
        ws="none",
        headers=[("X-Simulator", "epost")],
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=5,
    )
    # uvicorn's own fd= takes every descriptor for a Unix socket; a socket object knows its family.
    await uvicorn.Server(config).serve(sockets=[listening])


def _listening(options: argparse.Namespace) -> socket.socket:
    if options.fd is not None:
        return socket.socket(fileno=options.fd)
    return socket.create_server((options.host, options.port), backlog=_BACKLOG)


@contextmanager
def _alone_in(folder: Path) -> Generator[None]:
    """Two processes on one folder would give the same numbers twice."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(f"another simulator already works in {folder}") from None
        yield


def _credentials(file: Path | None) -> Credentials:
    if file is None:
        return Credentials()
    given = json.loads(file.read_text("utf-8"))
    return Credentials(given["vendorID"], given["ekp"], given["secret"], given["password"])


def _stages(text: str) -> tuple[float, float, float]:
    numbers = tuple(float(part) for part in text.split(","))
    if len(numbers) != _STAGES or min(numbers) < 0:
        raise argparse.ArgumentTypeError("three numbers from 0, parted by commas")
    return numbers[0], numbers[1], numbers[2]


def _speed(text: str) -> float:
    if float(text) <= 0:
        raise argparse.ArgumentTypeError("a number above 0")
    return float(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulators.epost", description="A local E-POSTBUSINESS provider.")
    parser.add_argument("--data", type=Path, required=True, help="folder for everything it remembers")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one and logs it")
    parser.add_argument("--fd", type=int, help="an inherited listening socket instead of host and port")
    parser.add_argument("--speed", type=_speed, default=1.0, help="simulated seconds per second")
    parser.add_argument("--stage-seconds", type=_stages, default=DEFAULT_STAGES, help="1 to 2, 2 to 3, 3 to 4")
    parser.add_argument("--test-letters-per-day", type=int, default=500)
    parser.add_argument("--duplicate-mode", choices=["letter", "request"], default="letter")
    parser.add_argument("--credentials", type=Path, help="JSON file: vendorID, ekp, secret, password")
    return parser
