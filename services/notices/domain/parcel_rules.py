"""The right half of a row: one parcel (Flurstück), its areas, its association and its exemption."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from services.notices.domain.model import Exemption, Parcel
from services.notices.domain.problems import Problem, quoted
from services.notices.domain.table import COLUMNS
from services.notices.domain.text_rules import formula_problem

PARCEL_COLUMNS = COLUMNS[11:]
TOWN_M2 = 294_920_000
"""Area of the whole town (29,492 ha): no parcel can be larger."""
MAX_NAME = 60

# Zeros in place of underscores would give one parcel two keys, so they are refused.
_KEY = re.compile(r"15([0-9]{4})((?!000)[0-9]{3}|___)((?!00000)[0-9]{5})((?!0000)[0-9]{4}|____)((?!00)[0-9]{2}|__)")
_SECTION = re.compile(r"[0-9]{1,3}")
_NUMBER = re.compile(r"([0-9]{1,5})(?:/([0-9]{1,4}))?")
_WHOLE = re.compile(r"[0-9]{1,30}")
_EXEMPTIONS = {exemption.value: exemption for exemption in Exemption}


class _Values(NamedTuple):
    """The parcel columns of a row, in the order of the file."""

    key: str
    district: str
    section: str
    number: str
    area: str
    impediment_area: str
    association: str
    exemption: str


@dataclass(frozen=True, slots=True)
class ParcelReading:
    """A parcel as far as it could be read.

    The key is empty unless it agrees with the other columns: a mistyped key must not claim a stranger's parcel.
    """

    parcel: Parcel | None
    key: str
    district: str
    problems: tuple[Problem, ...]


def read_parcel(row: int, values: tuple[str, ...], associations: Collection[str]) -> ParcelReading:
    """Read the values of PARCEL_COLUMNS; `associations` are those with a rate in the statute."""
    given = _Values(*values)
    key_problem = _key_problem(given)
    area, area_problem = _area("Flaeche_m2", given.area)
    part, part_problem = _area("Flaeche_ohne_GrStA_m2", given.impediment_area)
    problems = [
        problem
        for problem in (
            key_problem,
            _district_problem(given.district),
            area_problem or _positive_problem(area),
            part_problem or _part_problem(area, part),
            _association_problem(given.association, associations),
            _exemption_problem(given.exemption),
        )
        if problem is not None
    ]
    key = "" if key_problem else given.key
    if problems or area is None or part is None:
        return ParcelReading(None, key, given.district, tuple(problems))
    parcel = Parcel(
        row=row,
        key=given.key,
        district=given.district,
        section=given.section,
        number=given.number,
        area_m2=area,
        impediment_area_m2=part,
        association=given.association,
        exemption=_EXEMPTIONS[given.exemption],
    )
    return ParcelReading(parcel, key, given.district, ())


def _key_problem(given: _Values) -> Problem | None:
    match = _KEY.fullmatch(given.key)
    if match is None:
        return Problem(
            "Flurstueckskennzeichen",
            "parcel_key_shape",
            f"Das Flurstückskennzeichen {quoted(given.key)} ist nicht lesbar. Es hat 20 Zeichen: Land 15, Gemarkung 4, "
            "Flur 3, Zähler 5, Nenner 4, Folge 2; fehlende Teile sind Unterstriche. Bitte aus dem Kataster übernehmen.",
        )
    section_problem = _section_problem(given, match[2])
    return section_problem or _number_problem(given, match[3], match[4])


def _section_problem(given: _Values, in_key: str) -> Problem | None:
    if in_key == "___":
        agrees = not given.section
    else:
        agrees = bool(_SECTION.fullmatch(given.section)) and given.section.zfill(3) == in_key
    if agrees:
        return None
    return Problem(
        "Flur",
        "parcel_key_disagrees",
        f"Die Flur {quoted(given.section)} passt nicht zum Flurstückskennzeichen {quoted(given.key)}. "
        "Bitte beide Angaben mit dem Kataster vergleichen.",
    )


def _number_problem(given: _Values, numerator: str, denominator: str) -> Problem | None:
    match = _NUMBER.fullmatch(given.number)
    if match is not None:
        below = match[2].zfill(4) if match[2] else "____"
        if match[1].zfill(5) == numerator and below == denominator:
            return None
    return Problem(
        "Flurstueck",
        "parcel_key_disagrees",
        f"Das Flurstück {quoted(given.number)} passt nicht zum Flurstückskennzeichen {quoted(given.key)}. "
        "Bitte beide Angaben mit dem Kataster vergleichen (Zähler oder Zähler/Nenner).",
    )


def _district_problem(district: str) -> Problem | None:
    if problem := formula_problem("Gemarkung", district):
        return problem
    if not any(char.isalpha() for char in district):
        return Problem("Gemarkung", "missing", "Die Gemarkung fehlt. Bitte ihren Namen eintragen.")
    if len(district) > MAX_NAME:
        message = f"Der Name der Gemarkung {quoted(district)} ist zu lang. Bitte höchstens {MAX_NAME} Zeichen."
        return Problem("Gemarkung", "too_long", message)
    return None


def _area(column: str, text: str) -> tuple[int | None, Problem | None]:
    if not _WHOLE.fullmatch(text):
        if not text:
            return None, Problem(column, "missing", "Die Fläche fehlt. Bitte ganze Quadratmeter eintragen.")
        return None, Problem(
            column,
            "area_not_whole",
            f"Die Fläche {quoted(text)} ist keine ganze Zahl. Bitte ganze Quadratmeter ohne Vorzeichen, "
            "Tausenderpunkt und Nachkommastellen eintragen.",
        )
    area = int(text)
    if area > TOWN_M2:
        return None, Problem(
            column,
            "area_too_large",
            f"Die Fläche {quoted(text)} m² ist größer als das ganze Stadtgebiet ({TOWN_M2 // 10_000} ha). "
            "Bitte die Fläche aus dem Kataster übernehmen.",
        )
    return area, None


def _positive_problem(area: int | None) -> Problem | None:
    if area != 0:
        return None
    message = "Die Fläche ist 0. Bitte die Fläche des Flurstücks in Quadratmetern eintragen."
    return Problem("Flaeche_m2", "area_not_positive", message)


def _part_problem(area: int | None, part: int | None) -> Problem | None:
    if area is None or part is None or part <= area:
        return None
    return Problem(
        "Flaeche_ohne_GrStA_m2",
        "part_exceeds_area",
        f"Die Fläche ohne Grundsteuer A ({part} m²) ist größer als das Flurstück ({area} m²). "
        "Bitte einen Wert von 0 bis zur Fläche des Flurstücks eintragen.",
    )


def _association_problem(association: str, associations: Collection[str]) -> Problem | None:
    if association in associations:
        return None
    known = ", ".join(associations)
    what = f"Der Unterhaltungsverband {quoted(association)} hat keinen Satz in der Satzung."
    if not association:
        what = "Der Unterhaltungsverband fehlt."
    message = f"{what} Bitte einen dieser Verbände eintragen: {known}."
    return Problem("Unterhaltungsverband", "unknown_association", message)


def _exemption_problem(exemption: str) -> Problem | None:
    if exemption in _EXEMPTIONS:
        return None
    return Problem(
        "Befreiung",
        "unknown_exemption",
        f"Die Befreiung {quoted(exemption)} ist nicht vorgesehen. "
        "Bitte „Gemeinde“ oder „Bundeswasserstraße“ eintragen oder das Feld leer lassen.",
    )
