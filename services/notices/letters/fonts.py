"""The vendored fonts: which letters they have, how wide a text is, and that no other font is used."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast
from unicodedata import normalize

from fontTools.ttLib import TTFont

FOLDER = Path(__file__).with_name("fonts")
REGULAR = FOLDER / "LiberationSans-Regular.ttf"
BOLD = FOLDER / "LiberationSans-Bold.ttf"
_VARIABLE = "FONTCONFIG_FILE"
_MM_PER_POINT = 25.4 / 72


@contextmanager
def only_vendored() -> Generator[None]:
    """Let a font configuration made inside know no fonts but those of its style sheet.

    A letter the vendored fonts lack is then a box everywhere, which the check reports, and never another
    font here and a box there.
    """
    before = os.environ.get(_VARIABLE)
    os.environ[_VARIABLE] = str(FOLDER / "fonts.conf")
    try:
        yield
    finally:
        if before is None:
            del os.environ[_VARIABLE]
        else:
            os.environ[_VARIABLE] = before


@cache
def _metrics(path: Path) -> tuple[Mapping[int, float], float]:
    """Return the advance of each code point in em, and the widest."""
    with TTFont(path, lazy=True) as opened:
        font = cast("Any", opened)  # its tables are attributes made at run time
        unit = font["head"].unitsPerEm
        advances = font["hmtx"].metrics
        glyphs: dict[int, str] = font.getBestCmap()
        widths = {code: float(advances[glyph][0] / unit) for code, glyph in glyphs.items()}
    return widths, max(widths.values())


def missing_glyphs(text: str) -> str:
    """Return the characters no vendored font can print, each once and in order."""
    known, bold = _metrics(REGULAR)[0], _metrics(BOLD)[0]
    composed = normalize("NFC", text)
    return "".join(dict.fromkeys(c for c in composed if ord(c) not in known or ord(c) not in bold))


def width_mm(text: str, size_pt: float) -> float:
    """Return the width of a line without kerning, which can only make it narrower."""
    widths, widest = _metrics(REGULAR)
    em = sum(widths.get(ord(char), widest) for char in normalize("NFC", text))
    return em * size_pt * _MM_PER_POINT
