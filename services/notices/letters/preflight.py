"""The check of a finished letter against its record: nothing is released that has not passed it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2

from contracts.output_profile import OutputProfile
from services.notices.domain.model import Assessment, Finding, Statute
from services.notices.letters import content, fonts, ink, payment, reading, view
from services.notices.letters.address import address_lines

_HALF_POINT = 0.0005
"""Page boxes must agree to the last printed digit of the profile."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check saw: no findings means the letter may be released."""

    pages: int
    findings: tuple[Finding, ...]


def check(pdf: bytes, assessment: Assessment, statute: Statute, profile: OutputProfile) -> Checked:
    """Compare a finished letter with its record, as the printer and the recipient will see it."""
    zones = profile.zones
    try:
        pages = reading.read(pdf, (zones.sender, zones.recipient))
    except pypdfium2.PdfiumError:
        return Checked(0, (Finding("unreadable", "Die Datei lässt sich nicht als PDF öffnen."),))
    findings = [
        *_file(pdf, pages, profile),
        *_address(pages, assessment, statute, profile),
        *_glyphs(assessment, statute),
        *content.findings(pages, assessment, statute),
        *payment.findings(pages, assessment, statute),
        *ink.findings(pages, zones),
    ]
    return Checked(len(pages), tuple(findings))


def _file(pdf: bytes, pages: tuple[reading.PageReading, ...], profile: OutputProfile) -> Iterator[Finding]:
    limits = profile.limits
    if len(pages) > limits.pages:
        yield Finding("too_many_pages", f"Der Brief hat {len(pages)} Seiten, zulässig sind {limits.pages}.")
    if len(pdf) > limits.letter_bytes:
        yield Finding("too_large", f"Der Brief ist größer als {limits.letter_bytes} Byte.")
    for number, page in enumerate(pages, 1):
        off = max(abs(page.width - limits.page_width_pt), abs(page.height - limits.page_height_pt))
        if off > _HALF_POINT:
            yield Finding("page_size", f"Seite {number} hat nicht das verlangte Format.", number)
        if page.unembedded:
            yield Finding("font_not_embedded", f"Seite {number} verwendet eine nicht eingebettete Schrift.", number)
        if reading.squeezed(f"Seite {number} von {len(pages)}") not in page.text:
            yield Finding("page_number", f"Auf Seite {number} fehlt die Seitenzahl.", number)


def _address(
    pages: tuple[reading.PageReading, ...], assessment: Assessment, statute: Statute, profile: OutputProfile
) -> Iterator[Finding]:
    zones = profile.zones
    lines = address_lines(assessment.account.addressee)
    if len(lines) > zones.recipient_lines:
        text = f"Die Anschrift braucht {len(lines)} Zeilen, zulässig sind {zones.recipient_lines}. Bitte kürzen."
        yield Finding("address_too_long", text, 1)
    width = zones.recipient.right - view.LEFT - view.INSET
    if any(fonts.width_mm(line, zones.recipient_size_pt) > width for line in lines):
        yield Finding("address_too_wide", "Eine Zeile der Anschrift ist breiter als das Fenster. Bitte kürzen.", 1)
    if any(len(line) > profile.limits.address_line_chars for line in lines):
        yield Finding("address_too_wide", "Eine Zeile der Anschrift hat zu viele Zeichen. Bitte kürzen.", 1)
    sender, recipient = pages[0].windows
    if recipient != tuple(reading.squeezed(line) for line in lines):
        yield Finding("address_differs", "Im Anschriftfenster steht nicht die Anschrift des Datensatzes.", 1)
    if sender != (reading.squeezed(view.sender_line(statute.authority, zones)),):
        yield Finding("sender_differs", "In der Absenderzeile steht nicht die Anschrift der Behörde.", 1)


def _glyphs(assessment: Assessment, statute: Statute) -> Iterator[Finding]:
    account = assessment.account
    texts = [*address_lines(account.addressee), *account.debtors, account.role, account.reference]
    texts += [f"{parcel.district}{parcel.section}{parcel.number}{parcel.association}" for parcel in account.parcels]
    authority = statute.authority
    texts += [authority.name, authority.department, authority.street, authority.city, authority.bank, statute.title]
    missing = fonts.missing_glyphs("".join(texts))
    if missing:
        names = ", ".join(f"U+{ord(char):04X}" for char in missing)
        yield Finding("glyph_missing", f"Die Schrift kann diese Zeichen nicht drucken: {names}.")
