"""Alerts of clerks and of other systems, on both databases: once, by two people when large, corrected, ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from uuid import uuid4

import pytest

from services.subscriptions.commands.announce_alert import announce_alert, take_over
from services.subscriptions.commands.end_alert import end_alert
from services.subscriptions.commands.release_announcement import (
    end_what_has_passed,
    reject_announcement,
    release_announcement,
)
from services.subscriptions.commands.update_alert import AlertUpdate, update_alert
from services.subscriptions.domain.alert_rules import Refused
from services.subscriptions.domain.announcing import Urgency, Wording
from services.subscriptions.storage.tables import AnnouncementRow
from tests.subscriptions.alert_town import AlertTown, an_order
from tests.subscriptions.said import NOON, after, an_alert, subscriptions_at

NEWS = AlertUpdate({"de": Wording("Doch länger", "Bis 18 Uhr.")}, after(360), "rathaus-1")


@pytest.fixture
async def town(database_url: str) -> AsyncGenerator[AlertTown]:
    async with subscriptions_at(database_url) as database:
        yield AlertTown(database)


async def test_a_small_circle_is_told_at_once(town: AlertTown) -> None:
    await town.people(2, "place.grieben")

    made = await town.announced()

    assert (made.kind, made.state, made.number, made.urgency) == ("alert", "expanding", 1, Urgency.NORMAL)
    assert (made.released_at, made.expires_at) == (NOON, after(180))
    incident = await town.incident(made.incident_id)
    assert incident.topics == ["matter.other", "matter.other.grieben", "place.grieben"]
    assert incident.subject == f"alert:{made.command_id}"
    assert town.woken == [NOON]


async def test_the_same_command_many_times_at_once_is_one_announcement(town: AlertTown) -> None:
    command_id = uuid4()

    made = await asyncio.gather(*(announce_alert(command_id, an_order(), desk=town.desk()) for _ in range(4)))

    assert {*made, await announce_alert(command_id, an_order(), desk=town.desk())} == {made[0]}
    assert len(await town.announcements()) == 1


async def test_an_alert_whose_time_has_passed_is_refused(town: AlertTown) -> None:
    town.at = after(180)

    with pytest.raises(Refused, match="past"):
        await town.announced()


async def test_a_large_circle_waits_for_another_person_and_the_approvers_hear_of_it(town: AlertTown) -> None:
    await town.people(3, "place.grieben", "matter.other")
    held = await town.announced()

    with pytest.raises(Refused, match="same_person"):
        await release_announcement(held.announcement_id, by="Rathaus-1", desk=town.desk())
    before = await town.staff_matters()
    town.at = after(5)
    for _ in range(2):
        await release_announcement(held.announcement_id, by="rathaus-2", desk=town.desk())

    made = await town.announcement(held.announcement_id)
    assert (held.state, held.released_at) == ("held", None)
    assert [(matter.subject, matter.topics, matter.ended_at) for matter in before] == [
        ("staff:alerts", ["staff.alerts"], None)
    ]
    assert (made.state, made.released_at, made.released_by) == ("expanding", after(5), "rathaus-2")
    assert [matter.ended_at for matter in await town.staff_matters()] == [after(5)]


async def test_two_people_who_release_at_once_release_once(town: AlertTown) -> None:
    await town.people(3, "place.grieben")
    held = await town.announced()

    await asyncio.gather(
        *(release_announcement(held.announcement_id, by=f"amt-{each}", desk=town.desk()) for each in range(4))
    )

    made = await town.announcement(held.announcement_id)
    assert (made.state, made.released_by is None) == ("expanding", False)


async def test_a_rejected_one_never_goes_out(town: AlertTown) -> None:
    await town.people(3, "place.grieben")
    held = await town.announced()

    for _ in range(2):
        await reject_announcement(held.announcement_id, by="rathaus-2", why="Falscher Ort", desk=town.desk())
    with pytest.raises(Refused, match="rejected"):
        await release_announcement(held.announcement_id, by="rathaus-3", desk=town.desk())

    made = await town.announcement(held.announcement_id)
    assert made.rejection == {"by": "rathaus-2", "why": "Falscher Ort", "at": NOON.isoformat()}
    assert (made.state, (await town.incident(made.incident_id)).ended_at) == ("rejected", NOON)


async def test_what_is_out_cannot_be_rejected(town: AlertTown) -> None:
    made = await town.announced()

    with pytest.raises(Refused, match="released"):
        await reject_announcement(made.announcement_id, by="rathaus-2", why="zu spät", desk=town.desk())


async def test_what_was_held_too_long_lapses_by_itself_or_at_the_release(town: AlertTown) -> None:
    await town.people(3, "place.grieben")
    swept, late = await town.announced(valid_until=after(60)), await town.announced()

    town.at = after(60)
    await end_what_has_passed(town.desk())
    town.at = after(180)
    with pytest.raises(Refused, match="past"):
        await release_announcement(late.announcement_id, by="rathaus-2", desk=town.desk())

    rows = [await town.announcement(each.announcement_id) for each in (swept, late)]
    assert [(row.state, (row.rejection or {})["why"]) for row in rows] == [("rejected", "abgelaufen")] * 2


async def test_an_alert_whose_time_has_passed_ends_without_a_message(town: AlertTown) -> None:
    made = await town.announced()
    await end_what_has_passed(town.desk())
    going_on = await town.incident(made.incident_id)

    town.at = after(181)
    await end_what_has_passed(town.desk())

    assert going_on.ended_at is None
    assert (await town.incident(made.incident_id)).ended_at == after(181)
    assert len(await town.announcements()) == 1


async def test_an_update_to_few_goes_out_at_once_and_moves_the_end(town: AlertTown) -> None:
    await town.people(2, "place.grieben")
    alert = await town.announced(urgency=Urgency.URGENT)
    command_id = uuid4()

    (made,) = {await update_alert(alert.incident_id, command_id, NEWS, desk=town.desk()) for _ in range(2)}

    row = await town.announcement(made)
    assert (row.kind, row.number, row.state, row.urgency) == ("update", 2, "expanding", Urgency.URGENT)
    assert (await town.announcement(alert.announcement_id)).state == "superseded"
    assert (await town.incident(alert.incident_id)).facts["valid_until"] == after(360).isoformat()
    assert len(await town.announcements()) == 2


async def updated(town: AlertTown) -> tuple[AnnouncementRow, int]:
    """A released alert to many, and the update that waits."""
    await town.people(3, "place.grieben")
    alert = await town.announced()
    await release_announcement(alert.announcement_id, by="rathaus-2", desk=town.desk())
    return alert, await update_alert(alert.incident_id, uuid4(), NEWS, desk=town.desk())


async def test_an_update_to_many_waits_for_a_second_person_too(town: AlertTown) -> None:
    alert, made = await updated(town)
    before = (await town.announcement(made)).state, (await town.incident(alert.incident_id)).facts["valid_until"]

    await release_announcement(made, by="rathaus-2", desk=town.desk())

    assert before == ("held", after(180).isoformat())
    assert (await town.announcement(made)).state == "expanding"
    assert (await town.incident(alert.incident_id)).facts["valid_until"] == after(360).isoformat()
    assert [matter.ended_at is not None for matter in await town.staff_matters()] == [True, True]


async def test_an_update_that_is_rejected_leaves_the_alert_as_it_was(town: AlertTown) -> None:
    alert, made = await updated(town)

    await reject_announcement(made, by="rathaus-2", why="falsche Straße", desk=town.desk())

    incident = await town.incident(alert.incident_id)
    assert (incident.ended_at, incident.facts["valid_until"]) == (None, after(180).isoformat())
    assert (await town.announcement(alert.announcement_id)).state == "expanding"


async def test_an_all_clear_takes_the_place_of_an_update_that_waits(town: AlertTown) -> None:
    alert, made = await updated(town)

    await end_alert(alert.incident_id, uuid4(), mistaken=False, by="rathaus-1", desk=town.desk())

    assert (await town.announcement(made)).state == "superseded"


async def test_a_held_alert_can_be_neither_updated_nor_ended(town: AlertTown) -> None:
    await town.people(3, "place.grieben")
    held = await town.announced()

    with pytest.raises(Refused, match="held"):
        await update_alert(held.incident_id, uuid4(), NEWS, desk=town.desk())
    with pytest.raises(Refused, match="held"):
        await end_alert(held.incident_id, uuid4(), mistaken=True, by="rathaus-1", desk=town.desk())


@pytest.mark.parametrize(
    ("mistaken", "kind", "urgency"), [(False, "all_clear", Urgency.NORMAL), (True, "correction", Urgency.URGENT)]
)
async def test_an_end_is_told_once(town: AlertTown, mistaken: bool, kind: str, urgency: Urgency) -> None:
    made = await town.announced()
    town.at = after(20)

    ends = {
        await end_alert(made.incident_id, uuid4(), mistaken=mistaken, by="rathaus-1", desk=town.desk())
        for _ in range(2)
    }
    with pytest.raises(Refused, match="ended"):
        await end_alert(made.incident_id, uuid4(), mistaken=not mistaken, by="rathaus-1", desk=town.desk())
    with pytest.raises(Refused, match="ended"):
        await update_alert(made.incident_id, uuid4(), NEWS, desk=town.desk())

    (end,) = ends
    row, incident = await town.announcement(end), await town.incident(made.incident_id)
    assert (row.kind, row.urgency, row.number, row.made_at) == (kind, urgency, 2, after(20))
    assert (incident.ended_at, incident.facts.get("mistaken", False)) == (after(20), mistaken)


async def test_an_alert_of_another_system_is_announced_once_whatever_comes_again(town: AlertTown) -> None:
    alert_id = uuid4()
    event = an_alert(alert_id=alert_id)

    for each in (event, event, an_alert(alert_id=alert_id, headline="Etwas anderes")):
        await take_over(each, desk=town.desk())

    (made,) = await town.announcements()
    assert (made.state, made.made_by, made.urgency) == ("expanding", "wasserverband", Urgency.URGENT)
    assert made.texts["de"]["headline"] == "Wasser abgestellt"
    assert (await town.incident(made.incident_id)).subject == f"alert:{alert_id}"
    assert town.woken == [NOON]


async def test_a_large_circle_of_another_system_waits_too(town: AlertTown) -> None:
    await town.people(3, "matter.utility_outage")

    await take_over(an_alert(), desk=town.desk())

    (held,) = await town.announcements()
    assert (held.state, len(await town.staff_matters())) == ("held", 1)


async def test_an_alert_that_comes_too_late_is_not_announced(town: AlertTown) -> None:
    town.at = NOON + timedelta(hours=4)

    await take_over(an_alert(), desk=town.desk())

    assert list(await town.announcements()) == []


async def test_an_alert_for_the_whole_town_concerns_every_place(town: AlertTown) -> None:
    await town.people(1, "place.grieben")
    await town.people(1, "place.bittkau")
    await town.people(1, "matter.other.bittkau")

    made = await town.announced(areas=())

    assert made.state == "held"
