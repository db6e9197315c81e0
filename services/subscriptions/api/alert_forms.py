"""What staff may ask for, and how a question that makes no sense is answered."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar
from unicodedata import category
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from starlette.requests import Request

from chassis.http import Problem
from contracts.base import UtcTime
from contracts.foreign import AlertCategory, Slug
from services.subscriptions.commands.announce_alert import AlertOrder
from services.subscriptions.commands.update_alert import AlertUpdate
from services.subscriptions.domain.announcing import Language, Texts, Urgency, Wording

_STRANGE = "So ist die Angabe nicht zu verwenden."
_WORDS = {
    "headline": "Überschrift (eine Zeile, höchstens 120 Zeichen)",
    "body": "Text (höchstens 1.000 Zeichen)",
    "texts": "Texte (mindestens Deutsch)",
    "category": "Art der Meldung",
    "areas": "Ortschaften",
    "valid_from": "Beginn",
    "valid_until": "Ende",
    "urgency": "Dringlichkeit",
    "command_id": "Kennung des Auftrags",
    "by": "Name des Dienstgeräts",
    "why": "Begründung (höchstens 300 Zeichen)",
    "mistaken": "Irrtum oder nicht",
    "incident": "Kennung der Meldung",
    "limit": "Anzahl (1 bis 100)",
}
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_HARMLESS = "\n\t\xad\u200d"
"""Line, tab, soft hyphen, and what joins the parts of an emoji."""
_URGENCIES = {"urgent": Urgency.URGENT, "normal": Urgency.NORMAL, "bulk": Urgency.BULK}


def _readable(text: str) -> str:
    """Refuse what cannot be seen, and so could change what is read: controls, direction marks, half characters."""
    if any(category(sign) in _UNSEEN and sign not in _HARMLESS for sign in text):
        message = "control characters"
        raise ValueError(message)
    return text


def _one_line(text: str) -> str:
    if "\n" in text:
        message = "more than one line"
        raise ValueError(message)
    return text


def _unix_lines(text: object) -> object:
    """Browsers send the lines of a form with CR LF."""
    return text.replace("\r\n", "\n") if isinstance(text, str) else text


_Headline = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120),
    AfterValidator(_readable),
    AfterValidator(_one_line),
]
_Body = Annotated[
    str,
    BeforeValidator(_unix_lines),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1000),
    AfterValidator(_readable),
]
_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64), AfterValidator(_one_line)]
_Why = Annotated[
    str,
    BeforeValidator(_unix_lines),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300),
    AfterValidator(_readable),
]


class Form(BaseModel):
    """Unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)


class _Wording(Form):
    headline: _Headline
    body: _Body


class _Texts(Form):
    de: _Wording
    en: _Wording | None = None
    plain: _Wording | None = None

    def texts(self) -> Texts:
        given: dict[Language, _Wording | None] = {"de": self.de, "en": self.en, "plain": self.plain}
        return {language: Wording(each.headline, each.body) for language, each in given.items() if each is not None}


class DryRun(Form):
    """An alert as it would be told."""

    category: AlertCategory
    areas: tuple[Slug, ...] = Field(default=(), max_length=50)
    texts: _Texts
    valid_from: UtcTime
    valid_until: UtcTime
    urgency: Literal["urgent", "normal", "bulk"] | None = None
    by: _Name

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> DryRun:
        if self.valid_until <= self.valid_from:
            message = "valid_until must be after valid_from"
            raise ValueError(message)
        return self

    def order(self, places: tuple[str, ...]) -> AlertOrder:
        """Return what is to be told; a Problem when it names a place that does not exist."""
        unknown = sorted(set(self.areas) - set(places))
        if unknown:
            raise Problem(422, "Diese Ortschaft gibt es hier nicht.", f"Unbekannt: {', '.join(unknown)}.")
        return AlertOrder(
            category=self.category,
            areas=tuple(dict.fromkeys(self.areas)),
            texts=self.texts.texts(),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            by=self.by,
            urgency=None if self.urgency is None else _URGENCIES[self.urgency],
        )


class Announce(DryRun):
    """The same in earnest."""

    command_id: UUID


class Update(Form):
    """What is new about an alert."""

    command_id: UUID
    texts: _Texts
    valid_until: UtcTime
    by: _Name

    def news(self) -> AlertUpdate:
        """Return it as the command takes it."""
        return AlertUpdate(self.texts.texts(), self.valid_until, self.by)


class End(Form):
    """An alert is over, or was a mistake."""

    command_id: UUID
    mistaken: bool = False
    by: _Name


class Release(Form):
    """Who lets it go out."""

    by: _Name


class Rejection(Form):
    """Who does not, and why."""

    by: _Name
    why: _Why


class Why(Form):
    """Which incident a person asks about."""

    incident: UUID


class Listing(Form):
    """Some of the newest."""

    limit: int = Field(default=50, ge=1, le=100)
    topic: str | None = Field(default=None, max_length=160)
    state: str | None = Field(default=None, max_length=16)


class News(Form):
    """Some of the newest, and with `in_force` all that still holds."""

    limit: int = Field(default=50, ge=1, le=100)
    topic: str | None = Field(default=None, max_length=160)
    in_force: bool = False


FormT = TypeVar("FormT", bound=Form)


async def from_body(form: type[FormT], request: Request) -> FormT:
    """Read a form from the body."""
    try:
        return form.model_validate_json(await request.body())
    except ValidationError as error:
        raise _unusable(error) from None
    except OverflowError:
        raise Problem(422, _STRANGE, "Einen Zeitpunkt darin gibt es nicht.") from None


def from_query(form: type[FormT], request: Request) -> FormT:
    """Read a form from the query."""
    try:
        return form.model_validate(dict(request.query_params))
    except ValidationError as error:
        raise _unusable(error) from None


def _unusable(error: ValidationError) -> Problem:
    """Name the fields; their values are not repeated."""
    places = sorted({".".join(str(part) for part in each["loc"]) for each in error.errors(include_input=False)})
    words = [_WORDS.get(place.rsplit(".", 1)[-1], place) for place in places if place]
    detail = f"Bitte prüfen: {'; '.join(dict.fromkeys(words))}." if words else "Das Ende muss nach dem Beginn liegen."
    return Problem(422, _STRANGE, detail, fields=places)
