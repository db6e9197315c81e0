"""A fresh or restored gateway: whatever the provider has is adopted, however late it comes to us."""

from __future__ import annotations

from datetime import timedelta

from contracts.mailgateway import LettersDispatched
from services.mailgateway.domain.batching import batch_id
from services.mailgateway.domain.decision import Decision
from tests.mailgateway.component.decisions import decide
from tests.mailgateway.component.town import TOWN, Town, letter_id, once_each, sqlite
from tests.mailgateway.integration.simulated_post import simulated_post

TWO_HOURS = timedelta(hours=2)
"""No failsafe of the provider's covers a letter any more."""
OTHER_WAVE = batch_id(TOWN, "umlage", 2026, duplex=True, colour=False, test=False)


async def test_letters_that_trickle_in_after_the_first_look_are_not_sent_again(town: Town) -> None:
    async with town.gateway(sqlite(town.folder)) as before:
        await town.routed(*range(5), gateway=before)
        await before.until_all("posted", letters=5)
    await town.pass_time(TWO_HOURS)

    async with town.gateway(sqlite(town.folder, "fresh")) as fresh:
        for number in range(6):
            await town.routed(number, gateway=fresh)
            await fresh.send()
        await fresh.until_all("posted", letters=6)

        assert once_each(await fresh.dispatched(), range(6))
    assert (await town.provider.summary())["received"] == 6
    await town.assert_each_lives_once(6)


async def test_a_letter_that_was_shown_once_is_never_sent_even_when_it_is_not_shown_again(town: Town) -> None:
    async with town.gateway(sqlite(town.folder)) as before:
        await town.routed(1, gateway=before)
        await before.until_all("posted", letters=1)
    await town.pass_time(TWO_HOURS)

    async with town.gateway(sqlite(town.folder, "fresh")) as fresh:
        await town.routed(2, gateway=fresh)
        await fresh.send()
        await town.provider.fault("http_error", on="GET /api/Letter/Batch", status=404, code="E201", times=None)
        await town.routed(1, 3, gateway=fresh)
        await fresh.send()

        assert await fresh.states() == {"submitted": 2, "waiting": 1}
        assert (await town.provider.summary())["received"] == 3
        await town.end_faults()
        await fresh.until_all("posted", letters=3)
    assert (await town.provider.summary())["received"] == 3


async def test_letters_that_went_with_other_options_are_adopted_and_followed_where_they_are(town: Town) -> None:
    async with simulated_post(town.folder / "slow", "--stage-seconds", "5,30,30") as slow:
        town.provider = slow
        async with town.gateway(sqlite(town.folder)) as before:
            await town.routed(1, 2, gateway=before)
            await before.send()

        async with town.gateway(sqlite(town.folder, "fresh")) as fresh:
            await town.routed(1, 2, 3, gateway=fresh, duplex=False)
            await fresh.send()
            adopted = await fresh.letter(1)
            assert (adopted.batch_id, adopted.state in {"submitted", "checked"}) == (OTHER_WAVE, True)
            await fresh.until_all("posted", letters=3)

            told = {
                letter: event.data.batch_id
                for event in await fresh.said(LettersDispatched)
                for letter in event.data.letter_ids
            }
            assert (told[letter_id(1)], told[letter_id(2)]) == (OTHER_WAVE, OTHER_WAVE)
            assert told[letter_id(3)] != OTHER_WAVE
        assert (await slow.summary())["received"] == 3


async def test_a_letter_in_doubt_that_lives_in_another_wave_is_followed_there(town: Town) -> None:
    await town.provider.fault("drop_after")
    async with town.gateway(sqlite(town.folder)) as before:
        await town.routed(1, gateway=before)
        await before.send()

    async with town.gateway(sqlite(town.folder, "fresh")) as fresh:
        await town.routed(1, gateway=fresh, duplex=False)
        await town.provider.fault("http_error", on="GET /api/Letter/Batch", status=404, code="E201", times=4)
        await town.provider.fault("drop_before")
        await fresh.send()
        assert await fresh.states() == {"intent": 1}
        await town.pass_time(timedelta(seconds=61))
        await fresh.until_all("posted", letters=1)

        assert (await fresh.letter(1)).batch_id == OTHER_WAVE
    assert (await town.provider.summary())["received"] == 1


async def test_an_attempt_that_a_clerk_had_ordered_is_taken_up_from_the_provider(town: Town) -> None:
    await town.provider.fault("reject_letter", code="E318")
    async with town.gateway(sqlite(town.folder)) as before:
        await town.routed(1, gateway=before)
        await before.until_all("failed", letters=1)
        await decide(before, 1, Decision("send_again", "Erika Beispiel"))
        await before.until_all("posted", letters=1)

    async with town.gateway(sqlite(town.folder, "fresh")) as fresh:
        await town.routed(1, gateway=fresh)
        await fresh.until_all("posted", letters=1)

        assert (await fresh.letter(1)).attempt == 2
    assert (await town.provider.summary())["received"] == 2
