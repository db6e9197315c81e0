"""A finished letter read back by PDFium, as the printer will see it.

PDFium is not thread-safe: one process uses it from one thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import normalize

import numpy as np
import pypdfium2
import zxingcpp
from numpy.typing import NDArray
from pypdfium2 import raw

from contracts.output_profile import Zone

SCALE = 100 / 72
"""Pixels per point of the raster in which ink is looked for: 100 dpi."""
_CODE_SCALE = 200 / 72
_POINTS_PER_MM = 72 / 25.4
# PDFium reports a hyphen at the end of a line by these.
_HYPHENS = str.maketrans({"\x02": "-", "\ufffe": "-", "\u00ad": "-"})


@dataclass(frozen=True, slots=True)
class PageReading:
    """What one page shows; texts are without white space, so that line breaks do not matter."""

    text: str
    width: float
    height: float
    windows: tuple[tuple[str, ...], ...]
    """The lines inside each zone that was asked for."""
    codes: tuple[bytes, ...]
    """Payloads of the QR codes that could be decoded from the raster."""
    unembedded: int
    """Pieces of text whose font is not in the file."""
    raster: NDArray[np.uint8]


def read(pdf: bytes, windows: tuple[Zone, ...]) -> tuple[PageReading, ...]:
    """Return all pages; pypdfium2.PdfiumError when the file cannot be opened."""
    with pypdfium2.PdfDocument(pdf) as document:
        return tuple(_page(document, number, windows) for number in range(len(document)))


def squeezed(text: str) -> str:
    """Return the text composed and without white space."""
    return "".join(normalize("NFC", text).translate(_HYPHENS).split())


def _page(document: pypdfium2.PdfDocument, number: int, windows: tuple[Zone, ...]) -> PageReading:
    page = document[number]
    text = page.get_textpage()
    left, bottom, right, top = page.get_mediabox()
    images, unembedded = _objects(page)
    reading = PageReading(
        squeezed(text.get_text_range()),
        right - left,
        top - bottom,
        tuple(_lines(text, zone, top) for zone in windows if number == 0),
        tuple(code for bounds in images for code in _codes(page, bounds)),
        unembedded,
        page.render(scale=SCALE, grayscale=True, draw_annots=False).to_numpy().copy(),
    )
    text.close()
    page.close()
    return reading


def _lines(text: pypdfium2.PdfTextPage, zone: Zone, height: float) -> tuple[str, ...]:
    found = text.get_text_bounded(
        left=zone.left * _POINTS_PER_MM,
        right=zone.right * _POINTS_PER_MM,
        top=height - zone.top * _POINTS_PER_MM,
        bottom=height - zone.bottom * _POINTS_PER_MM,
    )
    lines = (squeezed(line) for line in found.splitlines())
    return tuple(line for line in lines if line)


def _objects(page: pypdfium2.PdfPage) -> tuple[list[tuple[float, float, float, float]], int]:
    """Return the bounds of the images, and how many texts use a font that is not embedded."""
    images: list[tuple[float, float, float, float]] = []
    unembedded = 0
    for index in range(raw.FPDFPage_CountObjects(page)):
        item = raw.FPDFPage_GetObject(page, index)
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            unembedded += raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(item)) != 1
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            images.append(pypdfium2.PdfObject(item, page=page).get_bounds())
    return images, unembedded


def _codes(page: pypdfium2.PdfPage, bounds: tuple[float, float, float, float]) -> list[bytes]:
    left, bottom, right, top = bounds
    width, height = page.get_size()
    margins = (left, bottom, width - right, height - top)
    if min(margins) < 0:
        return []
    picture = page.render(scale=_CODE_SCALE, crop=margins, grayscale=True, draw_annots=False).to_numpy()
    found = zxingcpp.read_barcodes(
        picture,
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
    )
    return [code.bytes for code in found]
