"""Structured logs: JSON in production, readable at a terminal; event name and fields, no personal data."""

from __future__ import annotations

import logging
import sys
from traceback import extract_tb
from typing import Literal

import structlog
from opentelemetry import trace
from structlog.types import EventDict, WrappedLogger


def _trace_ids(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = f"{context.trace_id:032x}"
    return event


def _extra_of_libraries(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Flatten what FastStream and others pass as `extra`."""
    extra = event.pop("extra", None)
    if isinstance(extra, dict):
        event.update({str(key): value for key, value in extra.items()})  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return event


def _no_repr_of_tasks(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep the first line of a library's message: asyncio adds the failed task with the text of its error."""
    event["event"] = str(event.get("event", "")).split("\n", 1)[0]
    return event


def _frames_only(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Say which error and where, but not its text: that often quotes values, and values may be personal."""
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info  # pyright: ignore[reportUnknownVariableType]
    if isinstance(error, TimeoutError) and "retrying" in str(event["event"]):
        # An empty fetch, which FastStream takes for a failure of its task; it goes on fetching by itself.
        raise structlog.DropEvent
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["frames"] = [f"{each.filename}:{each.lineno} {each.name}" for each in extract_tb(error.__traceback__)]
    return event


def configure_logs(service: str, *, log_format: Literal["json", "console", "auto"], level: str) -> None:
    """Route structlog and the standard library's logging to standard error in one form."""
    console = log_format == "console" or (log_format == "auto" and sys.stderr.isatty())
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _trace_ids,
        _extra_of_libraries,
    ]
    renderer: structlog.types.Processor = (
        structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _no_repr_of_tasks],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _frames_only, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("httpx", "httpcore", "uvicorn", "alembic", "aiosqlite", "asyncpg", "nats", "weasyprint", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
