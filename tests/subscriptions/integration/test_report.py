"""The delivery report: what became of one announcement, in numbers that name nobody."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from services.subscriptions import queries_announcements
from services.subscriptions.commands.forget import LEDGER_KEPT, forget_ledger
from services.subscriptions.queries_announcements import Json
from tests.subscriptions.alert_town import AlertTown
from tests.subscriptions.said import NOON, subscriptions_at


@pytest.fixture
async def town(database_url: str) -> AsyncGenerator[AlertTown]:
    async with subscriptions_at(database_url) as database:
        yield AlertTown(database)


async def deliveries(town: AlertTown, announcement_id: int) -> Json:
    async with town.database.reading() as session:
        found = await queries_announcements.report(session, announcement_id)
    assert found is not None
    return found["deliveries"]


async def test_it_counts_states_channels_and_how_quick_it_was(town: AlertTown) -> None:
    made = (await town.announced()).announcement_id
    for second in (1, 2, 10, 11):
        await town.delivered(made, second, handed_at=NOON + timedelta(seconds=second), uncertain=int(second == 2))
    await town.delivered(made, 20, channel="push", state="expired", handed_at=None)
    await town.delivered(made, 21, channel="none", host="", state="unreachable", handed_at=None)

    report = await deliveries(town, made)

    assert report["people"] == 6
    assert report["by_state"] == {"sent": 4, "expired": 1, "unreachable": 1}
    assert report["by_channel"] == {"email": {"sent": 4}, "push": {"expired": 1}, "none": {"unreachable": 1}}
    assert (report["uncertain"], report["handed_over"]) == (1, 4)
    assert report["first_handed_at"] == (NOON + timedelta(seconds=1)).isoformat()
    assert report["last_handed_at"] == (NOON + timedelta(seconds=11)).isoformat()
    assert (report["within_10_seconds"], report["share_within_10_seconds"]) == (3, 0.75)


async def test_a_failing_host_is_named_only_when_it_is_nobodys_own(town: AlertTown) -> None:
    made = (await town.announced()).announcement_id
    for person in range(5):
        await town.delivered(made, person, host="big.example", state="failed" if person < 2 else "sent")
    await town.delivered(made, 10, host="erika-mustermann.example", state="failed")
    await town.delivered(made, 11, host="fine.example")

    report = await deliveries(town, made)

    assert report["failing_hosts"] == [{"host": "big.example", "failures": 2}, {"host": "andere", "failures": 1}]


async def test_before_the_first_delivery_it_is_empty(town: AlertTown) -> None:
    made = (await town.announced()).announcement_id

    report = await deliveries(town, made)

    assert (report["people"], report["by_state"], report["failing_hosts"]) == (0, {}, [])
    assert (report["first_handed_at"], report["share_within_10_seconds"]) == (None, None)


async def test_of_an_old_announcement_only_the_numbers_are_kept(town: AlertTown) -> None:
    made, recent = (await town.announced()).announcement_id, (await town.announced()).announcement_id
    for announcement_id, age in ((made, LEDGER_KEPT + timedelta(days=1)), (recent, timedelta(days=1))):
        await town.done(announcement_id, made_at=NOON - age)
        await town.delivered(announcement_id, 1)
        await town.delivered(announcement_id, 2, state="failed")
    before = await deliveries(town, made)

    dropped = [await forget_ledger(town.database, now=lambda: NOON) for _ in range(2)]

    assert dropped == [2, 0]
    assert await deliveries(town, made) == before
    assert await town.ledger() == [recent, recent]


async def test_no_announcement_has_no_report(town: AlertTown) -> None:
    async with town.database.reading() as session:
        assert await queries_announcements.report(session, 1) is None


async def test_the_list_shows_the_progress_of_what_is_on_its_way_only(town: AlertTown) -> None:
    going = await town.announced()
    await town.delivered(going.announcement_id, 1)
    await town.delivered(going.announcement_id, 2, state="queued", handed_at=None)
    fresh = await town.announced()
    await town.people(3, "place.grieben")
    held = await town.announced()

    async with town.database.reading() as session:
        listed = await queries_announcements.latest(session, state=None, limit=50)

    assert [(each["announcement_id"], each["progress"]) for each in listed] == [
        (held.announcement_id, None),
        (fresh.announcement_id, {}),
        (going.announcement_id, {"sent": 1, "queued": 1}),
    ]
