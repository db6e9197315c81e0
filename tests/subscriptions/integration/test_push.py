"""Web push against a service that decrypts and verifies, and answers in every way there is."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest
from py_vapid import Vapid02

from chassis.mailer import Outcome
from services.subscriptions.domain.announcing import Wording
from services.subscriptions.domain.envelope import house_of
from services.subscriptions.domain.letter import Letter
from services.subscriptions.gateways.push import PushGateway, PushSettings, public_key, read_key
from tests.subscriptions.integration.push_service import Browser, PushService, b64
from tests.subscriptions.unit.letters import INCIDENT, RELEASED, a_letter

HOUSE = house_of("Stadt Tangerhütte <meldungen@tangerhuette.example>", "https://portal.example")
CONTACT = "mailto:it@tangerhuette.example"


@pytest.fixture
async def service() -> AsyncGenerator[PushService]:
    async with PushService().listening() as listening:
        yield listening


@pytest.fixture
def key(tmp_path: Path) -> Vapid02:
    made = Vapid02()
    made.generate_keys()
    (tmp_path / "vapid.pem").write_bytes(made.private_pem())
    return read_key(tmp_path / "vapid.pem")


def gateway(service: PushService, key: Vapid02) -> PushGateway:
    return PushGateway(PushSettings(key, CONTACT, (service.host,)), house=HOUSE, now=lambda: RELEASED)


def to(browser: Browser, service: PushService, **matter: object) -> Letter:
    return a_letter(
        matter=matter,
        channel="push",
        email=None,
        push_endpoint=service.endpoint,
        push_p256dh=browser.p256dh,
        push_auth=b64(browser.auth),
    )


async def handed(service: PushService, key: Vapid02, **matter: object) -> Outcome:
    async with gateway(service, key) as push:
        return await push.hand_over(to(Browser(), service, **matter))


async def test_only_the_browser_can_read_it(service: PushService, key: Vapid02) -> None:
    browser = Browser()

    async with gateway(service, key) as push:
        outcome = await push.hand_over(to(browser, service))

    assert outcome == Outcome("accepted", "201")
    line, fields, body = service.requests[0]
    assert line == "POST /push/ada HTTP/1.1"
    assert browser.read(body) == {
        "title": "Freibad Tangerhütte geschlossen: Gewitter",
        "body": "Das Bad ist zu.\n\nBis etwa 16:00 Uhr.\n.Ein Punkt am Anfang",
        "url": f"https://portal.example/meldungen/{INCIDENT}",
        "tag": str(INCIDENT),
        "lang": "de",
    }
    assert (fields["ttl"], fields["urgency"], fields["topic"]) == ("7200", "high", INCIDENT.hex)
    assert fields["content-encoding"] == "aes128gcm"


async def test_the_town_signs_for_this_service_and_for_some_hours(service: PushService, key: Vapid02) -> None:
    await handed(service, key)

    authorization = service.requests[0][1]["authorization"]
    token, _, offered = authorization.removeprefix("vapid t=").partition(",k=")
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert Vapid02.verify(authorization)
    assert offered == public_key(key)
    assert (claims["aud"], claims["sub"]) == (f"http://{service.host}", CONTACT)
    assert claims["exp"] == int((RELEASED + timedelta(hours=12)).timestamp())


async def test_one_signature_serves_many_letters_until_it_grows_old(service: PushService, key: Vapid02) -> None:
    times = [RELEASED + timedelta(hours=hours) for hours in (0, 5, 7)]
    settings = PushSettings(key, CONTACT, (service.host,))

    async with PushGateway(settings, house=HOUSE, now=iter(times).__next__) as push:
        for _ in times:
            await push.hand_over(to(Browser(), service, expires_at=RELEASED + timedelta(days=1)))

    first, second, third = (fields["authorization"] for _, fields, _ in service.requests)
    assert first == second != third


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("202 Accepted", Outcome("accepted", "202")),
        ("404 Not Found", Outcome("refused", "404 gone")),
        ("410 Gone", Outcome("refused", "410 gone")),
        ("400 Bad Request", Outcome("refused", "400")),
        ("413 Too Large", Outcome("refused", "413")),
        ("403 Forbidden", Outcome("deferred", "403")),
        ("429 Too Many", Outcome("deferred", "429")),
        ("503 Later", Outcome("deferred", "503")),
    ],
)
async def test_an_answer_says_what_became_of_it(
    service: PushService, key: Vapid02, answer: str, outcome: Outcome
) -> None:
    service.answer = answer

    assert await handed(service, key) == outcome


async def test_a_redirect_is_not_followed(service: PushService, key: Vapid02) -> None:
    service.answer, service.fields = "302 Found", f"location: http://{service.host}/elsewhere\r\n"

    outcome = await handed(service, key)

    assert outcome == Outcome("refused", "302")
    assert len(service.requests) == 1


async def test_a_service_that_asks_for_a_pause_gets_it(service: PushService, key: Vapid02) -> None:
    service.answer, service.fields = "429 Too Many", "retry-after: 120\r\n"

    async with gateway(service, key) as push:
        outcomes = [await push.hand_over(to(Browser(), service)) for _ in range(3)]

    assert outcomes == [Outcome("deferred", "429")] * 3
    assert len(service.requests) == 1


async def test_an_answer_that_never_comes_leaves_it_open(service: PushService, key: Vapid02) -> None:
    service.silent = True

    assert await handed(service, key) == Outcome("unknown", "lost")


async def test_a_service_that_is_not_there_is_tried_later(key: Vapid02) -> None:
    async with PushService().listening() as gone:
        pass

    assert await handed(gone, key) == Outcome("deferred", "no connection")


async def test_an_address_that_is_no_push_service_of_ours_is_never_called(service: PushService, key: Vapid02) -> None:
    settings = PushSettings(key, CONTACT, ("*.push.services.mozilla.com",))

    async with PushGateway(settings, house=HOUSE) as push:
        outcome = await push.hand_over(to(Browser(), service))

    assert outcome.kind == "refused"
    assert service.requests == []


@pytest.mark.parametrize("p256dh", ["", "AAAA", "BA" + "A" * 85])
async def test_keys_that_are_none_concern_this_letter_only(service: PushService, key: Vapid02, p256dh: str) -> None:
    letter = a_letter(channel="push", push_endpoint=service.endpoint, push_p256dh=p256dh, push_auth="AAAA")

    async with gateway(service, key) as push:
        outcome = await push.hand_over(letter)

    assert outcome == Outcome("refused", "unusable keys")


@pytest.mark.parametrize("sign", ["ü", "🏊", "\\"])
async def test_a_long_text_is_cut_to_what_push_services_take(service: PushService, key: Vapid02, sign: str) -> None:
    browser = Browser()
    texts = {"de": Wording(sign * 120, sign * 5000)}

    async with gateway(service, key) as push:
        outcome = await push.hand_over(to(browser, service, texts=texts, urgency=2))

    assert outcome.kind == "accepted"
    assert len(service.requests[0][2]) < 4096
    assert browser.read(service.requests[0][2])["body"].endswith("…")
    assert service.requests[0][1]["urgency"] == "low"


async def test_what_has_expired_is_shown_at_once_or_never(service: PushService, key: Vapid02) -> None:
    await handed(service, key, expires_at=RELEASED - timedelta(seconds=5))

    assert service.requests[0][1]["ttl"] == "0"
