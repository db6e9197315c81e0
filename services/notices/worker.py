"""A render worker: draws and checks chunks of notices, one after the other. It holds no database.

Results are written once under references that follow from their content, so that a chunk drawn twice (a worker
was killed) leaves one document. The process ends after some chunks, or when idle, and is started anew: WeasyPrint
grows with every letter, and an idle worker should cost nothing.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
from time import monotonic
from typing import TYPE_CHECKING

import structlog

from chassis.bus import jetstream
from chassis.clock import utc_now
from chassis.consumer import consume
from chassis.documents import Documents
from chassis.service import Service, assemble_worker, run
from chassis.settings import secret
from chassis.tracing import current_traceparent
from contracts.base import CloudEvent, envelope, source_of
from contracts.notices import ChunkRendered, RenderChunk
from services.notices.settings import RenderSettings

if TYPE_CHECKING:
    from services.notices.letters.chunk import ChunkPrinter, Printed

log = structlog.stdlib.get_logger()


class Worker:
    """Handles one chunk at a time and knows when to be replaced."""

    def __init__(self, settings: RenderSettings, service: Service) -> None:
        """Draw nothing yet; WeasyPrint is loaded with the first chunk."""
        self._settings = settings
        self._service = service
        self._documents = Documents(settings.documents_url, key=secret(settings.hash_key_file))
        self._printer: ChunkPrinter | None = None
        self._chunks = 0
        self._busy = False
        self._last = monotonic()

    async def on_render_chunk(self, event: CloudEvent[RenderChunk]) -> None:
        """Draw a chunk, write its letters and manifest, and tell it before the order is acknowledged."""
        self._busy = True
        try:
            await self._draw(event)
        finally:
            self._busy, self._last = False, monotonic()
        self._chunks += 1
        if self._chunks >= self._settings.recycle_after_chunks:
            self._service.leave.set()

    async def leave_when_idle(self) -> None:
        """End the process some time after its last chunk, to give the memory back."""
        while True:
            await asyncio.sleep(1)
            idle = monotonic() - self._last > self._settings.recycle_idle_seconds
            if self._chunks and idle and not self._busy:
                self._service.leave.set()

    async def _draw(self, event: CloudEvent[RenderChunk]) -> None:
        order = event.data
        try:
            chunk_input = await self._documents.get(order.chunk_input)
        except FileNotFoundError:
            # Recorded already, or the run was set aside: notices deletes the input then.
            log.info("chunk.gone", run_id=str(order.run_id), chunk=order.chunk)
            return
        printed = await asyncio.to_thread(self._print, chunk_input)
        for letter in printed.letters:
            await self._documents.put(letter.reference, letter.pdf)
        digest = hashlib.sha256(printed.manifest).hexdigest()
        manifest = self._documents.reference(
            str(order.run_id), "manifest", f"{order.generation}/{order.chunk}", digest, suffix=".json"
        )
        await self._documents.put(manifest, printed.manifest)
        await self._tell(
            event,
            ChunkRendered(
                run_id=order.run_id,
                chunk=order.chunk,
                generation=order.generation,
                manifest=manifest,
                rendered=len(printed.letters),
                failed=printed.failed,
            ),
        )

    def _print(self, chunk_input: bytes) -> Printed:
        if self._printer is None:
            from services.notices.letters.chunk import ChunkPrinter  # noqa: PLC0415 - heavy, only when needed

            self._printer = ChunkPrinter(self._documents.reference)
            printed = self._printer.print(chunk_input)
            # What the first letters have loaded stays for ever: the collector need not look at it again.
            gc.collect()
            gc.freeze()
            return printed
        return self._printer.print(chunk_input)

    async def _tell(self, order: CloudEvent[RenderChunk], rendered: ChunkRendered) -> None:
        event = envelope(
            rendered,
            source=source_of(self._settings.town, "notices"),
            aggregate=order.subject,
            sequence=order.sequence,
            time=utc_now(),
        )
        headers = {"Nats-Msg-Id": event.key(), "content-type": "application/json"}
        traceparent = current_traceparent()
        if traceparent is not None:
            headers["traceparent"] = traceparent
        client = await self._service.consuming.broker.connect()
        await jetstream(client).publish(
            rendered.subject, json.dumps(event.model_dump(mode="json")).encode(), headers=headers
        )


def build(settings: RenderSettings) -> Service:
    """Put the worker together."""
    service = assemble_worker("notices_render", settings)
    worker = Worker(settings, service)
    consume(service.consuming, "notices-render", {RenderChunk: worker.on_render_chunk})
    service.loops = [worker.leave_when_idle]
    return service


if __name__ == "__main__":
    asyncio.run(run(build(RenderSettings())))  # pyright: ignore[reportCallIssue] - the environment fills it
