"""A one-page letter written by hand: sender line and address stand where the print centre looks for them."""

from __future__ import annotations

_POINTS_PER_MM = 72 / 25.4
_HEIGHT = 841.89


def small_pdf(sender: str, address: tuple[str, ...], text: str) -> bytes:
    """Make an A4 page; Latin-1 text only."""
    lines = [_line(24, 49, 7, sender), *(_line(24, 73 + 4 * n, 9, line) for n, line in enumerate(address))]
    content = "\n".join([*lines, _line(25, 120, 11, text)]).encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.276 841.89] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    return _file(objects)


def _line(left_mm: float, baseline_mm: float, size: int, text: str) -> str:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    x, y = left_mm * _POINTS_PER_MM, _HEIGHT - baseline_mm * _POINTS_PER_MM
    return f"BT /F1 {size} Tf {x:.2f} {y:.2f} Td ({escaped}) Tj ET"


def _file(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets: list[int] = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
