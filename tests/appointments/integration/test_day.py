"""The day of the counters: who comes, what is only held, and what is free again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from services.appointments.commands.confirm import confirm
from services.appointments.commands.edit_calendar import Draft, save
from services.appointments.domain.calendar_record import Hours
from services.appointments.queries_day import day_of
from tests.appointments.openings import special
from tests.appointments.town import ANNA, NINE, OFFICE, OPEN_DAY, REGISTRY, WEDDING, Town


def zulu(text: str) -> str:
    return f"2026-12-01T{text}:00Z"


async def shown(town: Town, office: str = OFFICE) -> dict[str, Any]:
    return await day_of(town.desk, office, OPEN_DAY)


async def test_a_time_that_is_held_is_told_without_a_name_until_it_runs_out(town: Town) -> None:
    held = await town.held()

    before = await shown(town)
    town.clock.go_on(minutes=town.desk.settings.hold_minutes)
    after = await shown(town)

    (one,) = before["held"]
    assert one["resources"] == list(held.allocation.resources)
    assert (one["starts_at"], one["free_at"]) == (zulu("08:00"), zulu("08:20"))
    assert one["expires_at"] == str(held.expires_at).replace(" ", "T").replace("+00:00", "Z")
    assert set(one) == {"resources", "starts_at", "free_at", "expires_at"}
    assert (before["entries"], after["held"]) == ([], [])


async def test_a_day_on_which_nothing_is_open_says_why(town: Town) -> None:
    hours = await town.desk.planner.calendar(OFFICE)
    closed = Hours(hours.series, (special("closed", OPEN_DAY, reason="Umzug"),))
    await save(town.desk, Draft(OFFICE, closed, hours.version, "planung"))

    shut, christmas, sunday = [
        await day_of(town.desk, OFFICE, day) for day in (OPEN_DAY, date(2026, 12, 25), date(2026, 12, 6))
    ]

    assert (shut["open"], shut["closed_name"]) == ([], "Umzug")
    assert (christmas["closed_name"], sunday["closed_name"]) == ("Erster Weihnachtstag", None)
    assert (await day_of(town.desk, OFFICE, OPEN_DAY + timedelta(days=1)))["closed_name"] is None


async def test_what_follows_a_visit_is_not_free_either(town: Town) -> None:
    await town.booked(NINE, WEDDING)

    (wedding,) = (await shown(town, REGISTRY))["entries"]

    assert (wedding["ends_at"], wedding["free_at"]) == (zulu("08:45"), zulu("09:00"))


async def test_who_does_not_open_the_link_in_time_is_not_in_the_day(town: Town) -> None:
    held = await town.held()
    await confirm(held.booking_id, ANNA, town.desk, proven=False)

    before = (await shown(town))["entries"]
    town.clock.go_on(minutes=town.desk.settings.confirm_minutes + 1)
    other = await town.booked(resource=held.allocation.resources[0])
    after = (await shown(town))["entries"]

    assert [each["state"] for each in before] == ["unconfirmed"]
    assert [each["booking_id"] for each in after] == [str(other.booking_id)]


async def test_it_is_told_at_which_counters_all_of_a_visit_can_be_done(town: Town) -> None:
    await town.booked()
    await town.booked(NINE, WEDDING)

    (passport,) = (await shown(town))["entries"]
    (wedding,) = (await shown(town, REGISTRY))["entries"]

    assert passport["may_be_at"] == ["schalter-1", "schalter-2", "schalter-3"]
    assert wedding["may_be_at"] == ["standesbeamtin", "trausaal"]
