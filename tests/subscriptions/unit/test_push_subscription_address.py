"""Push endpoints: only known services, and keys that can encrypt."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.subscriptions.domain.push_address import are_keys, is_allowed
from tests.subscriptions.people import HOSTS, a_browser, base64url

MOZILLA = "https://updates.push.services.mozilla.com"


@pytest.mark.parametrize(
    "endpoint",
    [
        f"{MOZILLA}/wpush/v2/gAAAAA",
        f"{MOZILLA}:443/wpush/v2/gAAAAA",
        "https://db5p.notify.windows.com/w/?token=BQYA",
        "http://127.0.0.1:9999/push/1",
    ],
)
def test_known_push_services_are_called(endpoint: str) -> None:
    assert is_allowed(endpoint, HOSTS)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://updates.push.services.mozilla.com/x",
        f"{MOZILLA}:8443/x",
        f"{MOZILLA}.evil.example/x",
        "https://evil.example/updates.push.services.mozilla.com",
        "https://updates.push.services.mozilla.com@evil.example/x",
        "https://user@updates.push.services.mozilla.com/x",
        "https://evil.example\\@updates.push.services.mozilla.com/x",
        "https://notify.windows.com/x",
        "https://evilnotify.windows.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://127.0.0.1:9998/x",
        "http://127.0.0.1:9999@evil.example/x",
        "https://updates.push.services.mozilla.com\n.evil.example/x",
        f"{MOZILLA}:99999/x",
        f"{MOZILLA}/{'x' * 1024}",
        "",
    ],
)
def test_nothing_else_is_called(endpoint: str) -> None:
    assert not is_allowed(endpoint, HOSTS)


@given(st.text(max_size=80))
def test_any_text_is_judged(text: str) -> None:
    assert not is_allowed(text, HOSTS)
    assert not is_allowed(f"https://{text}/", ("push.example",)) or text.lower().startswith("push.example")


@given(st.integers(min_value=1, max_value=10**9))
def test_the_keys_of_a_browser_are_taken(number: int) -> None:
    _, p256dh, auth = astuple(a_browser(number))

    assert are_keys(p256dh, auth)
    assert are_keys(p256dh + "=", auth + "==")


@given(st.binary(min_size=64, max_size=64))
def test_bytes_by_chance_are_no_point_on_the_curve(chance: bytes) -> None:
    assert not are_keys(base64url(b"\x04" + chance), base64url(b"x" * 16))


@pytest.mark.parametrize(("p256dh", "auth"), [("", ""), ("ä", "ä"), ("AAAA", "AAAA"), ("a" * 88, "a" * 22)])
def test_what_is_no_key_is_refused(p256dh: str, auth: str) -> None:
    assert not are_keys(p256dh, auth)
