"""Change opening hours: see the effect first, save against a seen version, undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from services.appointments.desk import Desk
from services.appointments.domain.booking import Booking
from services.appointments.domain.calendar import OfficeCalendar
from services.appointments.domain.calendar_record import Hours, hours_of
from services.appointments.domain.calendar_rules import check
from services.appointments.domain.effect import DayEffect, OpenTimes, day_effects
from services.appointments.domain.effect_words import summary
from services.appointments.domain.refusal import MissingError, StaleError
from services.appointments.domain.ticks import LOCAL
from services.appointments.storage import calendar_changes
from services.appointments.storage.calendar_changes import Change
from services.appointments.storage.calendars import load_calendar

log = structlog.stdlib.get_logger()


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does."""

    days: Sequence[DayEffect]
    """Those that change of the next 60, or of the first 60 in which any does."""
    summary: str
    collisions: Sequence[Booking]
    """What would lie outside of opening hours and did not before."""


class CollisionsError(Exception):
    """Bookings would lie outside of opening hours, and nobody has said that they stay."""

    def __init__(self, effect: Effect) -> None:
        """Keep what would happen."""
        super().__init__(f"{len(effect.collisions)} collisions")
        self.effect = effect


@dataclass(frozen=True, slots=True)
class Shown:
    """Opening hours as they stand."""

    calendar: OfficeCalendar
    outside: Sequence[Booking]
    """Bookings that lie outside of them; they stay valid."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Opening hours as somebody wants them."""

    office: str
    hours: Hours
    seen_version: int
    by: str
    keep_collisions: bool = False


async def show_calendar(desk: Desk, office: str) -> Shown:
    """Return the opening hours of an office; MissingError when there is no such office."""
    async with desk.database.reading() as session:
        calendar = await _calendar(session, desk, office)
        bookings = await calendar_changes.bookings_to_come(session, office, now=desk.now())
    opened = OpenTimes(calendar)
    return Shown(calendar, [each for each in bookings if not opened.hold(each.allocation)])


async def preview(desk: Desk, office: str, hours: Hours) -> Effect:
    """Say what a change would do; InvalidHoursError when it cannot be saved at all."""
    _check(desk, office, hours)
    async with desk.database.reading() as session:
        return await _effect(session, desk, await _calendar(session, desk, office), hours)


async def save(desk: Desk, draft: Draft) -> tuple[int, Effect]:
    """Change the opening hours; return the new version and what that did.

    StaleError, InvalidHoursError, and CollisionsError unless the draft keeps collisions.
    """
    _check(desk, draft.office, draft.hours)
    async with desk.database.transaction() as session:
        saved = await _write(session, desk, draft)
    _announce(desk, draft.office)
    return saved


async def undo(desk: Desk, draft: Draft, version: int) -> tuple[int, Effect]:
    """Restore what was there before a version, as a new version; the hours of the draft are not looked at."""
    async with desk.database.transaction() as session:
        undone = await calendar_changes.change_to(session, draft.office, version)
        if undone is None:
            raise MissingError
        _check(desk, draft.office, undone.before)
        saved = await _write(session, desk, replace(draft, hours=undone.before))
    _announce(desk, draft.office)
    return saved


async def history(desk: Desk, office: str) -> Sequence[Change]:
    """Return who changed what and when, the latest first."""
    if office not in desk.master.offices:
        raise MissingError
    async with desk.database.reading() as session:
        return await calendar_changes.changes_of(session, office)


def _check(desk: Desk, office: str, hours: Hours) -> None:
    if office not in desk.master.offices:
        raise MissingError
    check(hours.series, hours.exceptions, [each.code for each in desk.master.of_office(office)])


async def _calendar(session: AsyncSession, desk: Desk, office: str) -> OfficeCalendar:
    if office not in desk.master.offices:
        raise MissingError
    return await load_calendar(session, desk.master, office)


async def _write(session: AsyncSession, desk: Desk, draft: Draft) -> tuple[int, Effect]:
    before = await _calendar(session, desk, draft.office)
    if before.version != draft.seen_version:
        raise StaleError
    effect = await _effect(session, desk, before, draft.hours)
    if effect.collisions and not draft.keep_collisions:
        raise CollisionsError(effect)
    after = _with_ids(draft.hours, before)
    version = before.version + 1
    await calendar_changes.write(session, Change(draft.office, version, desk.now(), draft.by, hours_of(before), after))
    log.info("calendar.changed", office=draft.office, version=version, collisions=len(effect.collisions))
    return version, effect


async def _effect(session: AsyncSession, desk: Desk, before: OfficeCalendar, hours: Hours) -> Effect:
    after = replace(before, series=hours.series, exceptions=hours.exceptions)
    now = desk.now()
    resources = [each.code for each in desk.master.of_office(before.office)]
    days = day_effects(before, after, resources, now.astimezone(LOCAL).date())
    bookings = await calendar_changes.bookings_to_come(session, before.office, now=now)
    was, becomes = OpenTimes(before), OpenTimes(after)
    hit = [each for each in bookings if was.hold(each.allocation) and not becomes.hold(each.allocation)]
    return Effect([each for each in days if each.is_changed], summary(days, several=len(resources) > 1), hit)


def _announce(desk: Desk, office: str) -> None:
    """Have the new hours looked at, after the commit: the waiting list may fit into them."""
    desk.planner.forget(office)
    desk.freed()


def _with_ids(hours: Hours, before: OfficeCalendar) -> Hours:
    """Keep the ids of entries that were there; all others, copies too, get their own."""
    free = {each.series_id for each in before.series} | {each.exception_id for each in before.exceptions}

    def own(given: UUID) -> UUID:
        if given not in free:
            return uuid4()
        free.remove(given)
        return given

    return Hours(
        tuple(replace(each, series_id=own(each.series_id)) for each in hours.series),
        tuple(replace(each, exception_id=own(each.exception_id)) for each in hours.exceptions),
    )
