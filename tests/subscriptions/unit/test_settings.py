"""What an operator sets, and what cannot be meant so."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.subscriptions.domain import consent
from services.subscriptions.settings import SubscriptionsSettings


def settings_of(*, tls: bool) -> SubscriptionsSettings:
    return SubscriptionsSettings(
        key_file=Path("key"), vapid_key_file=Path("vapid.pem"), mail_user="stadt", mail_tls=tls
    )


def test_a_password_is_not_sent_in_the_clear() -> None:
    with pytest.raises(ValidationError, match="needs TLS"):
        settings_of(tls=False)

    assert settings_of(tls=True).mail_user == "stadt"


def test_people_consent_to_their_own_town() -> None:
    texts = consent.texts("Gemeinde Beispiel")

    assert {*texts} == {"de", "en", "plain"}
    assert all("Gemeinde Beispiel" in text and "{" not in text for text in texts.values())
    assert not any("Tangerhütte" in text for text in texts.values())
