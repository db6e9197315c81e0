"""Whether the bus has the shape that the topology states."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import structlog
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError
from pydantic import ValidationError

from chassis.topology import CRASH_NET, apply, apply_systems, forget_systems
from contracts.systems import Systems, read_systems
from contracts.topology import ADVISORIES, DURABLES, RECEIPTS, STREAMS, receipts_durable

log = structlog.stdlib.get_logger()


class SystemsFile:
    """The registered foreign systems, read anew when the file has changed; a broken one leaves all as it was."""

    def __init__(self, path: Path | None) -> None:
        """Read nothing yet."""
        self._path = path
        self._read_at: int | None = None
        self.systems = Systems()
        self.certain = False
        """The file was there and readable the last time: a system that is not in it is registered no longer."""

    def has_changed(self) -> bool:
        """Whether the file is not the one that was read last."""
        return self._modified_at() != self._read_at

    def reread(self) -> bool:
        """Read the file again if it has changed, and say whether the systems are others."""
        if self._path is None or not self.has_changed():
            return False
        self._read_at = self._modified_at()
        before, self.certain = (self.systems, self.certain), False
        try:
            self.systems = read_systems(self._path)
            self.certain = self._read_at is not None and not self.has_changed()
        except (ValidationError, OSError) as error:
            log.error("systems.unreadable", reason=type(error).__name__)  # noqa: TRY400 - its text quotes the file
        return (self.systems, self.certain) != before

    def _modified_at(self) -> int | None:
        try:
            return self._path.stat().st_mtime_ns if self._path is not None else None
        except FileNotFoundError:
            return None


async def bring_about(context: JetStreamContext, file: SystemsFile) -> None:
    """Create or update every stream and consumer; what belonged to other systems goes, if that is certain."""
    await apply(context)
    await apply_systems(context, file.systems)
    if file.certain:
        await forget_systems(context, file.systems)


async def is_missing(context: JetStreamContext, systems: Systems) -> bool:
    """Whether a stream or a consumer is not there."""
    expected: defaultdict[str, set[str]] = defaultdict(set)
    for each in DURABLES:
        expected[each.stream].add(each.name)
    expected[ADVISORIES].add(CRASH_NET)
    expected[RECEIPTS] |= {receipts_durable(each.name) for each in systems.systems if each.nkey is not None}
    streams = {info.config.name for info in await context.streams_info()}
    if not streams.issuperset(stream.name for stream in STREAMS):
        return True
    try:
        for stream, names in expected.items():
            if not names.issubset(info.name for info in await context.consumers_info(stream)):
                return True
    except NotFoundError:
        return True
    return False
