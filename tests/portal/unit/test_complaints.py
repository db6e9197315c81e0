"""What a service refuses is told in the language of the page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.portal.api.appointment_details import complaint_of
from services.portal.gateways.calls import Refused
from services.portal.web.languages import Language
from services.portal.web.say import Say
from services.portal.words import WORDS


@pytest.mark.parametrize(
    ("language", "beginning"), [("de", "Unter dieser"), ("en", "There are"), ("plain", "Sie haben")]
)
def test_too_many_appointments_are_told_in_the_language_of_the_page(language: Language, beginning: str) -> None:
    refused = Refused(429, {"code": "limit_email", "title": "Unter dieser Adresse gibt es schon viele Termine."})

    assert complaint_of(refused, Say(language, lambda: datetime.now(tz=UTC))).startswith(beginning)


def test_a_refusal_that_is_not_about_the_form_goes_on_its_way() -> None:
    with pytest.raises(Refused):
        complaint_of(Refused(500, {"code": "odd"}), Say("de", lambda: datetime.now(tz=UTC)))


@pytest.mark.parametrize("cookie", ["termin", "termin-angaben", "warteraum"])
def test_the_privacy_page_names_every_cookie_of_the_appointments(cookie: str) -> None:
    german, english, _ = WORDS["legal.privacy_visit_cookies"]

    assert f"„{cookie}“" in german
    assert f"“{cookie}”" in english
