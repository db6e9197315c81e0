"""Opening hours in sentences, and one change of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import UUID, uuid4

import pytest
from starlette.datastructures import FormData, UploadFile

from services.portal.api.staff_hours_draft import GoneError, Teller, draft_from, draft_of, new_draft
from services.portal.gateways.calendar import Calendar, Entries, Series, Special
from services.portal.gateways.counter import Resource
from services.portal.web.say import Say

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
SAY = Say("de", lambda: NOW)
FIRST = UUID(int=1)
RESOURCES = tuple(Resource(resource=f"schalter-{each}", name=f"Schalter {each}") for each in (1, 2, 3))


def series(**more: object) -> Series:
    given: dict[str, object] = {
        "series_id": FIRST,
        "resources": ("schalter-1", "schalter-2"),
        "audience": "public",
        "weekdays": (0, 1, 3),
        "from_time": time(9),
        "to_time": time(12),
        "first_day": date(2026, 1, 1),
    }
    return Series.model_validate(given | more)


def calendar(*entries: Series, exceptions: tuple[Special, ...] = ()) -> Calendar:
    return Calendar(version=3, resources=RESOURCES, series=entries, exceptions=exceptions)


def test_a_series_reads_like_a_sign_at_the_door() -> None:
    (card,) = Teller(SAY, calendar()).cards(Entries(series=(series(),)))

    assert card.headline == "montags, dienstags und donnerstags 9:00–12:00 Uhr"
    assert card.lines == ("Schalter 1 und Schalter 2", "öffentlich")


def test_every_other_week_and_an_end_are_said() -> None:
    shown = series(every_weeks=2, last_day=date(2026, 11, 1), note="Probe")

    (card,) = Teller(SAY, calendar()).cards(Entries(series=(shown,)))

    assert card.lines[2:] == ("jede zweite Woche, gezählt ab 1. Januar 2026", "bis 1. November 2026", "Probe")
    assert card.is_over


def test_a_closure_says_why_when_and_where() -> None:
    day = date(2026, 12, 12)
    closed = Special(exception_id=FIRST, kind="closed", first_day=day, last_day=day, reason="Betriebsausflug")

    (card,) = Teller(SAY, calendar()).cards(Entries(exceptions=(closed,)))

    assert card.headline == "Betriebsausflug: 12. Dezember 2026 geschlossen"
    assert card.lines == ("ganze Dienststelle",)


def test_an_entry_comes_out_of_the_form_as_it_went_in() -> None:
    known = calendar(series(note="Probe"))
    draft = draft_from(known, str(FIRST))

    assert draft is not None
    again = draft_of(FormData([*draft.fields()]))

    assert again == draft
    assert Entries.model_validate(again.applied(known)) == Entries(series=known.series)


def test_a_change_leaves_the_other_entries_as_they_are() -> None:
    other = series(series_id=uuid4())
    known = calendar(series(), other)
    form: list[tuple[str, str | UploadFile]] = [
        ("art", "serie"),
        ("id", str(FIRST)),
        ("resources", "schalter-3"),
        ("weekdays", "4"),
    ]
    form += [("from_time", "08:00"), ("to_time", "10:00"), ("first_day", "2026-12-01"), ("audience", "internal")]

    applied = Entries.model_validate(draft_of(FormData(form)).applied(known))

    assert applied.series[1] == other
    assert (applied.series[0].weekdays, applied.series[0].audience) == ((4,), "internal")


def test_an_entry_is_removed() -> None:
    known = calendar(series())

    applied = draft_of(FormData([("art", "serie"), ("id", str(FIRST)), ("weg", "1")])).applied(known)

    assert applied["series"] == []


def test_what_somebody_else_has_removed_cannot_be_changed() -> None:
    draft = draft_of(FormData([("art", "serie"), ("id", str(FIRST))]))

    with pytest.raises(GoneError):
        draft.applied(calendar())


def test_a_closure_without_an_end_is_one_day_of_the_whole_office() -> None:
    draft = new_draft("schliessung", date(2026, 12, 12))

    (entry,) = draft.applied(calendar())["exceptions"]

    assert (entry["first_day"], entry["last_day"], entry["resources"]) == ("2026-12-12", "2026-12-12", None)


def test_the_history_says_what_a_change_did() -> None:
    before, after = Entries(series=(series(),)), Entries(series=(series(to_time=time(13)), series(series_id=uuid4())))

    told = Teller(SAY, calendar()).changes(before, after)

    assert [what for what, _ in told] == ["added", "changed"]
    assert told[1][1].startswith("montags, dienstags und donnerstags 9:00–13:00 Uhr, Schalter 1 und Schalter 2")


def test_a_series_of_every_fourth_week_stays_one_when_its_note_changes() -> None:
    shown = draft_from(calendar(series(every_weeks=4)), str(FIRST))
    assert shown is not None

    body = draft_of(FormData([*shown.fields(), ("note", "neu")])).applied(calendar(series(every_weeks=4)))
    (card,) = Teller(SAY, calendar()).cards(Entries(series=(series(every_weeks=4),)))

    assert body["series"][0]["every_weeks"] == 4
    assert card.lines[2] == "alle 4 Wochen, gezählt ab 1. Januar 2026"


def test_a_closure_from_noon_on_reads_so() -> None:
    day = date(2026, 12, 12)
    closed = Special(exception_id=FIRST, kind="closed", first_day=day, last_day=day, from_time=time(13), reason="Fest")

    (card,) = Teller(SAY, calendar()).cards(Entries(exceptions=(closed,)))

    assert card.headline == "Fest: 12. Dezember 2026 ab 13:00 Uhr geschlossen"
