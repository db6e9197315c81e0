"""Mail addresses as they are written into the tables."""

from __future__ import annotations

import unicodedata

from email_validator import EmailNotValidError, validate_email

from services.subscriptions.domain.address import Address
from services.subscriptions.domain.refusal import Refusal

_LONGEST = 254
_LIKELY = "Bitte prüfen Sie sie auf Tippfehler. Erwartet wird zum Beispiel name@beispiel.de."
_LOCAL = "Vor dem @ stehen Umlaute oder andere besondere Zeichen; an solche Adressen können wir nicht schreiben."


def address_of(text: str) -> Address:
    """Check and normalise an address without asking the network; Refusal in words that do not quote it."""
    plain = unicodedata.normalize("NFC", text.strip())
    local = plain.rpartition("@")[0]
    # An encoded word (RFC 2047) would be decoded in a header, and may hold other recipients there.
    if not local.isascii() or "=?" in local:
        raise Refusal("invalid", "Diese E-Mail-Adresse können wir nicht benutzen.", _LOCAL)
    try:
        checked = validate_email(plain, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        checked = None
    ascii_email = checked.ascii_email if checked is not None else None
    if ascii_email is None or len(ascii_email) > _LONGEST:
        raise Refusal("invalid", "Diese E-Mail-Adresse ist nicht vollständig oder nicht gültig.", _LIKELY)
    local, _, host = ascii_email.rpartition("@")
    return Address(f"{local}@{host.lower()}")
