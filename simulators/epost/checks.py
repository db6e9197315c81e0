"""The provider's examination of a document after its acceptance, by template V3.1."""

from __future__ import annotations

import importlib
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from simulators.epost.errors import TEXTS, Problem
from simulators.epost.pdf import BrokenPdfError, Page, Pdf, Raster, opened

if TYPE_CHECKING:
    from contracts.output_profile import OutputProfile, Zone

_A4_TOLERANCE_PT = 3.0
_BOX_TOLERANCE_PT = 0.003
_ZONE_CODES = {"DVF-Frankierzone": "E302", "Rand links": "W202"}
_ZONE_DEFAULT = "W201"
# pdfium writes a hyphen at the end of a line as one of these.
_LINE_HYPHENS = {0x02: "-", 0xAD: "-", 0xFFFE: "-"}


@dataclass(frozen=True)
class Examination:
    """What the checks found."""

    pages: int
    problems: tuple[Problem, ...]


@cache
def _profile() -> OutputProfile:
    # The profile brings pydantic, 10 MB that an idle simulator does not need.
    return importlib.import_module("contracts.output_profile").output_profile("epost")


def examine(content: bytes, fields: dict[str, Any]) -> Examination:
    """Check one document against its metadata."""
    try:
        with opened(content) as pdf:
            problems = list(dict.fromkeys([*_metadata(fields), *_document(pdf, fields)]))
            return Examination(pdf.pages + int(_has_cover(fields)), tuple(problems))
    except BrokenPdfError:
        return Examination(0, (_problem("E301", "das Dokument lässt sich nicht öffnen"),))


def _problem(code: str, detail: str) -> Problem:
    return Problem(code, f"{TEXTS[code]}: {detail}")


def _has_cover(fields: dict[str, Any]) -> bool:
    return bool(fields.get("coverLetter"))


def _metadata(fields: dict[str, Any]) -> list[Problem]:
    return [_problem("W203", "country")] if fields.get("country") == "DEUTSCHLAND" else []


def _document(pdf: Pdf, fields: dict[str, Any]) -> list[Problem]:
    limit = _profile().limits.pages
    if pdf.pages > limit:
        return [_problem("E304", f"{pdf.pages} statt höchstens {limit}")]
    problems: list[Problem] = []
    for index in range(pdf.pages):
        with pdf.page(index) as page:
            shape = _shape(page, first=index == 0)
            problems += shape
            if any(problem.fatal for problem in shape):
                return problems
            problems += _surface(page, fields, first=index == 0)
    return problems


def _shape(page: Page, *, first: bool) -> list[Problem]:
    limits = _profile().limits
    wanted = (limits.page_width_pt, limits.page_height_pt)
    if first and page.width > page.height:
        return [_problem("E307", "Seite 1")]
    if not _equal((page.width, page.height), wanted, _A4_TOLERANCE_PT):
        return [_problem("E308", f"{page.width:.2f} x {page.height:.2f} Punkt")]
    if not _equal(page.box, wanted, _BOX_TOLERANCE_PT):
        return [_problem("W208", f"{page.box[0]:.3f} x {page.box[1]:.3f}")]
    return []


def _equal(size: tuple[float, float], wanted: tuple[float, float], tolerance: float) -> bool:
    return all(abs(one - other) <= tolerance for one, other in zip(size, wanted, strict=True))


def _surface(page: Page, fields: dict[str, Any], *, first: bool) -> list[Problem]:
    raster = page.raster()
    with_address = first and not _has_cover(fields)
    return [
        *([_problem("W101", "eine Schrift ist nicht eingebettet")] if page.has_foreign_font() else []),
        *(
            _problem(_ZONE_CODES.get(zone.name, _ZONE_DEFAULT), zone.name)
            for zone in _profile().zones.forbidden
            if (zone.pages == "all" or with_address) and _inked(raster, zone)
        ),
        *(_address(page, raster, fields) if with_address else []),
    ]


def _address(page: Page, raster: Raster, fields: dict[str, Any]) -> list[Problem]:
    zones = _profile().zones
    problems = [] if _inked(raster, zones.sender) else [_problem("E333", zones.sender.name)]
    window = zones.recipient
    if not _inked(raster, window):
        return [*problems, _problem("E323", window.name)]
    text = page.text_in(window.left, window.top, window.right, window.bottom)
    if len([line for line in text.splitlines() if line.strip()]) > zones.recipient_lines:
        problems.append(_problem("W201", f"mehr als {zones.recipient_lines} Zeilen in der Anschrift"))
    printed = _plain(text)
    missing = [name for name in ("addressLine1", "zipCode", "city") if _plain(fields[name]) not in printed]
    return problems + ([_problem("E203", ", ".join(missing))] if missing else [])


def _inked(raster: Raster, zone: Zone) -> bool:
    return raster.has_ink(zone.left, zone.top, zone.right, zone.bottom)


def _plain(text: str) -> str:
    """Compare letters, not blanks, line breaks or ligatures."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text.translate(_LINE_HYPHENS))).casefold()
