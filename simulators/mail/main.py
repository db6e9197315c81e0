"""Command line and servers of the simulated mail relay."""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import json
import logging
import socket
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from simulators.mail.control import Control
from simulators.mail.faults import Faults
from simulators.mail.inbox import Inbox
from simulators.mail.smtp import Desk, session
from simulators.mail.store import Store

_BACKLOG = 128


def main(arguments: Sequence[str] | None = None) -> None:
    """Run until told to stop."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.ERROR)
    options.data.mkdir(parents=True, exist_ok=True)
    web = _listening(options.host, options.port, options.fd)
    smtp = _listening(options.host, options.smtp_port, options.smtp_fd)
    ports = {"event": "simulator.listening", "port": web.getsockname()[1], "smtp_port": smtp.getsockname()[1]}
    with _alone_in(options.data):
        sys.stdout.write(json.dumps(ports) + "\n")
        sys.stdout.flush()
        asyncio.run(_serve(options.data, web, smtp))


async def _serve(folder: Path, web: socket.socket, smtp: socket.socket) -> None:
    store, faults = Store(folder), Faults(folder)
    desk = Desk(store, faults)
    server = await asyncio.get_running_loop().create_server(lambda: session(desk), sock=smtp)
    app = Starlette(routes=[*Inbox(store).routes(), *Control(store, faults).routes()])
    config = uvicorn.Config(
        app,
        ws="none",
        lifespan="off",
        headers=[("X-Simulator", "mail")],
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=2,
    )
    try:
        # uvicorn's own fd= takes every descriptor for a Unix socket; a socket object knows its family.
        await uvicorn.Server(config).serve(sockets=[web])
    finally:
        server.close()
        store.close()


def _listening(host: str, port: int, fd: int | None) -> socket.socket:
    if fd is not None:
        return socket.socket(fileno=fd)
    return socket.create_server((host, port), backlog=_BACKLOG)


@contextmanager
def _alone_in(folder: Path) -> Generator[None]:
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(f"another simulator already works in {folder}") from None
        yield


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulators.mail", description="A local mail relay with an inbox to look at.")
    parser.add_argument("--data", type=Path, required=True, help="folder for everything it remembers")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="HTTP; 0 takes a free one and says which")
    parser.add_argument("--fd", type=int, help="an inherited listening socket for HTTP")
    parser.add_argument("--smtp-port", type=int, default=0, help="0 takes a free one and says which")
    parser.add_argument("--smtp-fd", type=int, help="an inherited listening socket for SMTP")
    return parser
