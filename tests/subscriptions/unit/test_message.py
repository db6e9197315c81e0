"""The mail of an announcement, read back by a mail parser."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.mailer import Mailer, MailRelaySettings
from services.subscriptions.domain import link_token
from services.subscriptions.domain.announcing import Language, Wording
from services.subscriptions.domain.envelope import house_of
from services.subscriptions.domain.letter import Letter
from services.subscriptions.gateways.mail import MailGateway
from tests.subscriptions.unit.letters import INCIDENT, a_letter

KEY = b"k" * 32
PORTAL = "https://portal.tangerhuette.example"
HOUSE = house_of("Stadt Tangerhütte <meldungen@tangerhuette.example>", PORTAL + "/")
LANGUAGES: tuple[Language, ...] = ("de", "en", "plain")


def topic_name(topic: str, language: Language) -> str:
    return f"{topic} ({language}, für Sie)"


def raw(letter: Letter) -> bytes:
    mailer = Mailer(MailRelaySettings("127.0.0.1", 25))
    return MailGateway(mailer, house=HOUSE, key=KEY, topic_name=topic_name).content(letter)


def read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=default)


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_reads_back_as_it_was_written(language: Language) -> None:
    letter = a_letter(language=language)

    mail = read(raw(letter))

    wording = letter.matter.texts[language]
    assert mail.defects == []
    assert mail["Subject"] == wording.headline
    assert (mail["From"], mail["To"]) == ("Stadt Tangerhütte <meldungen@tangerhuette.example>", "ada@fast.example")
    assert wording.body in part(mail, "plain")
    assert f'lang="{"en" if language == "en" else "de"}"' in part(mail, "html")
    assert topic_name(letter.topic, language) in part(mail, "plain")


def test_a_mail_is_ascii_with_short_lines_and_proper_ends() -> None:
    content = raw(a_letter())

    head, _, body = content.partition(b"\r\n\r\n")
    assert content.isascii()
    assert not re.search(rb"[^\r]\n|\r[^\n]", content)
    assert max(len(line) for line in body.split(b"\r\n")) <= 76
    assert max(len(line) for line in head.split(b"\r\n")) <= 998


def test_a_mail_can_be_left_by_one_click() -> None:
    mail = read(raw(a_letter()))

    target = re.fullmatch(rf"<{PORTAL}/abo/abmelden/(\S+)>", mail["List-Unsubscribe"])

    assert target is not None
    assert link_token.read(KEY, "unsubscribe", target[1]) == "42:1:11"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (mail["Auto-Submitted"], mail["Precedence"]) == ("auto-generated", "bulk")
    assert mail["List-Id"] == "<pool.freibad-tangerhuette.tangerhuette.example>"


@pytest.mark.parametrize(("language", "prefix"), [("de", ""), ("en", "/en"), ("plain", "/einfach")])
def test_every_link_leads_to_the_portal_in_the_persons_language(language: Language, prefix: str) -> None:
    mail = read(raw(a_letter(language=language)))

    links = Links.of(part(mail, "html"))
    preferences = link_token.sign(KEY, "preferences", "42:1")
    own = {
        f"{PORTAL}{prefix}/meldungen/{INCIDENT}",
        f"{PORTAL}{prefix}/abo/einstellungen/{preferences}",
        f"{PORTAL}{prefix}/abo/einstellungen/{preferences}/warum?meldung={INCIDENT}",
        f"{PORTAL}{prefix}/abo/abmelden/{link_token.sign(KEY, 'unsubscribe', '42:1:11')}",
        f"{PORTAL}{prefix}/impressum",
        f"{PORTAL}{prefix}/datenschutz",
    }
    assert set(links) == own | {f"{PORTAL}/en/meldungen/{INCIDENT}"}
    assert all(each in part(mail, "plain") for each in links)


def test_a_mail_loads_nothing_and_tells_nobody_that_it_was_read() -> None:
    html = part(read(raw(a_letter())), "html")

    assert not re.search(r"<(img|script|link|iframe|object|form)\b|url\(|@import|\bon[a-z]+=", html)


def test_an_update_stands_under_the_first_mail_of_its_incident_and_has_its_own_identity() -> None:
    first = read(raw(a_letter()))
    update = read(raw(a_letter(matter={"announcement_id": 12, "number": 2, "kind": "update"})))
    others = read(raw(a_letter(subscriber_id=43)))

    assert first["In-Reply-To"] is None
    assert update["In-Reply-To"] == update["References"] == first["Message-ID"]
    assert len({first["Message-ID"], update["Message-ID"], others["Message-ID"]}) == 3


def test_the_same_letter_is_the_same_mail_bit_for_bit() -> None:
    assert raw(a_letter()) == raw(a_letter())


def test_what_is_for_staff_leads_to_their_pages() -> None:
    mail = read(raw(a_letter(topic="staff.freibad-tangerhuette")))

    assert f"{PORTAL}/dienst\n" in part(mail, "plain")
    assert "/meldungen/" not in part(mail, "plain")


@settings(max_examples=60, deadline=None)
@given(headline=st.text(max_size=120), body=st.text(max_size=400))
def test_no_text_can_break_out_of_its_place(headline: str, body: str) -> None:
    wording = Wording(headline + "\r\nBcc: eve@evil.example", body + "\0recipient\0\n--=_alternative--\n</main>")

    mail = read(raw(a_letter(matter={"texts": {"de": wording}})))

    assert mail["Bcc"] is None
    assert mail.defects == []
    assert len(list(mail.iter_parts())) == 2
    assert part(mail, "html").count("</main>") == 1
    assert "ada@fast.example" not in part(mail, "plain")
    assert "Bcc: eve@evil.example" in str(mail["Subject"])


def test_a_long_subject_is_folded_and_reads_back() -> None:
    for headline in ("Straßensperrung " * 12, "Plain ascii words " * 10, "=?utf-8?q?not_encoded?="):
        content = raw(a_letter(matter={"texts": {"de": Wording(headline, "x")}}))

        assert max(len(line) for line in content.partition(b"\r\nDate")[0].split(b"\r\n")) <= 78
        assert str(read(content)["Subject"]).split() == headline.split()


def test_tokens_are_found_whole_in_the_text_whatever_their_length() -> None:
    for subscriber in (1, 12345, 123456789012):
        mail = read(raw(a_letter(subscriber_id=subscriber, link_version=99)))

        assert f"/{link_token.sign(KEY, 'preferences', f'{subscriber}:99')}\n" in part(mail, "plain")


@pytest.mark.parametrize("text", ["", "Stadt", "Stadt <>", "Stadt <jürgen@x.example>"])
def test_a_town_without_a_usable_address_cannot_send(text: str) -> None:
    with pytest.raises(ValueError, match="Name <address>"):
        house_of(text, PORTAL)


class Links(HTMLParser):
    """The targets of all links."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @classmethod
    def of(cls, html: str) -> list[str]:
        parser = cls()
        parser.feed(html)
        return parser.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs)["href"] or "")
