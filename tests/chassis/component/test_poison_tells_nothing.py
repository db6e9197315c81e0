"""Poison full of personal data, through real processes with the most talkative log: nothing of it gets out."""

from __future__ import annotations

import json

import pytest

from chassis.bus import jetstream
from contracts.notices import NoticeGenerated
from tests.support.consumers import publish
from tests.support.events import a_notice_generated
from tests.support.eventually import eventually
from tests.support.nats import Bus, bus_of
from tests.support.toy.main import UNWELCOME
from tests.support.toy.town import ToyService, ToyTown

NAME, STREET, IBAN, SUBJECT = "Mustermann", "Lindenweg 7", "DE02120300000000202051", "Friederike"
PERSONAL = (NAME, STREET, IBAN, SUBJECT)
PERSON = {"name": f"Erika {NAME}", "address": {"street": STREET, NAME: IBAN}}
POISON = (
    json.dumps({"specversion": "1.0", "id": NAME, "source": NAME, "type": IBAN, "subject": STREET, "data": PERSON}),
    json.dumps(PERSON),
    json.dumps([NAME]),
    f"{NAME} {STREET} {IBAN}",
    f'{{"{NAME}": "{IBAN}", "data": {{"{STREET}": 1}}}}',
)
HEADERS = {
    "content-type": f"text/{NAME}",
    "traceparent": NAME,
    "ce-id": NAME,
    "ce-subject": STREET,
    f"ce-{NAME}".lower(): IBAN,
    f"x-{NAME}": NAME,
}
IMPATIENT = {"retry_after": "[0.05]", "log_level": "DEBUG", "log_format": "json"}


def betrayed(text: str) -> list[str]:
    return [each for each in PERSONAL if each.lower() in text.lower()]


async def all_buried(bus: Bus, number: int) -> bool:
    return await bus.count("DLQ") == number


async def told_of(service: ToyService) -> str:
    """Everything that operators see of a process."""
    seen = [(await service.get(path)).text for path in ("/metrics", "/readyz")]
    return "\n".join([service.child.output(), *seen])


@pytest.mark.timeout(60)
async def test_poison_of_our_own_is_told_of_in_our_own_words(town: ToyTown) -> None:
    town.nats.start()
    async with bus_of(town.nats) as bus:
        accounts = town.start("accounts", **IMPATIENT)
        notices = await bus.peer("notices")
        for body in POISON:
            await notices.stream.publish(NoticeGenerated.subject, body.encode())
        await publish(notices, a_notice_generated(kind=UNWELCOME))
        await eventually(lambda: all_buried(bus, len(POISON) + 1))

        letters = await bus.messages("DLQ")
        assert betrayed(await told_of(accounts)) == []
        assert [betrayed(subject + str(headers)) for subject, headers, _ in letters] == [[]] * len(letters)


@pytest.mark.timeout(60)
async def test_poison_of_others_is_told_of_without_a_word_of_theirs(town: ToyTown) -> None:
    town.nats.start()
    async with bus_of(town.nats) as bus:
        intake = town.start("intake", **IMPATIENT)
        office = jetstream(await bus.foreign("stadtkasse"))
        for body in POISON:
            await office.publish("intake.stadtkasse.events", body.encode(), headers=HEADERS)
        await office.publish(f"intake.stadtkasse.{SUBJECT}", b"\xff")
        await eventually(lambda: all_buried(bus, len(POISON) + 1))

        letters = await bus.messages("DLQ")
        kept = await bus.messages("KEPT")
        assert betrayed(await told_of(intake)) == []
        assert [betrayed(str(headers)) for _, headers, _ in letters] == [[]] * len(letters)
        assert [body for _, _, body in letters] == [b""] * len(letters)
        assert sorted(body for _, _, body in kept) == sorted([*(each.encode() for each in POISON), b"\xff"])
