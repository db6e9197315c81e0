"""Common Alerting Protocol 1.2 (OASIS, ITU-T X.1303bis): each announcement is one message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from services.portal.domain.items import Item, Said
from services.portal.domain.xml import add, written

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_ZONE = ZoneInfo("Europe/Berlin")
_SOON = timedelta(hours=1)
_LANGUAGES = {"de": "de-DE", "en": "en-GB"}
_CATEGORIES = {
    "road_closed": "Transport",
    "waste_collection_moved": "Env",
    "utility_outage": "Infra",
    "thunderstorm": "Met",
    "storm": "Met",
    "water_quality": "Health",
    "technical": "Infra",
}
_GRAVE = {"thunderstorm", "storm", "water_quality", "utility_outage"}
_TO_AVOID = {"road_closed", "facility", "thunderstorm", "storm", "water_quality", "technical", "staff"}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who warns, and for which municipality."""

    domain: str
    """Names the sender for ever: the host of the portal."""
    name: str
    ags: str
    """Official municipality key (Amtlicher Gemeindeschlüssel)."""
    contact: str


@dataclass(frozen=True, slots=True)
class Matter:
    """What an incident is: its code (category of an alert, reason of a closure), its name by language, its area."""

    code: str
    events: Mapping[str, str]
    area: str
    over: bool
    """It has ended with the newest announcement."""


def cap(items: Sequence[Item], matter: Matter, sender: Sender) -> bytes:
    """Return the newest message of an incident; `items` are the same incident in several languages, German first."""
    german = items[0]
    newest = german.newest
    root = ET.Element("alert", {"xmlns": NAMESPACE})
    add(root, "identifier", _identifier(german, newest))
    add(root, "sender", sender.domain)
    add(root, "sent", _time(newest.at))
    add(root, "status", "Actual")
    add(root, "msgType", _message_type(german, matter))
    add(root, "scope", "Public")
    if german.mistaken:
        add(root, "note", newest.headline)
    earlier = [f"{sender.domain},{_identifier(german, each)},{_time(each.at)}" for each in german.said[:-1]]
    if earlier:
        add(root, "references", " ".join(earlier))
    add(root, "incidents", str(german.incident))
    for item in items:
        _info(root, item, matter, sender)
    return written(root)


def _info(root: ET.Element, item: Item, matter: Matter, sender: Sender) -> None:
    newest = item.newest
    info = add(root, "info")
    add(info, "language", _LANGUAGES[item.language])
    add(info, "category", _CATEGORIES.get(matter.code, "Other"))
    add(info, "event", matter.events[item.language])
    add(info, "responseType", _response(matter))
    add(info, "urgency", _urgency(item, matter))
    add(info, "severity", "Moderate" if matter.code in _GRAVE else "Minor")
    add(info, "certainty", "Observed")
    add(info, "effective", _time(newest.at))
    add(info, "onset", _time(item.begins_at))
    if newest.expires_at is not None:
        add(info, "expires", _time(newest.expires_at))
    add(info, "senderName", sender.name)
    add(info, "headline", newest.headline)
    add(info, "description", newest.body)
    add(info, "web", item.url)
    add(info, "contact", sender.contact)
    area = add(info, "area")
    add(area, "areaDesc", matter.area)
    geocode = add(area, "geocode")
    add(geocode, "valueName", "AGS")
    add(geocode, "value", sender.ags)


def _message_type(item: Item, matter: Matter) -> str:
    if matter.over and len(item.said) > 1:
        return "Cancel"
    return "Alert" if len(item.said) == 1 else "Update"


def _response(matter: Matter) -> str:
    if matter.over:
        return "AllClear"
    return "Avoid" if matter.code in _TO_AVOID else "Monitor"


def _urgency(item: Item, matter: Matter) -> str:
    if matter.over:
        return "Past"
    return "Immediate" if item.begins_at <= item.newest.at + _SOON else "Future"


def _identifier(item: Item, said: Said) -> str:
    return f"{item.incident}.{said.number}"


def _time(at: datetime) -> str:
    """Return an instant as CAP wants it: local, without fractions, never with Z."""
    return at.astimezone(_ZONE).isoformat(timespec="seconds")
