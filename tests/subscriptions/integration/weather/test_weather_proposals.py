"""What the watcher proposes, and what attendants decide; on both databases, with the real simulated service."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from contracts.subscriptions import PoolClosed, PoolReopened
from services.subscriptions.commands.decide_proposal import DecidedOtherwiseError, UnknownProposalError
from services.subscriptions.domain.weather_watch import Wish
from services.subscriptions.storage import expansion, weather
from tests.simulators.weather.service import WeatherSimulator
from tests.subscriptions.bath import Bath
from tests.subscriptions.said import told
from tests.subscriptions.sky import POOL, a_pool, minutes, rules


async def test_a_fair_day_leaves_the_pool_alone(bath: Bath) -> None:
    await bath.look()

    shown = await bath.shown()
    assert (shown["watch"]["state"], shown["watch"]["seen"]["celsius"]) == ("seeing", "27.5")
    assert (shown["proposals"], await bath.said(), (await bath.pool()).state) == ([], [], "open")


async def test_a_storm_is_proposed_once_and_the_pool_stays_open(bath: Bath, sky: WeatherSimulator) -> None:
    sky.warn()

    await bath.look()
    await bath.look(after=5)
    await bath.look(after=5)

    (proposal,) = (await bath.shown())["proposals"]
    assert (proposal["action"], proposal["rule"]) == ("close", "thunderstorm")
    assert "STARKEM GEWITTER" in proposal["evidence"]["words"]
    assert (await bath.said(), (await bath.pool()).state, await told(bath.database)) == (["proposal"], "open", [])
    assert bath.woken == 3


async def test_watchers_at_once_propose_once(bath: Bath, sky: WeatherSimulator) -> None:
    sky.warn()

    await asyncio.gather(*(bath.look() for _ in range(4)))

    assert (len(await bath.proposals()), await bath.said()) == (1, ["proposal"])


async def test_two_attendants_confirm_at_once_and_the_pool_closes_once(bath: Bath, sky: WeatherSimulator) -> None:
    sky.warn()
    await bath.look()
    (proposal,) = await bath.proposals()

    answers = await asyncio.gather(
        bath.decide(proposal.proposal_id, by="badkasse"),
        bath.decide(proposal.proposal_id, by="turm"),
        bath.look(),
    )

    (event,) = await told(bath.database)
    pool = await bath.pool()
    assert answers[:2] == [POOL, POOL]
    assert isinstance(event.data, PoolClosed)
    assert (event.data.reason, pool.state, pool.version) == ("thunderstorm", "closed", 1)
    assert pool.reported_by in {"badkasse", "turm"}
    assert (await bath.shown())["proposals"] == []


async def test_a_decision_holds(bath: Bath, sky: WeatherSimulator) -> None:
    sky.warn()
    await bath.look()
    (proposal,) = await bath.proposals()

    await bath.decide(proposal.proposal_id, "dismissed")
    await bath.decide(proposal.proposal_id, "dismissed", by="turm")
    with pytest.raises(DecidedOtherwiseError) as refused:
        await bath.decide(proposal.proposal_id)
    await bath.look(after=5)

    assert refused.value.state == "dismissed"
    assert ((await bath.pool()).state, len(await bath.proposals()), await bath.said()) == ("open", 1, ["proposal"])


async def test_a_proposal_that_is_over_cannot_be_confirmed(bath: Bath, sky: WeatherSimulator) -> None:
    sky.warn(expires=30)
    await bath.look()
    (proposal,) = await bath.proposals()
    bath.ahead += minutes(31)

    with pytest.raises(DecidedOtherwiseError) as refused:
        await bath.decide(proposal.proposal_id)

    assert (refused.value.state, (await bath.pool()).state) == ("expired", "open")


async def test_an_unknown_proposal_is_unknown(bath: Bath) -> None:
    with pytest.raises(UnknownProposalError):
        await bath.decide(uuid4())


async def test_a_proposal_ends_with_its_reason(bath: Bath, sky: WeatherSimulator) -> None:
    sky.warn()
    await bath.look()
    sky.sky(alerts=[])

    await bath.look(after=5)

    assert [row.state for row in await bath.proposals()] == ["expired"]


async def test_a_confirmation_does_not_touch_a_closure_for_another_reason(bath: Bath, sky: WeatherSimulator) -> None:
    sky.warn()
    await bath.look()
    (proposal,) = await bath.proposals()
    await bath.person(reason="water_quality")

    await bath.decide(proposal.proposal_id)

    pool = await bath.pool()
    assert (pool.state, pool.reason, pool.version) == ("closed", "water_quality", 1)


async def test_after_the_storm_the_opening_is_proposed_and_confirmed(bath: Bath) -> None:
    bath.data = a_pool(weather=rules(clear_minutes=10))
    await bath.person(reason="thunderstorm")

    for _ in range(3):
        await bath.look(after=5)
    (proposal,) = await bath.proposals()
    await bath.decide(proposal.proposal_id)

    assert (proposal.action, (await bath.pool()).state) == ("reopen", "open")
    assert isinstance((await told(bath.database))[-1].data, PoolReopened)


async def test_the_message_reaches_the_attendants_of_the_pool(bath: Bath, sky: WeatherSimulator) -> None:
    sky.warn()
    await bath.look()

    async with bath.database.reading() as session:
        work = await expansion.next_expanding(session)

    assert work is not None
    assert (work.topics, work.urgency, work.only_reached) == ((f"staff.{POOL}",), 0, False)


async def test_after_a_cold_spell_of_days_the_opening_is_proposed(bath: Bath) -> None:
    bath.ahead -= minutes(5 * 24 * 60)
    await bath.person(reason="other")
    async with bath.database.transaction() as session:
        wish = Wish("close", "temperature", {"words": "Lufttemperatur 9 °C."}, bath.now(), automatic=False)
        row = weather.add(session, POOL, wish, now=bath.now())
        weather.decide(row, "confirmed", by="badkasse", at=bath.now())
    bath.ahead += minutes(5 * 24 * 60 - 12)

    for _ in range(8):
        await bath.look(after=5)

    assert [(each["action"], each["rule"]) for each in (await bath.shown())["proposals"]] == [("reopen", "temperature")]
