"""The list of the day: each morning, once, for those who work that day."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

from services.appointments.commands.mail_day_list import mail_day_lists
from services.appointments.domain.booking import Person
from tests.appointments.town import NINE, Town, local


async def content(town: Town) -> str:
    (mail,) = [each for each in await town.mails() if each.purpose == "appointment_day_list"]
    part = message_from_bytes(mail.content, policy=policy.default).get_body(("plain",))
    assert part is not None
    return part.get_content().replace("\r\n", "\n")


async def test_the_list_names_all_who_come_today_in_order(town: Town) -> None:
    later = await town.booked(NINE + timedelta(minutes=20), person=Person("Zoe Zuletzt", "z@example.org"))
    first = await town.booked(person=Person("Anna\nBeispiel", None, "03935 1", note="x" * 500))
    await town.booked(NINE + timedelta(days=1))
    town.clock.at = local("2026-12-01 06:30")

    assert await mail_day_lists(town.desk) == 1

    lines = (await content(town)).splitlines()
    assert lines[0] == "Tagesliste Bürgerbüro: Dienstag, 1. Dezember 2026"
    assert lines[1].startswith("2 Termine, Stand 6:30 Uhr.")
    assert lines[5].split() == [
        *("9:00-9:20", first.number, "Schalter", first.allocation.resources[0][-1]),
        *("Reisepass", "Anna", "Beispiel", "03935", "1", "x" * 79 + "…"),
    ]
    assert lines[6].split()[:2] == ["9:20-9:40", later.number]
    assert "Zoe Zuletzt" in lines[6]


async def test_it_is_mailed_once_however_often_and_not_early_or_hours_late(town: Town) -> None:
    sent: list[int] = []
    for at in ("2026-12-01 06:29", "2026-12-01 06:30", "2026-12-01 06:31", "2026-12-02 10:30", "2026-12-02 10:29"):
        town.clock.at = local(at)
        sent.append(await mail_day_lists(town.desk))

    assert sent == [0, 1, 0, 0, 1]


async def test_there_is_none_on_a_day_without_hours_and_appointments(town: Town) -> None:
    town.clock.at = local("2026-12-05 06:30")

    assert await mail_day_lists(town.desk) == 0
