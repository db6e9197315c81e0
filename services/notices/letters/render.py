"""The notice as one PDF/A-3a and PDF/UA-1 file, by WeasyPrint."""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from contracts.output_profile import OutputProfile, Zones
from services.notices.domain.model import Assessment, Statute
from services.notices.letters import fonts, view, wording
from services.notices.letters.finisher import PageSize, finisher

_FOLDER = Path(__file__).parent
PDF_VARIANT = "pdf/a-3a"
BASE_URL = f"{_FOLDER}/"
_LIBRARIES = ("weasyprint", "pydyf", "jinja2", "fonttools", "pillow", "zint-bindings")
_SOURCES = (
    "template.html", "letter.css", "address.py", "epc.py", "finisher.py",
    "fonts.py", "german.py", "render.py", "view.py", "wording.py",
)  # fmt: skip
_TALLEST_LINE = 4.0
_BODY_GAP = 8.0
_INFO_GAP = 8.0
_RIGHT = 190.0


class LetterRenderer:
    """Renders the letters of one statute; keep it, fonts and style sheet are read once."""

    def __init__(self, statute: Statute, profile: OutputProfile) -> None:
        self._statute = statute
        templates = Environment(
            loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._template = templates.get_template("template.html")
        self.style = templates.get_template("letter.css").render(_geometry(profile))
        with fonts.only_vendored():
            self._fonts = FontConfiguration()
        self._style = CSS(string=self.style, base_url=BASE_URL, font_config=self._fonts)
        self.finish = finisher(PageSize(profile.limits.page_width_pt, profile.limits.page_height_pt))
        self._constant: dict[str, object] = {
            "authority": statute.authority,
            "subject": wording.subject(statute),
            "notice_date": statute.notice_date.isoformat(),
            "sender": view.sender_line(statute.authority, profile.zones),
            "blocks": wording.static_blocks(statute),
            "automatic": wording.automatic(),
        }

    def html(self, assessment: Assessment) -> str:
        """Return the letter before layout."""
        return self._template.render(self._constant | view.view(assessment, self._statute))

    def render(self, assessment: Assessment) -> bytes:
        """Return the letter; the same assessment gives the same bytes."""
        return HTML(string=self.html(assessment)).write_pdf(
            stylesheets=[self._style],
            font_config=self._fonts,
            pdf_variant=PDF_VARIANT,
            finisher=self.finish,
        )


def fingerprint() -> str:
    """Return a hash over all that makes the look of a letter: part of a document's identity."""
    digest = sha256()
    for path in (*(_FOLDER / name for name in _SOURCES), *sorted(fonts.FOLDER.iterdir())):
        digest.update(f"{path.name}\n".encode() + path.read_bytes())
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()


def _geometry(profile: OutputProfile) -> dict[str, object]:
    """Return the variables of the style sheet: zones in mm from the sheet's top left corner."""
    zones = profile.zones
    line = _line_height(zones.sender_size_pt)
    info_left = zones.recipient.right + _INFO_GAP
    return {
        "width_pt": profile.limits.page_width_pt,
        "height_pt": profile.limits.page_height_pt,
        "left": view.LEFT,
        "sender": zones.sender,
        "sender_size_pt": zones.sender_size_pt,
        "sender_line": line,
        "sender_inset": (zones.sender.bottom - zones.sender.top - line) / 2,
        "recipient": zones.recipient,
        "recipient_size_pt": zones.recipient_size_pt,
        "recipient_lines": [_lines(zones, count) for count in range(1, zones.recipient_lines + 1)],
        "body_top": zones.recipient.bottom + _BODY_GAP,
        "info_left": info_left - view.LEFT,
        "info_width": _RIGHT - info_left,
    }


def _lines(zones: Zones, count: int) -> dict[str, float]:
    """Return line height and distance from the top that centre this many lines in the window."""
    room = zones.recipient.bottom - zones.recipient.top - 2 * view.INSET
    height = min(_TALLEST_LINE, room / count)
    return {"height": height, "inset": view.INSET + (room - count * height) / 2}


def _line_height(size_pt: float) -> float:
    return round(size_pt * 0.4, 2)
