"""What people choose: topics, language, channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from chassis.clock import utc_now
from services.portal.api.told import name_of, names_of
from services.portal.domain.choices import narrowed, widened
from services.portal.gateways.calls import Refused
from services.portal.gateways.models import Topic, TopicName, places_of
from services.portal.web.doors import text_of, texts_of
from services.portal.web.languages import LANGUAGES, Language
from services.portal.web.say import Say

GROUPS = ("pool", "matter", "place")
_STAFF = "staff."
"""Topics of the town's own people."""
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
    places: tuple[str, ...] = ()
    """Those that are ticked below the matters; `topics` are limited to them already."""

    @property
    def has_place_without_matter(self) -> bool:
        """Say whether places are ticked that limit nothing."""
        return bool(self.places) and not any(each.startswith("matter.") for each in self.topics)


def choice_of(form: FormData) -> Choice:
    """Read a form; what it leaves open gets its default."""
    language, channel, places = text_of(form, "language"), text_of(form, "channel"), texts_of(form, "ort")
    return Choice(
        email=text_of(form, "email"),
        topics=narrowed(texts_of(form, "topics"), places),
        language=language if language in LANGUAGES else "de",
        channel=channel if channel in CHANNELS else "email",
        text_version=text_of(form, "text_version"),
        places=places,
    )


@dataclass(frozen=True, slots=True)
class Ticks:
    """What is ticked in a form of topics; `limited` are the places to which all matters are limited."""

    topics: tuple[str, ...]
    limited: tuple[str, ...]
    places: Mapping[str, str]
    """All places with their names, by code."""


def ticks(topics: tuple[Topic, ...], chosen: tuple[str, ...], ticked_places: tuple[str, ...] = ()) -> Ticks:
    """Show topics as the form has them; places that limit nothing yet stay ticked."""
    places = places_of(topics)
    ticked, limited = widened(chosen, places)
    return Ticks(ticked, limited or ticked_places, places)


def grouped(topics: tuple[Topic, ...]) -> list[tuple[str, list[Topic]]]:
    """Return the topics by group, in the order in which people read them."""
    found = [(group, [each for each in topics if each.group == group]) for group in GROUPS]
    return [(group, members) for group, members in found if members]


def names(topics: tuple[Topic, ...], language: Language) -> dict[str, str]:
    """Return what topics are called, also those of the town's own people and a matter in one place."""
    say = Say(language, utc_now)
    found = names_of(topics, language)
    pools = {each.topic.removeprefix("pool."): found[each.topic] for each in topics if each.group == "pool"}
    duties = {"alerts": say.text("people.duty_alerts")} | pools
    matters = [each.topic for each in topics if each.group == "matter"]
    narrowed = [f"{matter}.{place}" for matter in matters for place in places_of(topics)]
    found |= {f"{_STAFF}{duty}": say.text("people.duty", name=name) for duty, name in duties.items()}
    return found | {each: name_of(each, topics, language) or each for each in narrowed}


def kept(topics: tuple[Topic, ...], held: tuple[str, ...], language: Language) -> list[tuple[str, list[Topic]]]:
    """Return the topics that a person has and nobody can choose: they can be ended."""
    named, public = names(topics, language), {each.topic for each in topics}
    found = [(each, named.get(each, each)) for each in held if each not in public]
    members = [Topic(topic=each, group="more", name=TopicName(de=name, en=name, plain=name)) for each, name in found]
    return [("more", members)] if members else []


def about_the_form(refused: Refused) -> str:
    """Return what a service says about a form; a refusal that is not about the form goes on its way."""
    if refused.status not in _ABOUT_THE_FORM:
        raise refused
    return complaint(refused.body)


def complaint(problem: Mapping[str, Any]) -> str:
    """Return what another service says is wrong; its titles are sentences for people."""
    said = [str(problem.get(part) or "") for part in ("title", "detail")]
    return " ".join(each for each in said if each)
