"""Whatever breaks between the intent and the receipt: each letter lives once at the provider, and none is missing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.mailgateway import LetterPosted, LetterUnclear
from services.mailgateway.domain.letters import Accepted, Letter
from services.mailgateway.domain.provider_status import ProviderStatus
from services.mailgateway.gateways.epost import EpostProvider
from services.mailgateway.gateways.provider import Health
from services.mailgateway.storage.letters import in_doubt
from tests.mailgateway.component.town import DIED, SETTLED, UNTIL_SHOWN, Gateway, Town, letter_id, once_each, sqlite

AN_HOUR = timedelta(hours=1)
LETTERS = range(4)


class DiedError(BaseException):
    """The process is gone."""


@dataclass
class Mortal:
    """A provider in whose call the process dies, before or after the letters are handed over."""

    real: EpostProvider
    after: bool

    def uploading(self) -> AbstractAsyncContextManager[None]:
        return self.real.uploading()

    async def submit(self, letters: Sequence[Letter], *, batch_id: int, test: bool) -> tuple[Accepted, ...]:
        if self.after:
            await self.real.submit(letters, batch_id=batch_id, test=test)
        raise DiedError

    async def batch_status(self, batch_id: int) -> tuple[ProviderStatus, ...]:
        return await self.real.batch_status(batch_id)

    async def find(self, letter_id: UUID, attempt: int) -> tuple[ProviderStatus, ...]:
        return await self.real.find(letter_id, attempt)

    async def health(self) -> Health:
        return await self.real.health()


async def assert_all_posted_once(town: Town, gateway: Gateway) -> None:
    await gateway.until_all("posted", letters=len(LETTERS))
    await town.assert_each_lives_once(len(LETTERS))
    assert once_each(await gateway.dispatched(), LETTERS)
    assert once_each([event.data.letter_id for event in await gateway.said(LetterPosted)], LETTERS)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "drop_before"},
        {"kind": "drop_after"},
        {"kind": "partial", "count": 2},
        {"kind": "partial", "count": 1, "status": 500},
        {"kind": "http_error", "status": 500},
        {"kind": "http_error", "status": 503, "code": "E316"},
        {"kind": "drop_before", "times": 2},
    ],
    ids=lambda fault: "-".join(str(value) for value in fault.values()),
)
async def test_a_call_without_a_receipt_ends_in_one_submission(
    town: Town, gateway: Gateway, fault: dict[str, Any]
) -> None:
    await town.provider.fault(**fault)
    await town.routed(*LETTERS, gateway=gateway)

    await gateway.send()
    assert await gateway.states() == {"intent": len(LETTERS)}
    await town.pass_time(SETTLED)

    await assert_all_posted_once(town, gateway)


@pytest.mark.parametrize("fault", [{"kind": "throttle"}, {"kind": "http_error", "status": 401, "code": "E319"}])
async def test_a_call_that_handed_nothing_over_is_as_if_it_had_not_been(
    town: Town, gateway: Gateway, fault: dict[str, Any]
) -> None:
    await town.provider.fault(**fault)
    await town.routed(*LETTERS, gateway=gateway)

    await gateway.send()

    assert await gateway.states() == {"waiting": len(LETTERS)}
    assert (await gateway.letter(0)).first_intent_at is None
    await assert_all_posted_once(town, gateway)


async def test_an_expired_token_disturbs_nobody(town: Town, gateway: Gateway) -> None:
    await town.provider.fault("expire_tokens")
    await town.routed(*LETTERS, gateway=gateway)

    await gateway.send()

    assert await gateway.states() == {"submitted": len(LETTERS)}
    await assert_all_posted_once(town, gateway)


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call"])
async def test_a_process_that_dies_leaves_its_letters_to_the_next_one(town: Town, after: bool) -> None:
    url = sqlite(town.folder)
    async with town.provider.provider() as real, town.gateway(url, provider=Mortal(real, after)) as dying:
        await town.routed(*LETTERS, gateway=dying)
        with pytest.raises(DiedError):
            await dying.send()

    async with town.gateway(url) as gateway:
        await gateway.send()
        await gateway.schedule.doubt()
        assert await gateway.states() == {"intent": len(LETTERS)}
        await town.pass_time(DIED)

        await assert_all_posted_once(town, gateway)


async def test_an_answer_after_the_time_out_makes_no_second_letter(town: Town) -> None:
    await town.provider.fault("delay", seconds=1.5)
    async with (
        town.provider.provider(upload_timeout=0.4) as hasty,
        town.gateway(sqlite(town.folder), provider=hasty) as gateway,
    ):
        await town.routed(*LETTERS, gateway=gateway)
        await gateway.send()
        assert await gateway.states() == {"intent": len(LETTERS)}
    async with town.gateway(sqlite(town.folder)) as gateway:
        await town.pass_time(SETTLED)

        await assert_all_posted_once(town, gateway)


async def test_letters_that_no_look_up_shows_are_caught_by_the_failsafe(town: Town, gateway: Gateway) -> None:
    await town.provider.fault("invisible", seconds=UNTIL_SHOWN)
    await town.provider.fault("drop_after")
    await town.routed(1, gateway=gateway)

    await gateway.send()
    await town.pass_time(SETTLED)
    await gateway.until_all("submitted", letters=1)
    await town.end_faults()
    await gateway.until_all("posted", letters=1)

    assert (await town.provider.summary())["duplicates"] == 1
    assert once_each(await gateway.dispatched(), range(1, 2))
    await town.assert_each_lives_once(1)


async def test_beyond_the_failsafe_nothing_is_sent_again_and_a_clerk_is_told(town: Town, gateway: Gateway) -> None:
    await town.provider.fault("invisible", seconds=UNTIL_SHOWN)
    await town.provider.fault("drop_after")
    await town.routed(1, gateway=gateway)

    await gateway.send()
    await town.pass_time(AN_HOUR)
    await gateway.until_all("unclear", letters=1)
    (unclear,) = await gateway.said(LetterUnclear)

    assert (unclear.data.letter_id, unclear.data.reason) == (letter_id(1), "window_passed")
    assert (await gateway.letter(1)).reason == "window_passed"

    await town.end_faults()
    await gateway.until_all("posted", letters=1)
    (posted,) = await gateway.said(LetterPosted)
    assert posted.sequence > unclear.sequence
    assert once_each(await gateway.dispatched(), range(1, 2))
    assert (await town.provider.summary())["received"] == 1


async def test_a_resend_that_could_not_be_made_leaves_the_doubt_and_its_window(town: Town, gateway: Gateway) -> None:
    await town.provider.fault("invisible", seconds=UNTIL_SHOWN)
    await town.provider.fault("drop_after")
    await town.provider.fault("throttle", skip=1)
    await town.routed(1, gateway=gateway)
    await gateway.send()
    first_intent_at = (await gateway.letter(1)).first_intent_at
    await town.pass_time(SETTLED)

    for _ in range(3):
        await gateway.schedule.doubt()
    row = await gateway.letter(1)
    await town.pass_time(AN_HOUR)
    await gateway.until(lambda counts: counts in ({"unclear": 1}, {"posted": 1}))

    assert (row.state, row.first_intent_at) == ("intent", first_intent_at)
    await town.end_faults()
    await gateway.until_all("posted", letters=1)
    assert (await town.provider.summary())["received"] == 1


async def test_with_a_whole_request_in_doubt_nothing_more_is_sent(town: Town, gateway: Gateway) -> None:
    await town.provider.fault("http_error", status=503, times=None)
    await town.routed(*range(70), gateway=gateway)

    for _ in range(3):
        await gateway.send()

    assert await gateway.states() == {"intent": 50, "waiting": 20}

    await town.end_faults()
    await town.pass_time(SETTLED)
    await gateway.until_all("posted", letters=70)
    async with gateway.post.database.reading() as session:
        assert await in_doubt(session, (await gateway.letter(1)).batch_id) == 0
    await town.assert_each_lives_once(70)


async def test_a_fresh_database_adopts_what_the_provider_has_and_sends_nothing(town: Town, gateway: Gateway) -> None:
    await town.routed(*LETTERS, gateway=gateway)
    await gateway.until_all("posted", letters=len(LETTERS))
    asked = town.notices.asked
    await town.pass_time(SETTLED)

    async with town.gateway(sqlite(town.folder, "fresh")) as fresh:
        await town.routed(*LETTERS, gateway=fresh)
        await assert_all_posted_once(town, fresh)
        repeated = {event.key() for event in await fresh.said(LetterPosted)}

    assert town.notices.asked == asked
    assert (await town.provider.summary())["received"] == len(LETTERS)
    assert repeated.isdisjoint({event.key() for event in await gateway.said(LetterPosted)})


async def test_of_a_wave_that_the_provider_has_in_part_only_the_rest_is_sent(town: Town, gateway: Gateway) -> None:
    await town.routed(0, 1, gateway=gateway)
    await gateway.until_all("posted", letters=2)

    async with town.gateway(sqlite(town.folder, "fresh")) as fresh:
        await town.routed(*LETTERS, gateway=fresh)
        await assert_all_posted_once(town, fresh)

    assert (await town.provider.summary())["received"] == len(LETTERS)
