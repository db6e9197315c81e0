"""What is said when an alert ends, was wrong, or waits for a second person. Without links: the mail adds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.subscriptions.domain.announcing import Language, Texts, Wording, worded
from services.subscriptions.domain.local_time import moment

_TOWN = ZoneInfo("Europe/Berlin")

_ENDED: dict[Language, tuple[str, str]] = {
    "de": ("Entwarnung: {}", "Unsere Meldung „{}“ ist erledigt. Sie müssen nichts weiter beachten."),
    "en": ("All clear: {}", "Our message “{}” no longer applies. There is nothing more you need to do."),
    "plain": ("Es ist vorbei: {}", "Wir haben Ihnen geschrieben: „{}“. Das ist jetzt vorbei. Sie müssen nichts tun."),
}
_MISTAKEN: dict[Language, tuple[str, str]] = {
    "de": (
        "Korrektur: {}",
        "Unsere Meldung „{}“ war ein Versehen und trifft nicht zu. Bitte entschuldigen Sie die Störung.",
    ),
    "en": ("Correction: {}", "Our message “{}” was sent by mistake and is not true. We apologise for the disturbance."),
    "plain": (
        "Das stimmt nicht: {}",
        "Wir haben Ihnen geschrieben: „{}“. Das war ein Fehler. Die Nachricht stimmt nicht. Bitte entschuldigen Sie.",
    ),
}


_FROM_TO: dict[Language, str] = {
    "de": "Gilt von {} bis {}.",
    "en": "Applies from {} to {}.",
    "plain": "Das gilt von {} bis {}.",
}
_WHOLE_TOWN: dict[Language, str] = {
    "de": "ganzes Gemeindegebiet",
    "en": "the whole municipality",
    "plain": "überall in der Stadt und in den Dörfern",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What an alert is about, where and when it holds."""

    category: Mapping[Language, str]
    places: tuple[str, ...]
    """Names; none means the whole municipality."""
    valid_from: datetime
    valid_until: datetime


def placed(alert: Texts, scope: Scope, *, told_at: datetime) -> Texts:
    """Say first what it is about, where and when: a street of that name is in several villages."""
    return {
        language: Wording(said.headline, _placed(said.body, scope, language, told_at))
        for language, said in alert.items()
    }


def _placed(body: str, scope: Scope, language: Language, told_at: datetime) -> str:
    where = ", ".join(scope.places) or _WHOLE_TOWN[language]
    span = (moment(each, language, told_at=told_at) for each in (scope.valid_from, scope.valid_until))
    return f"{scope.category[language]}: {where}.\n{_FROM_TO[language].format(*span)}\n\n{body}"


def ended(alert: Texts, *, mistaken: bool) -> Texts:
    """Return the all-clear or the correction; an alert without a translation is quoted in German."""
    words = _MISTAKEN if mistaken else _ENDED
    return {
        language: Wording(headline.format(said), body.format(said))
        for language, (headline, body) in words.items()
        for said in (worded(alert, language).headline,)
    }


def awaiting_release(alert: Texts, *, people: int, until: datetime) -> Texts:
    """Tell the approvers that a message waits for them."""
    headline = alert["de"].headline
    circle = f"{people:,}".replace(",", ".")
    last = f"{until.astimezone(_TOWN):%d.%m.%Y, %H:%M} Uhr"
    return {
        "de": Wording(
            f"Freigabe nötig: {headline}",
            f"Eine Meldung an {circle} Personen wartet auf eine zweite Person. "
            f"Bitte prüfen Sie sie im Dienstbereich unter „Meldungen“ und geben Sie sie frei oder lehnen Sie sie ab. "
            f"Ohne Freigabe verfällt sie am {last}.",
        )
    }
