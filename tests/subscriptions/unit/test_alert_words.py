"""What is said around the words of an alert."""

from __future__ import annotations

from datetime import UTC, datetime

from services.subscriptions.domain.alert_words import Scope, placed
from services.subscriptions.domain.announcing import Texts, Wording
from services.subscriptions.storage.topics import scope_of

TOLD_AT = datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
ALERT: Texts = {
    "de": Wording("Dorfstraße gesperrt", "Bitte fahren Sie über Grieben."),
    "en": Wording("Dorfstrasse closed", "Please go by Grieben."),
    "plain": Wording("Die Dorfstraße ist zu", "Fahren Sie über Grieben."),
}


def scope(*areas: str) -> Scope:
    found = scope_of(
        {
            "category": "road_closed",
            "areas": areas,
            "valid_from": "2026-07-01T07:00:00+00:00",
            "valid_until": "2026-07-03T16:00:00+00:00",
        }
    )
    assert found is not None
    return found


def test_an_alert_says_first_what_it_is_about_where_and_when() -> None:
    told = placed(ALERT, scope("uetz", "weissewarte"), told_at=TOLD_AT)

    assert told["de"] == Wording(
        "Dorfstraße gesperrt",
        "Straßensperrungen: Uetz, Weißewarte.\n"
        "Gilt von 09:00 Uhr bis Freitag, 3. Juli, 18:00 Uhr.\n\n"
        "Bitte fahren Sie über Grieben.",
    )
    assert told["en"].body.startswith(
        "Road closures: Uetz, Weißewarte.\nApplies from 09:00 to Friday 3 July, 18:00.\n\n"
    )
    assert told["plain"].body.startswith("Eine Straße ist gesperrt: Uetz, Weißewarte.\n")


def test_one_that_names_no_place_says_that_it_holds_everywhere() -> None:
    assert placed(ALERT, scope(), told_at=TOLD_AT)["de"].body.startswith("Straßensperrungen: ganzes Gemeindegebiet.\n")


def test_the_state_of_a_pool_has_no_scope() -> None:
    assert scope_of({"pool": "freibad", "reason": "storm"}) is None
