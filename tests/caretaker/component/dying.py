"""Consumers that give up, and the letters that come of it."""

from __future__ import annotations

from chassis.bus import jetstream
from chassis.consumer import ForeignMessage
from chassis.errors import NeverAgain
from contracts.base import CloudEvent
from contracts.notices import NoticeGenerated
from tests.caretaker.component.conftest import Desk
from tests.support.consumers import intake_consumes, publish
from tests.support.events import a_notice_generated
from tests.support.eventually import eventually
from tests.support.nats import Bus, Peer

DURABLE = "accounts-notices"
DOOR_SUBJECT = "intake.baederamt.events"
PERSON = "Erika Mustermann"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Fussy:
    """Handles nothing until it is mended; remembers what it has handled."""

    def __init__(self, reason: str = "unknown_run") -> None:
        self.reason = reason
        self.mended = False
        self.handled: list[CloudEvent[NoticeGenerated]] = []

    async def __call__(self, event: CloudEvent[NoticeGenerated]) -> None:
        if not self.mended:
            raise NeverAgain(self.reason)
        self.handled.append(event)

    async def has_handled(self, number: int) -> bool:
        return len(self.handled) == number


async def has_letters(desk: Desk, number: int, **query: object) -> bool:
    return len(await desk.letters(**query)) == number


async def dead_notices(bus: Bus, desk: Desk, number: int) -> Peer:
    """Publish notices for a consumer that gives them up."""
    notices = await bus.peer("notices")
    await publish(notices, *(a_notice_generated() for _ in range(number)))
    await eventually(lambda: has_letters(desk, number, limit=1000))
    return notices


async def refuse(_message: ForeignMessage) -> None:
    raise NeverAgain("strange")


async def a_foreign_letter(bus: Bus, desk: Desk) -> None:
    """A message of another system that intake gives up."""
    await intake_consumes(bus, refuse)
    headers = {"ce-id": PERSON, "traceparent": TRACE}
    await jetstream(await bus.foreign("baederamt")).publish(DOOR_SUBJECT, PERSON.encode(), headers=headers)
    await eventually(lambda: has_letters(desk, 1))
