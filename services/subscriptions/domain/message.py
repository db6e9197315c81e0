"""An announcement as a mail (RFC 5322): composed once for language and topic, with gaps for what differs by person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from uuid import UUID

from services.subscriptions.domain.announcing import Kind, Language, Wording
from services.subscriptions.domain.envelope import House, list_id
from services.subscriptions.domain.hours import LOCAL
from services.subscriptions.domain.message_page import Links, Page, html, text
from services.subscriptions.domain.message_words import FRAMES
from services.subscriptions.domain.slots import Gapped, clean, one_line, quoted_printable, slot, without_gaps
from services.subscriptions.domain.topics import STAFF

RECIPIENT, MESSAGE_ID, FIRST_MESSAGE_ID = "recipient", "message_id", "first_message_id"
PREFERENCES, UNSUBSCRIBE = "preferences", "unsubscribe"
_BOUNDARY = "=_alternative"
"""Quoted-printable never writes it."""
_LONGEST_PLAIN_SUBJECT = 68


@dataclass(frozen=True, slots=True)
class Draft:
    """What all who get it in one language for one topic have in common."""

    house: House
    language: Language
    wording: Wording
    kind: Kind
    incident_id: UUID
    topic: str
    topic_name: str
    released_at: datetime
    is_first: bool
    """The first mail of its incident; later ones refer to it, so that mail programs show them together."""


def compose(draft: Draft) -> Gapped:
    """Return the whole message with its gaps: recipient, Message-IDs and the tokens of the person's links."""
    page = _page(draft)
    head = [
        *_headers(draft, page),
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{_BOUNDARY}"',
        "",
        "",
    ]
    return Gapped(
        "\r\n".join(head).encode()
        + _part("plain", text(page))
        + _part("html", html(page))
        + f"--{_BOUNDARY}--\r\n".encode()
    )


def plain_text(draft: Draft) -> str:
    """Return the text as a preview shows it; the gaps for a person's links are dots."""
    return without_gaps(text(_page(draft)))


def details_link(house: House, language: Language, topic: str, incident_id: UUID) -> str:
    """Return where the portal tells more; what is for staff only is not public."""
    if topic.startswith(STAFF):
        return f"{house.portal_url}/dienst"
    return f"{house.portal_url}{FRAMES[language].path}/meldungen/{incident_id}"


def _part(kind: str, content: str) -> bytes:
    head = (
        f"--{_BOUNDARY}\r\nContent-Type: text/{kind}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode() + quoted_printable(content) + b"\r\n"


def _headers(draft: Draft, page: Page) -> list[str]:
    house = draft.house
    one_click = f"{house.portal_url}/abo/abmelden/{slot(UNSUBSCRIBE)}"
    earlier = slot(FIRST_MESSAGE_ID)
    return [
        f"From: {house.mailbox}",
        f"To: {slot(RECIPIENT)}",
        f"Subject: {_encoded(page.headline)}",
        f"Date: {format_datetime(draft.released_at)}",
        f"Message-ID: {slot(MESSAGE_ID)}",
        *(() if draft.is_first else (f"In-Reply-To: {earlier}", f"References: {earlier}")),
        f"List-Id: {list_id(draft.topic, house.domain)}",
        f"List-Unsubscribe: <{one_click}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Auto-Submitted: auto-generated",
        "Precedence: bulk",
        f"Content-Language: {FRAMES[draft.language].html_language}",
    ]


def _page(draft: Draft) -> Page:
    frame = FRAMES[draft.language]
    here = draft.house.portal_url + frame.path
    other = "" if draft.topic.startswith(STAFF) else details_link(draft.house, "en", draft.topic, draft.incident_id)
    preferences = f"{here}/abo/einstellungen/{slot(PREFERENCES)}"
    return Page(
        frame=frame,
        kind=frame.kinds[draft.kind],
        is_warning=draft.kind in ("alert", "update"),
        headline=one_line(draft.wording.headline),
        body=clean(draft.wording.body).strip(),
        as_of=frame.as_of.format(_instant(draft.released_at, draft.language)),
        why=frame.why.format(one_line(draft.topic_name)),
        house=draft.house.name,
        links=Links(
            details=details_link(draft.house, draft.language, draft.topic, draft.incident_id),
            other_language=other,
            why=f"{preferences}/warum?meldung={draft.incident_id}",
            settings=preferences,
            unsubscribe=f"{here}/abo/abmelden/{slot(UNSUBSCRIBE)}",
            imprint=f"{here}/impressum",
            privacy=f"{here}/datenschutz",
        ),
    )


def _instant(at: datetime, language: Language) -> str:
    local = at.astimezone(LOCAL)
    return f"{local:%-d %B %Y, %H:%M}" if language == "en" else f"{local:%d.%m.%Y, %H:%M} Uhr"


def _encoded(headline: str) -> str:
    """Encode a subject (RFC 2047) in lines that fit."""
    if headline.isascii() and "=?" not in headline and len(headline) <= _LONGEST_PLAIN_SUBJECT:
        return headline
    return Header(headline, "utf-8", header_name="Subject").encode(linesep="\r\n")
