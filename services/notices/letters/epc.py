"""The payment QR code (EPC069-12, GiroCode): its payload and its picture."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from decimal import Decimal

import zint

from services.notices.domain.model import Assessment, Authority

NAME_CHARS = 70
TEXT_CHARS = 140
PAYLOAD_BYTES = 331
SMALLEST = Decimal("0.01")
LARGEST = Decimal("999999999.99")
_LEVEL_M = 2
_QUIET = 4
_STRIDE = 144  # zint keeps one bit per module in rows of 144 bytes
_WHITE, _BLACK = b"\xff", b"\x00"


def remittance(reference: str) -> str:
    """Return the text line by which the payment is booked (Verwendungszweck)."""
    return f"Kassenzeichen {reference}"


def payload(assessment: Assessment, authority: Authority) -> str:
    """Return the lines of the code; ValueError when the amount cannot be paid by it."""
    if not SMALLEST <= assessment.total <= LARGEST:
        raise ValueError("the amount is outside the limits of EPC069-12")
    lines = (
        "BCD", "002", "1", "SCT",
        authority.bic,
        authority.name[:NAME_CHARS],
        "".join(authority.iban.split()),
        f"EUR{assessment.total:.2f}",
        "", "",
        remittance(assessment.account.reference)[:TEXT_CHARS],
    )  # fmt: skip
    return "\n".join(lines)


def picture(text: str) -> str:
    """Return the code as a PNG data URI, one pixel per module, with its quiet zone."""
    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology.QRCODE
    symbol.option_1 = _LEVEL_M
    # Bytes, so that no ECI is put in front: character set 1 of the payload says UTF-8.
    symbol.encode(text.encode())
    size = symbol.rows
    bits = bytes(symbol.encoded_data)
    rows = [_row(bits[_STRIDE * line :], size) for line in range(size)]
    blank = [_WHITE * (size + 2 * _QUIET)] * _QUIET
    return "data:image/png;base64," + b64encode(_png([*blank, *rows, *blank])).decode()


def _row(bits: bytes, size: int) -> bytes:
    modules = b"".join(_BLACK if bits[at >> 3] >> (at & 7) & 1 else _WHITE for at in range(size))
    return _WHITE * _QUIET + modules + _WHITE * _QUIET


def _png(rows: list[bytes]) -> bytes:
    """Return an 8-bit grey PNG; WeasyPrint would turn a 1-bit one into RGB."""
    header = struct.pack(">2I5B", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\x00" + row for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
