"""What people read when a pool closes and opens: German, English and plain German (Einfache Sprache). Pure.

No links: mail and push add them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.subscriptions.domain.announcing import Language, Texts, Wording
from services.subscriptions.domain.hours import Now
from services.subscriptions.domain.local_time import moment

REASONS: Mapping[str, Mapping[Language, str]] = {
    "thunderstorm": {"de": "Gewitter", "en": "thunderstorm", "plain": "Gewitter"},
    "storm": {"de": "Sturm", "en": "storm", "plain": "Sturm"},
    "water_quality": {"de": "Wasserqualität", "en": "water quality", "plain": "Wasser nicht in Ordnung"},
    "technical": {"de": "technische Störung", "en": "technical fault", "plain": "Technik kaputt"},
    "staff": {"de": "Personalmangel", "en": "staff shortage", "plain": "zu wenig Personal"},
    "other": {"de": "besonderer Grund", "en": "special circumstances", "plain": "anderer Grund"},
}
"""Short names of the reasons (contracts.foreign.PoolClosure), for headlines."""

_WHY: Mapping[str, Mapping[Language, str]] = {
    "thunderstorm": {
        "de": "Grund ist ein Gewitter. Im und am Wasser ist es jetzt gefährlich.",
        "en": "The reason is a thunderstorm. It is dangerous in and near the water now.",
        "plain": "Es gibt ein Gewitter. Im Wasser ist es jetzt gefährlich.",
    },
    "storm": {
        "de": "Grund ist Sturm. Äste und Gegenstände können herunterfallen.",
        "en": "The reason is a storm. Branches and objects may fall.",
        "plain": "Es ist Sturm. Äste können herunterfallen.",
    },
    "water_quality": {
        "de": "Grund ist die Wasserqualität. Wir prüfen das Wasser.",
        "en": "The reason is the water quality. We are checking the water.",
        "plain": "Das Wasser ist nicht in Ordnung. Wir prüfen das Wasser.",
    },
    "technical": {
        "de": "Grund ist eine technische Störung. Wir arbeiten daran.",
        "en": "The reason is a technical fault. We are working on it.",
        "plain": "Die Technik ist kaputt. Wir reparieren sie.",
    },
    "staff": {
        "de": "Uns fehlt Personal für die Aufsicht am Becken.",
        "en": "We do not have enough staff to watch over the pool.",
        "plain": "Wir haben heute zu wenig Personal.",
    },
    "other": {
        "de": "Näheres erfahren Sie vor Ort.",
        "en": "The staff on site can tell you more.",
        "plain": "Fragen Sie bitte im Bad nach dem Grund.",
    },
}
_ADVICE: Mapping[str, Mapping[Language, str]] = {
    "thunderstorm": {
        "de": "Bitte kommen Sie jetzt nicht ins Bad. Wenn Sie schon dort sind: Verlassen Sie das Wasser und gehen Sie "
        "in ein festes Gebäude.",
        "en": "Please do not come now. If you are already there: leave the water and go into a solid building.",
        "plain": "Bitte kommen Sie jetzt nicht. Sie sind schon im Bad? Gehen Sie sofort aus dem Wasser. "
        "Gehen Sie in ein Haus.",
    },
    "storm": {
        "de": "Bitte kommen Sie jetzt nicht ins Bad. Wenn Sie schon dort sind: Meiden Sie Bäume und folgen Sie dem "
        "Personal.",
        "en": "Please do not come now. If you are already there: keep away from trees and follow the staff.",
        "plain": "Bitte kommen Sie jetzt nicht. Sie sind schon im Bad? Gehen Sie weg von den Bäumen. "
        "Hören Sie auf das Personal.",
    },
}
_DEFAULT_ADVICE: Mapping[Language, str] = {
    "de": "Bitte kommen Sie erst wieder, wenn das Bad geöffnet ist.",
    "en": "Please come back when the pool is open again.",
    "plain": "Bitte kommen Sie erst, wenn das Bad wieder offen ist.",
}
_PROMISE: Mapping[Language, str] = {
    "de": "Wir melden uns, sobald das Bad wieder öffnet.",
    "en": "We will let you know as soon as the pool opens again.",
    "plain": "Wir schreiben Ihnen, wenn das Bad wieder öffnet.",
}
_FRAMES: Mapping[str, Mapping[Language, tuple[str, str]]] = {
    "closed": {
        "de": ("{name} geschlossen: {reason}", "{name} ist seit {since} geschlossen."),
        "en": ("{name} closed: {reason}", "{name} has been closed since {since}."),
        "plain": ("{name} ist zu: {reason}", "{name} ist zu. Es ist seit {since} zu."),
    },
    "changed": {
        "de": ("{name} weiter geschlossen: {reason}", "Neues zur Schließung: {name} ist seit {since} geschlossen."),
        "en": ("{name} still closed: {reason}", "New information: {name} has been closed since {since}."),
        "plain": ("{name} ist noch zu: {reason}", "Es gibt Neues. {name} ist seit {since} zu."),
    },
    "reopened": {
        "de": ("{name} ist wieder geöffnet", "{name} ist seit {opened} wieder geöffnet."),
        "en": ("{name} is open again", "{name} has been open again since {opened}."),
        "plain": ("{name} ist wieder offen", "{name} ist wieder offen. Das gilt seit {opened}."),
    },
    "mistaken": {
        "de": (
            "Irrtum: {name} ist nicht geschlossen",
            (
                "Wir haben gemeldet, {name} sei seit {since} geschlossen. Das war ein Irrtum. "
                "Bitte entschuldigen Sie das Versehen."
            ),
        ),
        "en": (
            "Our mistake: {name} is not closed",
            "We told you that {name} had been closed since {since}. That was a mistake. We apologise.",
        ),
        "plain": (
            "Fehler von uns: {name} ist nicht gesperrt",
            "Wir haben geschrieben: Das Bad ist seit {since} zu. Das war falsch. Bitte entschuldigen Sie den Fehler.",
        ),
    },
}
_LIFTED: Mapping[Language, tuple[str, str]] = {
    "de": ("{name}: Schließung aufgehoben", "Die Schließung ist aufgehoben, seit {opened}."),
    "en": ("{name}: closure lifted", "The closure has been lifted ({opened})."),
    "plain": ("{name} ist nicht mehr gesperrt", "{name} ist nicht mehr gesperrt. Das gilt seit {opened}."),
}
"""For an opening outside the regular hours: nobody can go in yet."""
_UNTIL: Mapping[Language, str] = {
    "de": "Voraussichtlich bleibt es bis {until} geschlossen.",
    "en": "It is expected to stay closed until {until}.",
    "plain": "Es bleibt wohl bis {until} zu.",
}
_OPEN_UNTIL: Mapping[Language, str] = {
    "de": "Das Bad hat heute bis {closes} geöffnet. Herzlich willkommen!",
    "en": "Today it stays open until {closes}. Welcome!",
    "plain": "Das Bad macht heute um {closes} zu. Herzlich willkommen!",
}
_OPEN: Mapping[Language, str] = {
    "de": "Sie können jetzt wieder kommen. Herzlich willkommen!",
    "en": "You can come again now. Welcome!",
    "plain": "Sie können jetzt wieder kommen. Herzlich willkommen!",
}
_OPENS: Mapping[Language, str] = {
    "de": "Die nächste Öffnung nach den üblichen Zeiten: {opens}.",
    "en": "By its regular hours it opens next: {opens}.",
    "plain": "Das Bad macht wieder auf: {opens}.",
}
_HOURS: Mapping[Language, str] = {
    "de": "Es gelten wieder die üblichen Öffnungszeiten.",
    "en": "The regular opening hours apply again.",
    "plain": "Es gelten wieder die normalen Zeiten.",
}
LANGUAGES: tuple[Language, ...] = ("de", "en", "plain")


@dataclass(frozen=True, slots=True)
class Closed:
    """What is to be said of a closure."""

    name: str
    reason: str
    since: datetime
    until: datetime | None
    told_at: datetime


def closed(closure: Closed, *, changed: bool = False) -> Texts:
    """Say that a pool is closed; `changed`: reason or end are others than those told before."""
    return {language: _closed(closure, language, "changed" if changed else "closed") for language in LANGUAGES}


def reopened(name: str, *, opened_at: datetime, hours: Now, told_at: datetime) -> Texts:
    """Say that a pool is open again, or when it opens by its regular hours."""

    def wording(language: Language) -> Wording:
        headline, lead = _FRAMES["reopened"][language] if hours.open else _LIFTED[language]
        opened = moment(opened_at, language, told_at=told_at)
        body = _sentences(lead.format(name=name, opened=opened), _from_now_on(hours, language, told_at))
        return Wording(headline.format(name=name), body)

    return {language: wording(language) for language in LANGUAGES}


def mistaken(name: str, *, since: datetime, hours: Now, told_at: datetime) -> Texts:
    """Say that a pool had been reported closed by mistake."""

    def wording(language: Language) -> Wording:
        headline, lead = _FRAMES["mistaken"][language]
        lead = lead.format(name=name, since=moment(since, language, told_at=told_at))
        return Wording(headline.format(name=name), _sentences(lead, _from_now_on(hours, language, told_at)))

    return {language: wording(language) for language in LANGUAGES}


def _closed(closure: Closed, language: Language, frame: str) -> Wording:
    reason = closure.reason if closure.reason in REASONS else "other"
    headline, lead = _FRAMES[frame][language]
    since = moment(closure.since, language, told_at=closure.told_at)
    until = closure.until and moment(closure.until, language, told_at=closure.told_at)
    body = _sentences(
        lead.format(name=closure.name, since=since),
        _WHY[reason][language],
        _UNTIL[language].format(until=until) if until else "",
        _ADVICE.get(reason, _DEFAULT_ADVICE)[language],
        _PROMISE[language],
    )
    return Wording(headline.format(name=closure.name, reason=REASONS[reason][language]), body)


def _from_now_on(hours: Now, language: Language, told_at: datetime) -> str:
    if hours.open and hours.closes_at:
        return _OPEN_UNTIL[language].format(closes=moment(hours.closes_at, language, told_at=told_at))
    if hours.open:
        return _OPEN[language]
    if hours.opens_at:
        return _OPENS[language].format(opens=moment(hours.opens_at, language, told_at=told_at))
    return _HOURS[language]


def _sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)
