"""Who may join the waiting list, and when they are off it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from services.appointments.commands.answer import leave
from services.appointments.commands.offer import offer_freed
from services.appointments.commands.waiting import confirm_joining, join, standing
from services.appointments.domain import tokens
from services.appointments.domain.refusal import HoldExpiredError, LimitError, MissingError, NotOfferedError
from services.appointments.domain.waiting import Joining
from tests.appointments.town import KEY, NINE, OPEN_DAY, WEDDING, Town
from tests.appointments.waiting_people import BERT, CARLA, entry_of, fill, joined, proof, wanted

DAY = timedelta(days=1)


async def test_after_the_last_day_the_entry_ends(sqlite_town: Town) -> None:
    town = sqlite_town
    waiting_id = await joined(town, what=wanted(OPEN_DAY - 8 * DAY, OPEN_DAY - 8 * DAY))
    town.clock.go_on(days=1)

    assert await offer_freed(town.desk) == 0

    assert (await entry_of(town, waiting_id)).state == "expired"


async def test_nobody_waits_for_what_is_not_offered_or_more_often_than_they_may_come(sqlite_town: Town) -> None:
    town = sqlite_town
    with pytest.raises(NotOfferedError):
        await joined(town, what=wanted(offices=("standesamt",)))
    with pytest.raises(NotOfferedError):
        await joined(town, what=wanted(OPEN_DAY - 30 * DAY, OPEN_DAY - 30 * DAY))
    with pytest.raises(NotOfferedError):
        await joined(town, what=wanted(items=WEDDING.items))
    held = await town.held(NINE)
    with pytest.raises(MissingError):
        await joined(town, booking_id=held.booking_id)
    for _ in range(3):
        await joined(town)
    with pytest.raises(LimitError):
        await joined(town)


async def test_nobody_has_us_write_to_many_addresses(sqlite_town: Town) -> None:
    town = sqlite_town
    for number in range(6):
        await joined(town, replace(BERT, email=f"{number}@example.org"), client="192.0.2.1")

    with pytest.raises(LimitError):
        await joined(town, replace(BERT, email="7@example.org"), client="192.0.2.1")

    assert await joined(town, replace(BERT, email="7@example.org"), client="192.0.2.2")


async def test_all_at_once_one_address_has_us_write_no_more_than_its_limit(town: Town) -> None:
    most = town.desk.settings.holds_per_client
    people = [replace(BERT, email=f"{number}@example.org") for number in range(2 * most)]

    outcomes = await asyncio.gather(
        *(joined(town, each, client="192.0.2.1") for each in people), return_exceptions=True
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["LimitError"] * most + ["UUID"] * most
    assert len(await town.mails()) == most


@pytest.mark.parametrize("proven", [True, False])
async def test_all_at_once_nobody_waits_more_often_than_they_may_come(town: Town, proven: bool) -> None:
    most = town.desk.settings.most_per_email

    outcomes = await asyncio.gather(
        *(joined(town, BERT, proven=proven) for _ in range(2 * most)), return_exceptions=True
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["LimitError"] * most + ["UUID"] * most


async def test_all_at_once_no_more_links_are_opened_than_one_may_wait_for(town: Town) -> None:
    most = town.desk.settings.most_per_email
    unopened = [await joined(town, BERT, proven=False) for _ in range(most)]
    for _ in range(most - 1):
        await joined(town, BERT)
    # All have a connection by then: else they come one after the other.
    await asyncio.gather(*(joined(town, CARLA) for _ in range(most)))

    outcomes = await asyncio.gather(*(confirm_joining(each, town.desk) for each in unopened), return_exceptions=True)

    assert sorted(type(each).__name__ for each in outcomes) == ["Entry"] + ["LimitError"] * (most - 1)


async def test_joining_twice_with_one_id_is_one_entry(sqlite_town: Town) -> None:
    town = sqlite_town
    joining = Joining(await joined(town), wanted(), BERT, None, None)

    entry = await join(joining, town.desk)

    assert entry.place == (await entry_of(town, joining.waiting_id)).place
    assert len(await town.mails()) == 1


async def test_without_a_proof_of_work_nothing_is_offered_before_the_link_was_opened(town: Town) -> None:
    unproven = await joined(town, BERT, proven=False)
    second = await joined(town, CARLA)
    (mail,) = [each for each in await town.mails() if each.recipient == "bert@example.org"]
    text = mail.content.decode()

    await offer_freed(town.desk)

    assert (await entry_of(town, unproven)).state == "unconfirmed"
    assert (await standing(second, town.desk)).ahead == 0
    assert mail.purpose == "appointment_waiting_confirm"
    assert tokens.sign(KEY, "join", unproven) in text.replace("=\r\n", "")
    assert tokens.sign(KEY, "waiting", unproven) not in text.replace("=\r\n", "")


async def test_who_opens_the_link_has_the_place_of_the_moment_when_they_joined(town: Town) -> None:
    await fill(town)
    first = await joined(town, BERT, proven=False)
    second = await joined(town, CARLA)

    await confirm_joining(first, town.desk)
    await confirm_joining(first, town.desk)

    assert (await entry_of(town, first)).state == "waiting"
    assert (await standing(second, town.desk)).ahead == 1
    assert len(town.freed) == 4, "both joined, twice confirmed"


async def test_a_proof_of_work_is_good_for_one_entry(town: Town) -> None:
    spent = proof(town)
    entries = [await join(Joining(uuid4(), wanted(), BERT, None, None, spent), town.desk) for _ in range(2)]

    assert [each.state for each in entries] == ["waiting", "unconfirmed"]


async def test_a_link_that_nobody_opens_ends_the_entry_without_another_mail(sqlite_town: Town) -> None:
    town = sqlite_town
    waiting_id = await joined(town, BERT, proven=False)
    town.clock.go_on(hours=24)
    with pytest.raises(HoldExpiredError):
        await confirm_joining(waiting_id, town.desk)

    await offer_freed(town.desk)

    entry = await entry_of(town, waiting_id)
    assert (entry.state, entry.person) == ("expired", None)
    assert len(await town.mails()) == 1


async def test_unopened_links_do_not_keep_the_owner_of_the_address_from_joining(sqlite_town: Town) -> None:
    town = sqlite_town
    strangers = [await joined(town, BERT, proven=False) for _ in range(3)]
    with pytest.raises(LimitError):
        await joined(town, BERT, proven=False)

    for _ in range(3):
        await joined(town, BERT)

    with pytest.raises(LimitError):
        await confirm_joining(strangers[0], town.desk)


async def test_who_is_not_confirmed_yet_can_leave(sqlite_town: Town) -> None:
    waiting_id = await joined(sqlite_town, BERT, proven=False)

    await leave(waiting_id, sqlite_town.desk)

    assert (await entry_of(sqlite_town, waiting_id)).state == "ended"
