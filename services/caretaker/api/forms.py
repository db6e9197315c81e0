"""What may be asked, and how a question that makes no sense is answered."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.requests import Request

from chassis.http import Problem
from contracts.base import UtcTime
from services.caretaker.gateways.bus import LAST_PLACE

_MOST = 1000
_STRANGE = "So ist die Anfrage nicht zu verstehen."


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Which(_Form):
    """All letters of a consumer, or those with one reason."""

    durable: str
    reason: str | None = None


class Since(_Form):
    """The past of a consumer, since a time or all that is held."""

    durable: str
    since: UtcTime | None = None


class Page(_Form):
    """Some of the letters."""

    durable: str | None = None
    reason: str | None = None
    after: int = Field(default=0, ge=0, lt=LAST_PLACE)
    limit: int = Field(default=100, ge=1, le=_MOST)


class Latest(_Form):
    """The newest records, or those before one."""

    before: int | None = Field(default=None, ge=1, le=LAST_PLACE)
    limit: int = Field(default=100, ge=1, le=_MOST)


_Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class Discarding(_Form):
    """Who gives a letter up, and why."""

    by: _Line
    reason: _Line


FormT = TypeVar("FormT", bound=_Form)


def from_query(form: type[FormT], request: Request) -> FormT:
    """Read a form from the query."""
    try:
        return form.model_validate(dict(request.query_params))
    except ValidationError as error:
        raise _unusable(form, error) from None


async def from_body(form: type[FormT], request: Request) -> FormT:
    """Read a form from the body."""
    try:
        return form.model_validate_json(await request.body())
    except ValidationError as error:
        raise _unusable(form, error) from None
    except OverflowError:
        # An instant whose offset leads out of the calendar.
        raise Problem(422, _STRANGE, "Einen Zeitpunkt darin gibt es nicht.") from None


def place_in(request: Request, name: str) -> int:
    """Return a number from the path; one that cannot be is no number of ours."""
    text = request.path_params[name]
    if text.isascii() and text.isdecimal() and len(text) <= len(str(LAST_PLACE)):
        return int(text)
    raise Problem(404, "Diese Nummer gibt es hier nicht.", "Die Nummern zeigt „rathaus dlq list“.")


def _unusable(form: type[_Form], error: ValidationError) -> Problem:
    wrong = sorted({str(each["loc"][0]) for each in error.errors(include_input=False) if each["loc"]})
    known_fields = ", ".join(form.model_fields)
    return Problem(422, _STRANGE, f"Es gibt: {known_fields}. Nicht passend: {wrong}.")
