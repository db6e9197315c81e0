"""Waves stand for themselves: what fails for one is told, and done for the others."""

from __future__ import annotations

import asyncio

from tests.mailgateway.component.town import SETTLED, Gateway, Town, letter_id, sqlite

YEARS = {1: 2025, 2: 2026}


async def both_waves_in_doubt(town: Town, gateway: Gateway) -> None:
    await town.provider.fault("drop_after", times=2)
    for number, year in YEARS.items():
        await town.routed(number, gateway=gateway, year=year)
    await gateway.send()
    assert await gateway.states() == {"intent": 2}
    await town.pass_time(SETTLED)


async def the_year_that_waits(gateway: Gateway, state: str) -> int:
    (number,) = [number for number in YEARS if (await gateway.letter(number)).state == state]
    return YEARS[number]


async def test_a_wave_that_cannot_be_asked_does_not_leave_the_next_one_in_doubt(town: Town, gateway: Gateway) -> None:
    await both_waves_in_doubt(town, gateway)
    await town.provider.fault("http_error", on="GET /api/Letter/Batch", status=503)

    await gateway.schedule.doubt()

    year = await the_year_that_waits(gateway, "intent")
    assert await gateway.health.problems() == {"consumer doubting": f"waits for Druckdienst, umlage {year}"}
    await gateway.until_all("posted", letters=2)
    assert await gateway.health.problems() == {}
    await town.assert_each_lives_once(2)


async def test_a_wave_that_cannot_be_asked_does_not_keep_the_next_one_from_being_followed(
    town: Town, gateway: Gateway
) -> None:
    for number, year in YEARS.items():
        await town.routed(number, gateway=gateway, year=year)
    await gateway.send()
    await asyncio.sleep(0.5)
    await town.provider.fault("http_error", on="GET /api/Letter/Batch", status=404)

    await gateway.schedule.follow()

    year = await the_year_that_waits(gateway, "submitted")
    assert await gateway.health.problems() == {"consumer following": f"waits for Druckdienst, umlage {year}"}
    await gateway.until_all("posted", letters=2)
    assert await gateway.health.problems() == {}


async def test_a_wave_whose_letter_makes_us_stumble_is_named_and_the_next_one_goes_out(
    town: Town, gateway: Gateway
) -> None:
    town.notices.spoiled[letter_id(1)] = {"pdf": ["no text at all"]}
    for number, year in YEARS.items():
        await town.routed(number, gateway=gateway, year=year)

    await gateway.send()

    assert await gateway.states() == {"waiting": 1, "submitted": 1}
    assert await gateway.health.problems() == {"consumer sending": "waits for notices, umlage 2025"}


async def test_test_letters_at_their_end_are_asked_for_no_more(town: Town) -> None:
    town.test = True
    async with town.gateway(sqlite(town.folder)) as gateway:
        await town.routed(1, gateway=gateway)
        await gateway.until_all("checked", letters=1)
        await town.provider.kill()

        await gateway.schedule.follow()

        assert await gateway.health.problems() == {}
