"""A letter by e-mail through a real relay: what is on its envelope, and what a host that is gone makes of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from chassis.mailer import Mailer, MailRelaySettings, Outcome
from services.subscriptions.domain import link_token
from services.subscriptions.domain.envelope import house_of
from services.subscriptions.gateways.mail import MailGateway
from tests.simulators.mail.post_office import PostOffice
from tests.subscriptions.unit.letters import a_letter

KEY = b"k" * 32
HOUSE = house_of("Stadt Tangerhütte <meldungen@tangerhuette.example>", "https://portal.example")


@pytest.fixture
async def post(tmp_path: Path) -> AsyncGenerator[tuple[PostOffice, MailGateway]]:
    with PostOffice(tmp_path) as office:
        mailer = Mailer(MailRelaySettings("127.0.0.1", office.port))
        yield office, MailGateway(mailer, house=HOUSE, key=KEY, topic_name=lambda _topic, _language: "Freibad")
        await mailer.close()


async def test_a_letter_arrives_and_a_bounce_would_name_it(post: tuple[PostOffice, MailGateway]) -> None:
    office, gateway = post

    outcome = await gateway.hand_over(a_letter(delivery_id=77))

    arrived = office.mails("ada@fast.example")[0]
    local, _, domain = arrived["sender"].lower().partition("@")
    assert outcome == Outcome("accepted", "250 2.0.0")
    assert domain == "tangerhuette.example"
    assert link_token.read(KEY, "bounce", local.removeprefix("bounce+")) == "77"
    assert arrived["subject"] == "Freibad Tangerhütte geschlossen: Gewitter"
    assert ".Ein Punkt am Anfang" in arrived["text"]


async def test_the_same_letter_again_is_known_by_its_message_id(post: tuple[PostOffice, MailGateway]) -> None:
    office, gateway = post
    office.faults({"domain": "*", "kind": "drop_after", "times": 1})

    outcomes = [await gateway.hand_over(a_letter()) for _ in range(2)]

    assert [each.kind for each in outcomes] == ["unknown", "accepted"]
    assert office.summary()["distinct_message_ids"] == 1


def test_the_local_part_of_an_envelope_sender_fits_after_very_many_deliveries() -> None:
    token = link_token.sign(KEY, "bounce", f"{10**15}")

    assert len(f"bounce+{token}") <= 64


async def test_a_letter_without_an_address_is_refused(post: tuple[PostOffice, MailGateway]) -> None:
    outcome = await post[1].hand_over(a_letter(email=None))

    assert outcome.kind == "refused"
