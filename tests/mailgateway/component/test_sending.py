"""Letters on their undisturbed way, in bad company, and in test mode."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime

from structlog.testing import capture_logs

from chassis.metrics import REGISTRY
from contracts.mailgateway import LetterFailed, LetterPosted, LettersDispatched
from services.mailgateway.domain.batching import batch_id
from tests.mailgateway.component.town import RUN, TOWN, Gateway, Town, letter_id, once_each, sqlite
from tests.mailgateway.integration.simulated_post import WRONG_CREDENTIALS, simulated_post
from tests.support.postgres import Postgres


async def test_a_hundred_and_twenty_letters_are_posted_in_one_wave(town: Town, gateway: Gateway) -> None:
    letters = range(120)
    await town.routed(*letters, gateway=gateway)

    await gateway.until_all("posted", letters=120)

    received = await town.provider.received()
    wave = batch_id(TOWN, "umlage", 2026, duplex=True, colour=False, test=False)
    assert {each["batchID"] for each in received} == {wave}
    assert all(len(event.data.letter_ids) <= 50 for event in await gateway.said(LettersDispatched))
    assert once_each(await gateway.dispatched(), letters)
    assert once_each([event.data.letter_id for event in await gateway.said(LetterPosted)], letters)
    assert town.notices.asked == 3
    await town.assert_each_lives_once(120)


async def test_a_posted_letter_carries_the_providers_own_date(town: Town, gateway: Gateway) -> None:
    await town.routed(1, gateway=gateway)
    await gateway.until_all("posted", letters=1)
    (status,) = await gateway.post.provider.find(letter_id(1), 1)

    (posted,) = await gateway.said(LetterPosted)

    assert (posted.data.posted_at, posted.data.run_id) == (status.posted_at, RUN)
    assert isinstance(status.posted_at, datetime)
    assert (await gateway.letter(1)).posted_at == posted.data.posted_at


async def test_a_letter_routed_twice_is_one_letter(town: Town, gateway: Gateway) -> None:
    await town.routed(1, 1, gateway=gateway)

    await gateway.until_all("posted", letters=1)

    await town.assert_each_lives_once(1)


async def test_in_test_mode_a_letter_ends_checked(town: Town) -> None:
    town.test = True
    async with town.gateway(sqlite(town.folder)) as gateway:
        await town.routed(1, 2, gateway=gateway)
        await gateway.until_all("checked", letters=2)
        await asyncio.sleep(0.4)
        await gateway.schedule.follow()

        assert await gateway.states() == {"checked": 2}
        assert await gateway.said(LetterPosted) == []
    assert all(each["testFlag"] for each in await town.provider.received())


async def test_a_letter_that_the_print_centre_refuses_fails_and_the_others_are_posted(
    town: Town, gateway: Gateway
) -> None:
    await town.provider.fault("reject_letter", code="E302", match={"custom1": f"{letter_id(2)}.*"})
    await town.routed(1, 2, 3, gateway=gateway)

    await gateway.until(lambda counts: counts == {"posted": 2, "failed": 1})

    (failed,) = await gateway.said(LetterFailed)
    assert (failed.data.letter_id, failed.data.code) == (letter_id(2), "E302")
    assert (await gateway.letter(2)).reason == "E302"
    assert once_each(await gateway.dispatched(), range(1, 4))


async def test_of_an_array_refused_without_a_name_only_the_guilty_letter_fails(town: Town) -> None:
    async with town.gateway(sqlite(town.folder)) as gateway:
        town.notices.spoiled[letter_id(2)] = {"country": "MITTELERDE", "recipient_lines": ["A", "B"]}
        await town.routed(1, 2, 3, 4, gateway=gateway)

        await gateway.until(lambda counts: counts == {"posted": 3, "failed": 1})

        (failed,) = await gateway.said(LetterFailed)
        assert (failed.data.letter_id, failed.data.code) == (letter_id(2), "E305")
        assert [(await gateway.letter(number)).alone for number in range(1, 5)] == [True] * 4
    await town.assert_each_lives_once(3)


async def test_a_letter_that_we_see_to_be_unfit_fails_by_name_without_a_call(town: Town, gateway: Gateway) -> None:
    town.notices.spoiled[letter_id(2)] = {"postcode": "123"}
    await town.routed(1, 2, 3, gateway=gateway)

    await gateway.until(lambda counts: counts == {"posted": 2, "failed": 1})

    assert [event.data.code for event in await gateway.said(LetterFailed)] == ["E306"]
    assert not (await gateway.letter(1)).alone
    await town.assert_each_lives_once(2)


async def test_letters_that_notices_does_not_hand_out_wait_and_hold_nobody_up(town: Town, gateway: Gateway) -> None:
    missing = range(60)
    town.notices.withheld = {letter_id(number) for number in missing}
    await town.routed(*range(70), gateway=gateway)

    with capture_logs() as said:
        await gateway.until(lambda counts: counts == {"posted": 10, "waiting": 60})
        await asyncio.sleep(1.5)
        await gateway.send()
    await gateway.schedule.watch()
    assert REGISTRY.get_sample_value("rathaus_letters_without_document") == 60
    named = [letter for each in said if each["event"] == "letters.not_handed_out" for letter in each["letters"]]
    assert sorted(named) == sorted(str(letter) for letter in town.notices.withheld)
    town.timepiece.stopped_at = town.timepiece.now()
    await gateway.send()
    await gateway.send()
    asked = town.notices.asked
    for _ in range(10):
        await gateway.send()

    assert town.notices.asked == asked
    assert once_each(await gateway.dispatched(), range(60, 70))

    town.timepiece.stopped_at = None
    town.notices.withheld.clear()
    await gateway.until_all("posted", letters=70)
    assert once_each(await gateway.dispatched(), range(70))
    await gateway.schedule.watch()
    assert REGISTRY.get_sample_value("rathaus_letters_without_document") == 0


async def test_an_answer_that_is_not_the_providers_fails_no_letter(town: Town, gateway: Gateway) -> None:
    await town.provider.fault("http_error", status=404, times=None)
    await town.routed(*range(4), gateway=gateway)

    await gateway.send()

    assert await gateway.states() == {"waiting": 4}
    assert not (await gateway.letter(1)).alone
    await town.end_faults()
    await gateway.until_all("posted", letters=4)


async def test_test_letters_beyond_the_days_number_wait_and_readiness_names_why(town: Town) -> None:
    async with simulated_post(town.folder / "strict", "--test-letters-per-day", "1") as strict:
        town.provider, town.test = strict, True
        async with town.gateway(sqlite(town.folder)) as gateway:
            await town.routed(1, 2, gateway=gateway)

            await gateway.send()
            problems, asked = await gateway.health.problems(), town.notices.asked
            await gateway.send()

            assert await gateway.states() == {"waiting": 2}
            assert problems == {"consumer sending": "waits for Druckdienst (E320), umlage 2026"}
            assert town.notices.asked == asked
        assert (await strict.summary())["received"] == 0


async def test_wrong_credentials_leave_the_letters_waiting_and_are_named(town: Town) -> None:
    async with (
        town.provider.provider(WRONG_CREDENTIALS) as stranger,
        town.gateway(sqlite(town.folder), provider=stranger) as gateway,
    ):
        await town.routed(1, gateway=gateway)

        await gateway.send()

        assert await gateway.states() == {"waiting": 1}
        assert await gateway.health.problems() == {"consumer sending": "waits for Druckdienst (E001), umlage 2026"}


async def test_a_provider_that_is_away_costs_nothing_but_time(town: Town, gateway: Gateway) -> None:
    await town.routed(*range(60), gateway=gateway)
    await gateway.schedule.watch()
    await town.provider.kill()

    await gateway.send()
    await asyncio.sleep(0.15)
    await gateway.schedule.watch()

    assert await gateway.states() == {"waiting": 60}
    assert (await gateway.health.problems())["consumer sending"] == "waits for Druckdienst, umlage 2026"
    assert (await gateway.letter(1)).first_intent_at is None


async def test_a_wave_that_cannot_go_out_does_not_hold_up_the_next_one(town: Town, gateway: Gateway) -> None:
    await town.provider.fault("http_error", on="GET /api/Letter/Batch", status=503)
    await town.routed(1, gateway=gateway, year=2025)
    await town.routed(2, gateway=gateway, year=2026)

    await gateway.send()

    assert await gateway.states() == {"waiting": 1, "submitted": 1}
    year = 2025 if (await gateway.letter(1)).state == "waiting" else 2026
    assert await gateway.health.problems() == {"consumer sending": f"waits for Druckdienst, umlage {year}"}
    await gateway.until_all("posted", letters=2)


async def test_while_notices_is_away_letters_wait(town: Town, gateway: Gateway) -> None:
    town.notices.away = True
    await town.routed(1, 2, gateway=gateway)

    await gateway.send()

    assert await gateway.states() == {"waiting": 2}
    assert await gateway.health.problems() == {"consumer sending": "waits for notices, umlage 2026"}

    town.notices.away = False
    await gateway.until_all("posted", letters=2)
    assert await gateway.health.problems() == {}


async def test_two_processes_on_one_database_never_send_a_letter_twice(town: Town, postgres: Postgres) -> None:
    url = postgres.new_database()
    async with town.gateway(url) as first, town.gateway(url) as second:
        await town.routed(*range(130), gateway=first)

        def posted(counts: dict[str, int]) -> bool:
            return counts == {"posted": 130}

        await asyncio.gather(first.until(posted), second.until(posted))

        dispatched, told = await first.dispatched(), await first.said(LetterPosted)
        events = await first.said(LettersDispatched)
    received = Counter(each["custom1"] for each in await town.provider.received())
    assert set(received.values()) == {1}
    assert once_each(dispatched, range(130))
    assert once_each([event.data.letter_id for event in told], range(130))
    assert len({event.sequence for event in events}) == len(events)
    await town.assert_each_lives_once(130)


async def test_processes_that_reach_for_the_same_letters_share_them(town: Town, postgres: Postgres) -> None:
    url = postgres.new_database()
    async with town.gateway(url) as first, town.gateway(url) as second:
        for number, gateway in enumerate((first, second)):
            await town.routed(number, gateway=gateway)
            await gateway.send()
            await asyncio.sleep(0.2)

        for start in range(2, 102, 20):
            await town.routed(*range(start, start + 20), gateway=first)
            await asyncio.gather(first.send(), second.send())
            await first.until(lambda counts: not counts.keys() & {"waiting", "intent"})

        assert once_each(await first.dispatched(), range(102))
    received = Counter(each["custom1"] for each in await town.provider.received())
    assert (len(received), set(received.values())) == (102, {1})
