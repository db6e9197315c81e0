"""Whose forms we take, what our cookies say, how often one may ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from starlette.requests import Request
from starlette.responses import Response

from services.portal.web.cookies import Cookies
from services.portal.web.languages import localised, place_of
from services.portal.web.limits import Limit, client_of
from services.portal.web.security import from_here, headers

NOW = datetime(2026, 7, 21, 12, tzinfo=UTC)
HOME = "https://rathaus.example"


def request(path: str = "/abo", **named: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in named.items()]
    return Request(
        {
            "type": "http",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "query_string": b"",
            "headers": [(b"host", b"127.0.0.1:8080"), *raw],
            "client": ("192.0.2.7", 1),
        }
    )


@pytest.mark.parametrize(
    ("named", "taken"),
    [
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "none"}, True),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "cross-site", "origin": HOME}, False),
        ({"origin": HOME}, True),
        ({"origin": "http://127.0.0.1:8080"}, True),
        ({"origin": "https://rathaus.example.evil.example"}, False),
        ({"origin": "null"}, False),
        ({}, False),
    ],
)
def test_a_form_is_taken_from_our_own_pages_only(named: dict[str, str], taken: bool) -> None:
    assert from_here(request(**named), HOME) is taken


def test_a_page_that_hides_its_origin_is_ours_when_a_token_is_its_only_right() -> None:
    assert from_here(request(origin="null"), HOME, token_in_path=True)


def test_a_foreign_page_is_refused_even_where_a_token_is_the_right() -> None:
    assert not from_here(request(origin="https://evil.example"), HOME, token_in_path=True)


def test_a_private_page_is_kept_by_nobody() -> None:
    named = headers(secure=True, private=True)

    assert (named["Cache-Control"], named["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "noindex" in named["X-Robots-Tag"]


def test_only_framed_pages_may_stand_in_other_sites() -> None:
    policies = [headers(secure=False, framed=framed)["Content-Security-Policy"] for framed in (False, True)]

    assert ["frame-ancestors 'none'" in policies[0], "frame-ancestors *" in policies[1]] == [True, True]
    assert all("unsafe" not in policy for policy in policies)


def with_cookie(cookies: Cookies, name: str, value: str) -> Request:
    answer = Response()
    cookies.set(answer, name, value, until=NOW + timedelta(hours=1))
    return request(cookie=answer.headers["set-cookie"].partition(";")[0])


def test_a_cookie_says_what_we_wrote() -> None:
    cookies = Cookies(b"k" * 32, secure=True)

    assert cookies.get(with_cookie(cookies, "anmeldung", "de pool.x"), "anmeldung", now=NOW) == "de pool.x"


def test_a_cookie_of_another_key_or_name_or_time_says_nothing() -> None:
    cookies = Cookies(b"k" * 32, secure=False)
    ours = with_cookie(cookies, "anmeldung", "de pool.x")
    renamed = request(cookie=ours.headers["cookie"].replace("anmeldung=", "dienst="))

    assert cookies.get(with_cookie(Cookies(b"x" * 32, secure=False), "anmeldung", "a"), "anmeldung", now=NOW) is None
    assert cookies.get(renamed, "dienst", now=NOW) is None
    assert cookies.get(ours, "anmeldung", now=NOW + timedelta(hours=2)) is None


def test_a_key_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Cookies(b"short", secure=True)


@pytest.mark.parametrize("value", ["", ".", "a.b", "é.ü", "x" * 5000])
def test_a_mangled_cookie_says_nothing(value: str) -> None:
    cookies = Cookies(b"k" * 32, secure=False)

    assert cookies.get(request(cookie=f"anmeldung={value}"), "anmeldung", now=NOW) is None


@pytest.mark.parametrize("secure", [True, False])
def test_no_script_reads_our_cookies(secure: bool) -> None:
    answer = Response()

    Cookies(b"k" * 32, secure=secure).set(answer, "anmeldung", "x", until=NOW)

    told = answer.headers["set-cookie"].lower()
    assert "httponly" in told
    assert "samesite=lax" in told
    assert ("secure" in told, told.startswith("__host-")) == (secure, secure)


def test_a_client_waits_when_its_bucket_is_empty() -> None:
    clock = [0.0]
    limit = Limit(burst=2, seconds=10, now=lambda: clock[0])

    asked = [limit.allows("a"), limit.allows("a"), limit.allows("a"), limit.allows("b")]
    clock[0] = 10.0

    assert asked == [True, True, False, True]
    assert limit.allows("a")


def test_the_client_is_the_last_one_that_the_proxy_names() -> None:
    asked = request(x_forwarded_for="198.51.100.1, 203.0.113.9")

    assert [client_of(asked, header) for header in ("x-forwarded-for", "")] == ["203.0.113.9", "192.0.2.7"]


@pytest.mark.parametrize("path", ["/", "/bad/freibad", "/english", "/einfacher"])
def test_a_page_has_one_address_per_language(path: str) -> None:
    assert [place_of(localised(path, language)).path for language in ("de", "en", "plain")] == [path] * 3


def test_no_address_makes_a_link_to_another_host() -> None:
    assert [place_of(path).path for path in ("//evil.example", "/en//evil.example", "/einfach///x")] == [
        "/evil.example",
        "/evil.example",
        "/x",
    ]


def test_all_addresses_of_a_line_are_one_client() -> None:
    told = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1", "192.0.2.7", "::ffff:192.0.2.7"]

    found = [client_of(request(x_forwarded_for=each), "x-forwarded-for") for each in told]

    assert found[0] == found[1] != found[2]
    assert found[3] == found[4] == "192.0.2.7"
