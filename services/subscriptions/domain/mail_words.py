"""The two mails to one person: please confirm, and here is your link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from html import escape
from uuid import UUID

from services.subscriptions.domain.announcing import Language
from services.subscriptions.domain.message_page import labelled
from services.subscriptions.domain.message_words import FRAMES

PREFIX: Mapping[Language, str] = {"de": "", "en": "/en", "plain": "/einfach"}
"""Where the portal keeps its languages."""
_HTML_LANGUAGE: Mapping[Language, str] = {"de": "de", "en": "en", "plain": "de"}


@dataclass(frozen=True, slots=True)
class Words:
    """A mail in one language; the link stands between `before` and `after`."""

    subject: str
    before: str
    action: str
    after: str
    topics: str = ""
    """The line above the topics."""


@dataclass(frozen=True, slots=True)
class Posting:
    """Who sends what to whom."""

    mail_id: UUID
    sender: str
    recipient: str
    at: datetime
    home: str
    """The portal, without a slash at the end."""


CONFIRM: Mapping[Language, Words] = {
    "de": Words(
        subject="Bitte bestätigen Sie Ihre Anmeldung",
        before="Guten Tag,\n\njemand hat diese Adresse für Nachrichten der Stadt angemeldet. Waren Sie das? "
        "Dann bestätigen Sie es bitte innerhalb von 48 Stunden.",
        topics="Gewählte Themen:",
        action="Anmeldung bestätigen",
        after="Waren Sie das nicht? Dann brauchen Sie nichts zu tun: Ohne Bestätigung schreiben wir Ihnen nicht, "
        "und Ihre Adresse wird nach sieben Tagen gelöscht.",
    ),
    "en": Words(
        subject="Please confirm your sign-up",
        before="Hello,\n\nsomebody has signed up this address for messages of the town. Was it you? "
        "Then please confirm it within 48 hours.",
        topics="Topics chosen:",
        action="Confirm sign-up",
        after="Was it not you? Then there is nothing to do: without a confirmation we will not write to you, "
        "and your address will be erased after seven days.",
    ),
    "plain": Words(
        subject="Bitte bestätigen Sie Ihre Anmeldung",
        before="Guten Tag,\n\njemand hat Ihre E-Mail-Adresse bei der Stadt angemeldet.\nWaren Sie das?\n"
        "Dann klicken Sie bitte auf den Link. Sie haben dafür 48 Stunden Zeit.",
        topics="Das sind die Themen:",
        action="Ja, ich möchte Nachrichten bekommen",
        after="Waren Sie das nicht?\nDann müssen Sie nichts tun. Sie bekommen keine Nachrichten.\n"
        "Wir löschen Ihre Adresse nach sieben Tagen.",
    ),
}
MANAGE: Mapping[Language, Words] = {
    "de": Words(
        subject="Ihr Link zu Ihren Einstellungen",
        before="Guten Tag,\n\nmit diesem Link sehen und ändern Sie, welche Nachrichten der Stadt Sie bekommen. "
        "Sie können dort auch alles beenden und Ihre Angaben löschen.",
        action="Einstellungen öffnen",
        after="Geben Sie den Link nicht weiter: Wer ihn hat, kann Ihre Einstellungen ändern. "
        "Haben Sie ihn nicht angefordert? Dann brauchen Sie nichts zu tun.",
    ),
    "en": Words(
        subject="Your link to your settings",
        before="Hello,\n\nwith this link you see and change which messages of the town you get. "
        "You can also end them all there and have your data erased.",
        action="Open settings",
        after="Please do not pass the link on: whoever has it can change your settings. "
        "Have you not asked for it? Then there is nothing to do.",
    ),
    "plain": Words(
        subject="Ihr Link zu Ihren Einstellungen",
        before="Guten Tag,\n\nmit diesem Link sehen Sie: Welche Nachrichten bekomme ich von der Stadt?\n"
        "Sie können das auch ändern. Und Sie können alles beenden.",
        action="Einstellungen öffnen",
        after="Geben Sie den Link nicht weiter. Wer den Link hat, kann Ihre Einstellungen ändern.\n"
        "Haben Sie den Link nicht bestellt? Dann müssen Sie nichts tun.",
    ),
}


def compose(posting: Posting, language: Language, words: Words, *, link: str, topics: Sequence[str] = ()) -> bytes:
    """Return the whole message (RFC 5322) as text and as simple HTML; the Message-ID is derived from the mail's id."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = posting.sender
    mail["To"] = posting.recipient
    mail["Subject"] = words.subject
    mail["Date"] = format_datetime(posting.at)
    mail["Message-ID"] = f"<{posting.mail_id.hex}@{_domain(posting.sender)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = _HTML_LANGUAGE[language]
    foot = _foot(posting, language)
    mail.set_content(_text(words, link, topics, foot), cte="quoted-printable")
    mail.add_alternative(_html(language, words, link, topics, foot), subtype="html", cte="quoted-printable")
    return mail.as_bytes()


def _domain(sender: str) -> str:
    return sender.rpartition("@")[2].rstrip("> ")


@dataclass(frozen=True, slots=True)
class _Foot:
    """Who writes (§ 5 DDG, Art. 13 DSGVO): to a stranger's mailbox it is the first letter."""

    town: str
    links: Sequence[tuple[str, str]]


def _foot(posting: Posting, language: Language) -> _Foot:
    frame = FRAMES[language]
    here = f"{posting.home}{PREFIX[language]}"
    links = ((frame.imprint, f"{here}/impressum"), (frame.privacy, f"{here}/datenschutz"))
    return _Foot(parseaddr(posting.sender)[0], links)


def _text(words: Words, link: str, topics: Sequence[str], foot: _Foot) -> str:
    chosen = [words.topics + "".join(f"\n- {each}" for each in topics)] if topics else []
    ends = "\n".join(["-- ", foot.town, *(labelled(name, target) for name, target in foot.links)])
    return "\n\n".join([words.before, *chosen, f"{words.action}:\n{link}", words.after, ends]) + "\n"


def _html(language: Language, words: Words, link: str, topics: Sequence[str], foot: _Foot) -> str:
    ends = " · ".join(f'<a href="{escape(target)}">{escape(name)}</a>' for name, target in foot.links)
    chosen = "".join(f"<li>{escape(each)}</li>" for each in topics)
    return (
        f'<!doctype html><html lang="{_HTML_LANGUAGE[language]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(words.subject)}</title></head>"
        '<body style="font:16px/1.5 sans-serif;max-width:36em;margin:0 auto;padding:1em">'
        f"{_paragraphs(words.before)}"
        + (f"<p>{escape(words.topics)}</p><ul>{chosen}</ul>" if topics else "")
        + f'<p style="margin:1.5em 0"><a href="{escape(link)}" style="display:inline-block;padding:.75em 1.25em;'
        f'background:#0b4f8a;color:#fff;border-radius:4px">{escape(words.action)}</a></p>'
        f"{_paragraphs(words.after)}"
        f'<p style="font-size:14px">{escape(foot.town)}<br>{ends}</p></body></html>\n'
    )


def _paragraphs(text: str) -> str:
    parts = (escape(part).replace("\n", "<br>") for part in text.split("\n\n"))
    return "".join(f"<p>{part}</p>" for part in parts)
