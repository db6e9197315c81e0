"""The levy statute (Umlagesatzung) as a clerk enters it in TOML, checked before anything is computed from it."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Mapping
from datetime import date
from typing import TypeGuard

from services.notices.domain.model import Authority, DueRule, Rate, Statute
from services.notices.domain.toml_fields import Fields

MAX_BYTES = 256 * 1024
MAX_RATES = 50
MAX_RATE = 10_000
_MAX_LEGAL_BASIS = 20
_STATES = "BB|BE|BW|BY|HB|HE|HH|MV|NI|NW|RP|SH|SL|SN|ST|TH"
_PLACEHOLDERS = {"year", "debtor"}


class StatuteError(Exception):
    """The statute cannot be used; each sentence says in German where, what is wrong and what to do."""

    def __init__(self, sentences: tuple[str, ...]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def parse_statute(text: bytes) -> Statute:
    """Read a statute; StatuteError with everything that is wrong with it.

    Of IBAN and BIC only the shape is looked at here.
    """
    problems: list[str] = []
    document = Fields(_load(text), "Satzung", problems)
    levy_table, authority_table = document.value("levy"), document.value("authority")
    document.refuse_unknown()
    if not _is_table(levy_table) or not _is_table(authority_table):
        problems.append("Die Abschnitte [levy] und [authority] müssen beide da sein. Bitte die Vorlage benutzen.")
        raise StatuteError(tuple(problems))
    levy = Fields(levy_table, "levy", problems)
    statute = Statute(
        kind=levy.text("kind"),
        year=levy.whole("year", 2000, 2100),
        title=levy.text("statute", 200),
        statute_date=levy.day("statute_date"),
        legal_basis=_legal_basis(levy),
        minimum=levy.euro("minimum"),
        round_down_to_euro=levy.flag("round_down_to_euro"),
        notice_date=levy.day("notice_date"),
        due=_due(levy, problems),
        assessment_deadline=levy.day("assessment_deadline"),
        administration_cost_actual=levy.euro("administration_cost_actual"),
        rates=_rates(levy, problems),
        authority=_authority(authority_table, problems),
    )
    levy.refuse_unknown()
    if not problems:
        _check_dates(statute, levy)
    if problems:
        raise StatuteError(tuple(problems))
    return statute


def _is_table(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _load(text: bytes) -> Mapping[str, object]:
    if len(text) > MAX_BYTES:
        raise StatuteError((f"Die Datei ist größer als {MAX_BYTES // 1024} KB und keine Satzungsdatei.",))
    try:
        return tomllib.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        sentence = "Die Satzungsdatei ist nicht in UTF-8 gespeichert. Bitte im Editor als UTF-8 speichern."
    except (ValueError, RecursionError) as error:
        where = re.search(r"at line (\d+), column (\d+)", str(error))
        place = f" (Zeile {where[1]}, Spalte {where[2]})" if where else ""
        sentence = f"Die Satzungsdatei ist kein gültiges TOML{place}. Bitte Anführungszeichen und Klammern prüfen."
    raise StatuteError((sentence,))


def _legal_basis(levy: Fields) -> tuple[str, ...]:
    entries = levy.value("legal_basis")
    if entries is None:
        return ()
    if not _is_list(entries) or not 1 <= len(entries) <= _MAX_LEGAL_BASIS:
        levy.note("legal_basis", f"Hier wird eine Liste von 1 bis {_MAX_LEGAL_BASIS} Rechtsgrundlagen erwartet.")
        return ()
    texts = [entry for entry in entries if isinstance(entry, str)]
    if len(texts) < len(entries):
        levy.note("legal_basis", "Jede Rechtsgrundlage ist ein Text in Anführungszeichen. Bitte berichtigen.")
    return tuple(levy.line("legal_basis", text, 120) for text in texts)


def _due(levy: Fields, problems: list[str]) -> DueRule:
    table = levy.value("due")
    if table is None:
        return DueRule()
    if not _is_table(table) or len(table.keys() & {"date", "months_after_announcement"}) != 1:
        levy.note(
            "due",
            "Bitte genau eine Fälligkeit angeben: { months_after_announcement = 1 } oder { date = 2027-02-15 }.",
        )
        return DueRule()
    due = Fields(table, "levy.due", problems)
    rule = (
        DueRule(fixed_date=due.day("date"))
        if "date" in table
        else DueRule(months_after_announcement=due.whole("months_after_announcement", 1, 24))
    )
    due.refuse_unknown()
    return rule


def _rates(levy: Fields, problems: list[str]) -> tuple[Rate, ...]:
    tables = levy.value("rate")
    if tables is None:
        return ()
    if not _is_list(tables) or not 1 <= len(tables) <= MAX_RATES:
        levy.note("rate", "Es ist kein Satz angegeben. Bitte je Unterhaltungsverband [[levy.rate]] eintragen.")
        return ()
    rates: list[Rate] = []
    for number, table in enumerate(tables, 1):
        if not _is_table(table):
            levy.note("rate", f"Der {number}. Satz ist kein Abschnitt [[levy.rate]]. Bitte berichtigen.")
            continue
        rate = _rate(table, f"levy.rate[{number}]", problems)
        if rate.association.casefold() in {other.association.casefold() for other in rates}:
            levy.note("rate", f"Der Verband „{rate.association[:40]}“ steht mehrfach da. Bitte einen Satz entfernen.")
        rates.append(rate)
    return tuple(rates)


def _rate(table: Mapping[str, object], path: str, problems: list[str]) -> Rate:
    fields = Fields(table, path, problems)
    noted = len(problems)
    rate = Rate(
        association=fields.text("association", 60, r"[^\W_][^;|]*", "Tanger"),
        area=fields.rate("area"),
        area_administration_share=fields.rate("area_administration_share"),
        impediment=fields.rate("impediment"),
        impediment_administration_share=fields.rate("impediment_administration_share"),
    )
    fields.refuse_unknown()
    if len(problems) > noted:
        return rate  # What could not be read stands there as 0: nothing to compare.
    if rate.area == 0 and rate.impediment == 0:
        fields.note("area", "Beide Sätze sind 0; so wird nichts erhoben. Bitte die Sätze eintragen.")
    for key, whole, share in (
        ("area", rate.area, rate.area_administration_share),
        ("impediment", rate.impediment, rate.impediment_administration_share),
    ):
        if whole > MAX_RATE:
            fields.note(key, f"Der Satz {whole} ist höher als {MAX_RATE} € je Hektar. Bitte berichtigen.")
        if share > whole:
            message = f"Der Verwaltungsanteil {share} ist höher als der Satz {whole}, in dem er enthalten ist."
            fields.note(f"{key}_administration_share", f"{message} Bitte berichtigen.")
    return rate


def _authority(table: Mapping[str, object], problems: list[str]) -> Authority:
    fields = Fields(table, "authority", problems)
    mail = r"[^@\s]+@[^@\s]+\.[^@\s.]+"
    authority = Authority(
        name=fields.text("name"),
        department=fields.text("department"),
        street=fields.text("street"),
        postcode=fields.text("postcode", 5, "[0-9]{5}", "39517"),
        city=fields.text("city"),
        state=fields.text("state", 2, _STATES, "ST"),
        phone=fields.text("phone", 40, r"[0-9+()/ -]+", "03935 0000-00"),
        email=fields.text("email", 80, mail, "abgaben@stadt.example"),
        hours=fields.text("hours", 120),
        data_protection=fields.text("data_protection", 120),
        bank=fields.text("bank", 70),
        iban=fields.text("iban", 42, "[A-Z]{2}[0-9]{2}( ?[A-Z0-9]){11,30}", "DE02120300000000202051").replace(" ", ""),
        bic=fields.text("bic", 11, "[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", "BYLADEM1001"),
        file_reference=fields.text("file_reference", 60),
    )
    fields.refuse_unknown()
    _check_placeholders(authority.file_reference, fields)
    return authority


def _check_placeholders(template: str, fields: Fields) -> None:
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError:
        fields.note("file_reference", "Eine geschweifte Klammer ist nicht geschlossen. Bitte ergänzen.")
        return
    for _, name, form, conversion in parts:
        if name is not None and (name not in _PLACEHOLDERS or form or conversion):
            fields.note(
                "file_reference",
                f"Der Platzhalter {{{name[:40]}}} ist nicht vorgesehen. Bitte nur {{year}} und {{debtor}} benutzen.",
            )


def _check_dates(statute: Statute, levy: Fields) -> None:
    notice: date = statute.notice_date
    if notice < statute.statute_date:
        levy.note("notice_date", "Das Bescheiddatum liegt vor dem Datum der Satzung. Bitte beide Daten prüfen.")
    if statute.assessment_deadline < notice:
        levy.note(
            "assessment_deadline",
            "Die Festsetzungsfrist endet vor dem Bescheiddatum; ein Bescheid wäre verspätet (§ 169 AO). "
            "Bitte beide Daten prüfen.",
        )
    if statute.due.fixed_date is not None and statute.due.fixed_date <= notice:
        levy.note("due", "Die Fälligkeit liegt nicht nach dem Bescheiddatum. Bitte beide Daten prüfen.")
    if not statute.year - 5 <= statute.statute_date.year <= statute.year + 5:
        levy.note("statute_date", "Das Datum der Satzung liegt weit vom Umlagejahr entfernt. Bitte prüfen.")
    if not statute.year - 1 <= notice.year <= statute.year + 6:
        levy.note("notice_date", "Das Bescheiddatum liegt weit vom Umlagejahr entfernt. Bitte prüfen.")
