"""Opening hours as staff send them; what is wrong is said with the entry and the field."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from chassis.http import Problem
from services.appointments.domain.calendar import Capacity, Series, SpecialDays
from services.appointments.domain.calendar_record import Hours
from services.appointments.domain.calendar_rules import InvalidHoursError, Objection, Where

LONGEST_BODY = 1024 * 1024
_TITLE = "Diese Öffnungszeiten lassen sich so nicht speichern."
_EXPECTED = {
    "resources": "Bitte Schalter oder Räume wählen.",
    "audience": "Bitte wählen: öffentlich oder intern.",
    "weekdays": "Bitte Wochentage wählen.",
    "every_weeks": "Bitte eine Zahl von Wochen angeben.",
    "from_time": "Der Beginn ist keine Uhrzeit; bitte wie 09:00 schreiben.",
    "to_time": "Das Ende ist keine Uhrzeit; bitte wie 12:00 schreiben.",
    "first_day": "Der erste Tag fehlt oder ist kein Datum.",
    "last_day": "Der letzte Tag fehlt oder ist kein Datum.",
    "kind": "Bitte wählen: geschlossen oder Sonderöffnung.",
}
_By = Annotated[str, Field(min_length=1, max_length=64)]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _SeriesForm(_Form):
    series_id: UUID | None = None
    resources: tuple[str, ...]
    audience: Capacity
    weekdays: tuple[int, ...]
    every_weeks: int = 1
    from_time: time
    to_time: time
    first_day: date
    last_day: date | None = None
    note: str = ""

    def value(self) -> Series:
        given: dict[str, Any] = dict(self)
        given |= {"weekdays": tuple(sorted(set(self.weekdays))), "note": self.note.strip()}
        given["series_id"] = self.series_id or uuid4()
        return Series(**given)


class _SpecialForm(_Form):
    exception_id: UUID | None = None
    resources: tuple[str, ...] | None = None
    kind: Literal["closed", "open"]
    audience: Capacity = "public"
    first_day: date
    last_day: date
    from_time: time | None = None
    to_time: time | None = None
    even_on_holidays: bool = False
    reason: str = ""

    def value(self) -> SpecialDays:
        given: dict[str, Any] = dict(self)
        given |= {"exception_id": self.exception_id or uuid4(), "reason": self.reason.strip()}
        return SpecialDays(**given)


class HoursForm(_Form):
    """All entries of an office."""

    series: tuple[_SeriesForm, ...]
    exceptions: tuple[_SpecialForm, ...]

    def hours(self) -> Hours:
        """Return them as values."""
        return Hours(tuple(each.value() for each in self.series), tuple(each.value() for each in self.exceptions))


class SaveForm(HoursForm):
    """The same, to be saved."""

    seen_version: int
    by: _By
    keep_collisions: bool = False


class UndoForm(_Form):
    """Which change is taken back; without `seen_version` whatever came after it is replaced too."""

    version: int
    by: _By
    seen_version: int | None = None
    keep_collisions: bool = False


Form = TypeVar("Form", bound=_Form)


async def read_form(request: Request, form: type[Form]) -> Form:
    """Read a body; the Problem says which entry and which field."""
    raw = await content_of(request, longest=LONGEST_BODY)
    try:
        return form.model_validate_json(raw)
    except ValidationError as error:
        objections = [found for each in error.errors() if (found := _objection(each["loc"])) is not None]
        if objections:
            raise invalid(InvalidHoursError(objections)) from None
        fields = sorted({str(each["loc"][0]) for each in error.errors() if each["loc"]})
        detail = f"Bitte prüfen: {', '.join(fields)}." if fields else "Erwartet wird JSON."
        raise Problem(422, _TITLE, detail, code="invalid", errors=[]) from None


async def content_of(request: Request, *, longest: int) -> bytes:
    """Read a body up to a length."""
    parts: list[bytes] = []
    length = 0
    async for part in request.stream():
        length += len(part)
        if length > longest:
            raise Problem(413, "Das ist zu groß.", f"Höchstens {longest // 1024} KiB.", code="too_large")
        parts.append(part)
    return b"".join(parts)


def invalid(error: InvalidHoursError) -> Problem:
    """Tell what is wrong with opening hours, entry by entry."""
    errors: list[dict[str, Any]] = [
        {"where": each.where, "number": each.number, "field": each.field, "text": each.text, "why": each.why}
        for each in error.objections
    ]
    detail = " ".join(each.text for each in error.objections[:3])
    return Problem(422, _TITLE, detail, code="invalid", errors=errors)


def _objection(place: tuple[int | str, ...]) -> Objection | None:
    """Return what a place in a body means to people; None when it is not in an entry."""
    places: dict[int | str, Where] = {"series": "series", "exceptions": "exceptions"}
    if len(place) < 2 or place[0] not in places or not isinstance(place[1], int):  # noqa: PLR2004 - list and entry
        return None
    field = str(place[2]) if len(place) > 2 else ""  # noqa: PLR2004 - and field
    return Objection(places[place[0]], place[1] + 1, field, _EXPECTED.get(field, f"Bitte prüfen: {field}."))
