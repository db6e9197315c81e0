"""Letters on A4 for the simulated provider, all people invented."""

from __future__ import annotations

import importlib
from functools import cache

SENDER = "Stadt Tangerhütte · Bismarckstraße 5 · 39517 Tangerhütte"
ADDRESS = ("Erika Muster", "Lindenweg 7", "39517 Tangerhütte")
_STYLE = """
@page { size: %s; margin: 0 }
body { margin: 0; font: 9pt 'DejaVu Sans' }
div { position: absolute; white-space: nowrap }
section { break-after: page; height: 200mm; padding: 110mm 0 0 25mm }
section + section { padding-top: 25mm }
"""


def box(left: float, top: float, text: str) -> str:
    """Text with its upper left corner at a place in millimetres."""
    return f"<div style='left:{left}mm;top:{top}mm'>{text}</div>"


def ink(left: float, top: float, width: float, height: float) -> str:
    """Draw a black rectangle."""
    size = f"left:{left}mm;top:{top}mm;width:{width}mm;height:{height}mm"
    return f"<div style='{size};background:black'></div>"


@cache
def letter(
    *extras: str,
    sender: str = SENDER,
    address: tuple[str, ...] = ADDRESS,
    size: str = "210mm 297mm",
    pages: int = 1,
    text: str = "Bescheid",
) -> bytes:
    """Set a letter that the provider accepts, unless an argument spoils it."""
    block = box(25, 71, "<br>".join(address)) if address else ""
    head = box(25, 46.5, f"<span style='font-size:7pt'>{sender}</span>") if sender else ""
    body = "".join(f"<section>{text} {number}</section>" for number in range(1, pages + 1))
    html = f"<style>{_STYLE % size}</style>{head}{block}{''.join(extras)}{body}"
    return importlib.import_module("weasyprint").HTML(string=html).write_pdf()


def without_embedded_font() -> bytes:
    """Write a letter by hand whose font the document does not carry."""
    lines = [(25, 49.5, SENDER.encode("latin-1"))]
    lines += [(25, 74 + 4 * row, line.encode("latin-1")) for row, line in enumerate(ADDRESS)]
    shown = [
        b"BT /F1 7 Tf %.2f %.2f Td (%s) Tj ET" % (x / 25.4 * 72, 841.89 - y / 25.4 * 72, text) for x, y, text in lines
    ]
    content = b"\n".join(shown)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.276 841.89] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    parts = [b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, start=1)]
    return b"%PDF-1.4\n" + b"".join(parts) + b"trailer << /Root 1 0 R /Size 7 >>\n%%EOF\n"
