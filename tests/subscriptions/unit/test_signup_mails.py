"""The two mails to one person: readable by every mail program, in three languages, and nothing slips into a header."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import get_args
from uuid import UUID

import pytest

from services.subscriptions.domain.announcing import Language
from services.subscriptions.domain.mail_words import CONFIRM, MANAGE, Posting, Words, compose
from tests.subscriptions.people import link_in, parsed, text_of
from tests.subscriptions.said import NOON

HOME = "https://rathaus.example"
SENDER = "Stadt Tangerhütte <meldungen@tangerhuette.example>"
POSTING = Posting(UUID(int=7), SENDER, "eva@example.com", NOON, HOME)
LINK = "https://rathaus.example/abo/bestaetigen/" + "x" * 120
TOPICS = ["Freibad <b>& mehr</b>", "Alles in Hüselitz"]


class Seen(HTMLParser):
    """What a mail program shows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.text = ""
        self.language: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]
        self.language = dict(attrs)["lang"] if tag == "html" else self.language

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("words", [CONFIRM, MANAGE])
@pytest.mark.parametrize("language", get_args(Language))
def test_every_mail_says_the_same_as_text_and_as_html(words: dict[Language, Words], language: Language) -> None:
    mail = parsed(compose(POSTING, language, words[language], link=LINK, topics=TOPICS if words is CONFIRM else ()))

    html = mail.get_body(("html",))
    assert html is not None
    seen = Seen(html.get_content())
    assert link_in(mail) == LINK
    prefix = {"de": "", "en": "/en", "plain": "/einfach"}[language]
    town = [f"{HOME}{prefix}/impressum", f"{HOME}{prefix}/datenschutz"]
    assert seen.links == [LINK, *town]
    assert "Stadt Tangerhütte" in seen.text
    assert text_of(mail).index("Stadt Tangerhütte") < text_of(mail).index(town[0]) < text_of(mail).index(town[1])
    assert not set(seen.tags) & {"img", "script", "b", "link"}
    assert seen.language == ("en" if language == "en" else "de")
    assert words[language].action in seen.text
    assert words[language].action in text_of(mail)
    assert (TOPICS[0] in seen.text) == (TOPICS[0] in text_of(mail)) == (words is CONFIRM)


def test_the_mail_names_its_sender_and_says_that_a_machine_wrote_it() -> None:
    mail = parsed(compose(POSTING, "de", CONFIRM["de"], link=LINK))

    assert mail["From"] == POSTING.sender
    assert mail["Message-ID"] == f"<{UUID(int=7).hex}@tangerhuette.example>"
    assert (mail["Auto-Submitted"], mail["Date"]) == ("auto-generated", "Sat, 04 Jul 2026 12:00:00 +0000")
    assert mail.defects == []


def test_the_same_mail_is_addressed_the_same_way_each_time() -> None:
    once, again = (parsed(compose(POSTING, "de", CONFIRM["de"], link=LINK)) for _ in range(2))

    assert once.items()[:-1] == again.items()[:-1]


def test_no_line_break_gets_into_a_header() -> None:
    evil = Posting(POSTING.mail_id, POSTING.sender, "eva@example.com\r\nBcc: all@example.com", NOON, HOME)

    with pytest.raises(ValueError, match="Header values"):
        compose(evil, "de", CONFIRM["de"], link=LINK)
