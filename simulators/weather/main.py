"""Command line and server of the simulated weather service."""

from __future__ import annotations

import argparse
import asyncio
import socket
from collections.abc import Sequence

import structlog
import uvicorn

from chassis.clock import utc_now
from chassis.logs import configure_logs
from simulators.weather.app import Simulator

log = structlog.stdlib.get_logger()
_BACKLOG = 128


def main(arguments: Sequence[str] | None = None) -> None:
    """Run until told to stop."""
    options = _parser().parse_args(arguments)
    configure_logs("weather-simulator", log_format="json", level="INFO")
    listening = _listening(options)
    host, port = listening.getsockname()[:2]
    log.info("simulator.listening", host=host, port=port)
    asyncio.run(_serve(listening))


async def _serve(listening: socket.socket) -> None:
    simulator = Simulator(utc_now)
    config = uvicorn.Config(
        simulator.app(),
        http=simulator.connections.protocol(),
        ws="none",
        lifespan="off",
        headers=[("X-Simulator", "weather")],
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=1,
    )
    await uvicorn.Server(config).serve(sockets=[listening])


def _listening(options: argparse.Namespace) -> socket.socket:
    if options.fd is not None:
        return socket.socket(fileno=options.fd)
    return socket.create_server((options.host, options.port), backlog=_BACKLOG)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulators.weather", description="A local weather service (Bright Sky).")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one and logs it")
    parser.add_argument("--fd", type=int, help="an inherited listening socket instead of host and port")
    return parser
