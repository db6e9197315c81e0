"""What people choose: topics, language, channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from services.portal.gateways.calls import Refused
from services.portal.gateways.models import Topic
from services.portal.web.doors import text_of, texts_of
from services.portal.web.languages import LANGUAGES

GROUPS = ("pool", "matter", "place")
_ABOUT_THE_FORM = {409, 413, 422}
CHANNELS = ("email", "push")


@dataclass(frozen=True, slots=True)
class Choice:
    """A filled-in form of topics."""

    email: str
    topics: tuple[str, ...]
    language: str
    channel: str
    text_version: str


def choice_of(form: FormData) -> Choice:
    """Read a form; what it leaves open gets its default."""
    language, channel = text_of(form, "language"), text_of(form, "channel")
    return Choice(
        email=text_of(form, "email"),
        topics=texts_of(form, "topics"),
        language=language if language in LANGUAGES else "de",
        channel=channel if channel in CHANNELS else "email",
        text_version=text_of(form, "text_version"),
    )


def grouped(topics: tuple[Topic, ...]) -> list[tuple[str, list[Topic]]]:
    """Return the topics by group, in the order in which people read them."""
    found = [(group, [each for each in topics if each.group == group]) for group in GROUPS]
    return [(group, members) for group, members in found if members]


def names(topics: tuple[Topic, ...], language: str) -> dict[str, str]:
    """Return what topics are called."""
    return {each.topic: str(getattr(each.name, language)) for each in topics}


def about_the_form(refused: Refused) -> str:
    """Return what a service says about a form; a refusal that is not about the form goes on its way."""
    if refused.status not in _ABOUT_THE_FORM:
        raise refused
    return complaint(refused.body)


def complaint(problem: Mapping[str, Any]) -> str:
    """Return what another service says is wrong; its titles are sentences for people."""
    said = [str(problem.get(part) or "") for part in ("title", "detail")]
    return " ".join(each for each in said if each)
