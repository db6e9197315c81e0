from collections.abc import Callable, Sequence

import pydyf

from weasyprint.text.fonts import FontConfiguration

class Page:
    width: float
    height: float

class Document:
    pages: list[Page]

class CSS:
    def __init__(
        self, *, string: str, base_url: str | None = None, font_config: FontConfiguration | None = None
    ) -> None: ...

class HTML:
    def __init__(self, *, string: str, base_url: str | None = None) -> None: ...
    def write_pdf(
        self,
        target: None = None,
        *,
        finisher: Callable[[Document, pydyf.PDF], None] | None = None,
        font_config: FontConfiguration | None = None,
        stylesheets: Sequence[CSS] | None = None,
        pdf_variant: str | None = None,
    ) -> bytes: ...
