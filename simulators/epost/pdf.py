"""Reading a letter with pdfium, which is not thread-safe and costs memory: one thread, loaded at first use."""

from __future__ import annotations

import importlib
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator

DPI = 100
POINTS_PER_MM = 72 / 25.4
_PIXELS_PER_MM = DPI / 25.4
_INK = 245


class BrokenPdfError(Exception):
    """Pdfium cannot open the document."""


@dataclass(frozen=True)
class Raster:
    """One page in grey."""

    pixels: bytes
    width: int
    height: int
    stride: int

    def has_ink(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether any pixel that lies wholly inside a rectangle (mm from the top left corner) is not white."""
        first, last = _inside(left, right, self.width)
        for line in range(*_inside(top, bottom, self.height)):
            row = self.pixels[line * self.stride + first : line * self.stride + last]
            if row and min(row) < _INK:
                return True
        return False


class Page:
    """One open page."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self.width, self.height = page.get_size()
        left, bottom, right, top = page.get_mediabox()
        self.box = (right - left, top - bottom)
        self._origin = (left, top)

    def raster(self) -> Raster:
        """Render in grey."""
        bitmap = self._page.render(scale=DPI / 72, grayscale=True)
        try:
            return Raster(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride)
        finally:
            bitmap.close()

    def text_in(self, left: float, top: float, right: float, bottom: float) -> str:
        """Text of a rectangle in mm from the top left corner."""
        x, y = self._origin
        textpage = self._page.get_textpage()
        try:
            return textpage.get_text_bounded(
                left=x + left * POINTS_PER_MM,
                bottom=y - bottom * POINTS_PER_MM,
                right=x + right * POINTS_PER_MM,
                top=y - top * POINTS_PER_MM,
            )
        finally:
            textpage.close()

    def has_foreign_font(self) -> bool:
        """Whether any text is set in a font the document does not carry."""
        text = _pdfium().raw.FPDF_PAGEOBJ_TEXT
        return any(not each.get_font().is_embedded for each in self._page.get_objects(filter=[text]))


class Pdf:
    """An open document."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self.pages = len(document)

    @contextmanager
    def page(self, index: int) -> Generator[Page]:
        """Open one page and give its memory back."""
        page = self._document[index]
        try:
            yield Page(page)
        finally:
            page.close()


@contextmanager
def opened(content: bytes) -> Generator[Pdf]:
    """Open a document; BrokenPdfError when it cannot be read."""
    pdfium = _pdfium()
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise BrokenPdfError from error
    try:
        yield Pdf(document)
    finally:
        document.close()


@cache
def _pdfium() -> Any:
    return importlib.import_module("pypdfium2")


def _inside(start: float, end: float, limit: int) -> tuple[int, int]:
    first = int(-(-start * _PIXELS_PER_MM // 1))
    return max(first, 0), min(int(end * _PIXELS_PER_MM), limit)
