"""A mail (RFC 5322): one sheet as plain text and as simple HTML, and what is attached to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr
from html import escape
from typing import Literal
from uuid import UUID

Language = Literal["de", "en", "plain"]
PREFIX: Mapping[Language, str] = {"de": "", "en": "/en", "plain": "/einfach"}
"""Where the portal keeps its languages."""
_HTML_LANGUAGE: Mapping[Language, str] = {"de": "de", "en": "en", "plain": "de"}
_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def one_line(text: str, *, most: int = 200) -> str:
    """Return a text fit for a header or a cell: nothing in it begins a new line."""
    flat = _CONTROL.sub(" ", text).strip()
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Posting:
    """Who sends which mail to whom."""

    mail_id: UUID
    sender: str
    """`Name <address>`"""
    recipient: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What matters, as labels with one line or several."""

    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list under its heading."""

    heading: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """What to do next; `main` is drawn as a button."""

    label: str
    url: str
    main: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under their heads; too wide for people's mails, made for the list of the day."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = str | Facts | Bullets | Action | Table
"""A text is a paragraph."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What somebody reads, from top to bottom."""

    language: Language
    subject: str
    blocks: tuple[Block, ...]
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A calendar entry (iCalendar)."""

    content: bytes
    method: Literal["REQUEST", "CANCEL"]


def sender_address(sender: str) -> str:
    """Return the address of `Name <address>`; ValueError when there is none in it."""
    address = parseaddr(sender)[1]
    if "@" not in address or not address.isascii():
        message = "the sender of mails is given as Name <address>"
        raise ValueError(message)
    return address


def domain_of(sender: str) -> str:
    """Return the domain of `Name <address>`."""
    return sender_address(sender).rpartition("@")[2]


def compose(posting: Posting, sheet: Sheet, attachment: Attachment | None = None) -> bytes:
    """Return the whole message; its Message-ID is derived from the mail's id, so that a repetition is recognised."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr(parseaddr(posting.sender))
    mail["To"] = one_line(posting.recipient, most=254)
    mail["Subject"] = one_line(sheet.subject)
    mail["Date"] = format_datetime(posting.at)
    mail["Message-ID"] = f"<{posting.mail_id.hex}@{domain_of(posting.sender)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = _HTML_LANGUAGE[sheet.language]
    mail.set_content(text(sheet), cte="quoted-printable")
    mail.add_alternative(html(sheet), subtype="html", cte="quoted-printable")
    if attachment is not None:
        mail.add_attachment(
            attachment.content,
            maintype="text",
            subtype="calendar",
            filename="termin.ics",
            params={"method": attachment.method, "charset": "utf-8"},
        )
    return mail.as_bytes()


def text(sheet: Sheet) -> str:
    """Return the sheet as plain text."""
    return "\n\n".join(_text(each) for each in sheet.blocks) + "\n"


def _text(block: Block) -> str:
    match block:
        case Facts(rows):
            return "\n".join(f"{label}: {_indented(lines, len(label) + 2)}" for label, lines in rows)
        case Bullets(heading, entries):
            return heading + "".join(f"\n- {each}" for each in entries)
        case Action(label, url):
            return f"{label}:\n{url}"
        case Table(heads, rows):
            return _columns((heads, *rows))
        case _:
            return block


def _indented(lines: Sequence[str], by: int) -> str:
    return ("\n" + " " * by).join(lines)


def _columns(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


_BUTTON = "display:inline-block;padding:.75em 1.25em;background:#0b4f8a;color:#fff;border-radius:4px"
_CELL = "text-align:left;vertical-align:top;padding:.3em 1em .3em 0;border-bottom:1px solid #8a8a8a"


def html(sheet: Sheet) -> str:
    """Return the sheet as a page that every mail program shows, in light and in dark."""
    width = "60em" if sheet.is_wide else "36em"
    return (
        f'<!doctype html><html lang="{_HTML_LANGUAGE[sheet.language]}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(one_line(sheet.subject))}</title></head>"
        f'<body style="font:16px/1.5 sans-serif;max-width:{width};margin:0 auto;padding:1em">'
        f"{''.join(_html(each) for each in sheet.blocks)}</body></html>\n"
    )


def _html(block: Block) -> str:
    match block:
        case Facts(rows):
            cells = (
                f'<tr><th scope="row" style="{_CELL}">{escape(label)}</th><td style="{_CELL}">{_lines(lines)}</td></tr>'
                for label, lines in rows
            )
            return f'<table style="border-collapse:collapse;margin:1em 0">{"".join(cells)}</table>'
        case Bullets(heading, entries):
            entries_html = "".join(f"<li>{escape(each)}</li>" for each in entries)
            return (
                f'<p style="margin-bottom:0"><b>{escape(heading)}</b></p><ul style="margin-top:0">{entries_html}</ul>'
            )
        case Action(label, url, main):
            style = f' style="{_BUTTON}"' if main else ""
            return f'<p style="margin:1em 0"><a href="{escape(url)}"{style}>{escape(label)}</a></p>'
        case Table(heads, rows):
            return _table(heads, rows)
        case _:
            return f"<p>{_lines(block.split(chr(10)))}</p>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col" style="{_CELL}">{escape(each)}</th>' for each in heads)
    body = "".join(
        f"<tr>{''.join(f'<td style={chr(34)}{_CELL}{chr(34)}>{escape(each)}</td>' for each in row)}</tr>"
        for row in rows
    )
    style = "border-collapse:collapse;width:100%"
    return f'<table style="{style}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _lines(lines: Sequence[str]) -> str:
    return "<br>".join(escape(each) for each in lines)
