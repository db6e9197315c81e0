"""What the command says to people, in German and in English, and how each writes numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Language = Literal["de", "en"]

GERMAN: Mapping[str, str] = {
    "starting": "Rathaus startet: {done} von {total} Prozessen bereit",
    "attached": "Das Rathaus in {home} läuft schon; es wird mitbenutzt.",
    "guests": "Ein anderer Befehl arbeitet noch in diesem Rathaus; es bleibt so lange an.",
    "not_ready": "Das Rathaus ist nicht bereit geworden:",
    "not_ready_line": "{name}: {problem}; Protokoll: {log}",
    "busy": "Ein anderer Befehl belegt {home}, wird aber nicht bereit. Protokoll: {log}",
    "no_credentials": "Für einen echten Postdienst fehlen die Zugangsdaten: bitte {variable} auf eine Datei setzen.",
    "other_provider": "Die Briefe in {home} gehören zu einem anderen Postdienst (Simulator oder echt). Bitte "
    "{variable} wie beim ersten Start setzen oder einen anderen Ordner nehmen.",
    "gone": "Das Rathaus wurde beendet; es wird neu gestartet und macht weiter.",
    "interrupted": "Abgebrochen. Nichts ist verloren: derselbe Befehl setzt den Lauf fort.",
    "stopping": "Rathaus wird beendet.",
    "serving": "Das Rathaus läuft. Beenden mit Strg-C.",
    "where": "Was wo läuft",
    "process": "Prozess",
    "address": "Adresse",
    "pid": "PID",
    "log": "Protokoll",
    "data": "Alle Daten liegen in {home}",
    "file_missing": "Die Datei {file} lässt sich nicht lesen.",
    "file_too_large": "Die Datei {file} ist mit {size} MB zu groß (höchstens {most} MB): Das ist keine Umlagedatei.",
    "report_unwritable": "Der Bericht kann nicht nach {file} geschrieben werden: Diesen Ordner gibt es nicht.",
    "refused": "Abgelehnt: {title}",
    "silent": "Der Dienst {service} antwortet nicht. {why} Protokoll: {log}",
    "provider_real": "Der Postdienst {provider} ist echt. Einlesen und Freigeben in einem Zug gibt es nur mit dem "
    "Simulator oder im Testbetrieb: bitte ohne --release einlesen und von einer zweiten Person freigeben lassen.",
    "provider_away": "Der Postdienst antwortet nicht: {detail}",
    "importing": "Einlesen",
    "rendering": "Bescheide setzen",
    "routing": "Zustellweg",
    "submitting": "Übergabe an die Post",
    "posting": "Aufgabe zur Post",
    "copying": "Kopien ablegen",
    "of": "{done} von {total}",
    "run": "Lauf",
    "levy": "Umlage",
    "state": "Stand",
    "rendering_state": "wird erzeugt",
    "checked_state": "geprüft, wartet auf Freigabe",
    "released_state": "freigegeben am {date} durch {person}",
    "superseded_state": "durch einen neueren Lauf ersetzt",
    "notices": "Bescheide",
    "sum": "Summe",
    "forecast": "Kosten beim Postdienst (netto)",
    "old_way": "Kosten auf dem alten Weg",
    "imported_by": "eingelesen von",
    "pages_sheets": "Seiten / Blätter",
    "findings": "Das muss jemand ansehen",
    "reference": "Kassenzeichen",
    "message": "Was ist zu tun",
    "finding_count": "{count} Bescheide konnten nicht erzeugt werden; sie werden nicht versandt.",
    "held_back_count": "{count} Kassenzeichen sind zurückgehalten, {errors} Zeilen fehlerhaft: {file}",
    "row_error": "  Zeile {row}, {column}: {message}",
    "row_errors_more": "  … und {count} weitere in der Datei.",
    "samples": "Diese Briefe bitte ansehen",
    "root_hash": "Prüfsumme dieses Stands: {hash}",
    "release_line": "Freigeben muss eine zweite Person:",
    "nothing": "Kein Bescheid ist versandfähig; es gibt nichts freizugeben.",
    "superseded": "Dieser Lauf wurde durch einen neueren ersetzt und kann nicht mehr freigegeben werden.",
    "released_now": "Freigegeben durch {person}.",
    "released_before": "Dieser Lauf wurde schon am {date} freigegeben; er wird nicht noch einmal versandt.",
    "report": "Abrechnung {kind} {year}",
    "station": "Station",
    "count": "Anzahl",
    "rows": "Zeilen der Datei",
    "unattributed_rows": "  ohne Zuordnung",
    "row_errors": "  fehlerhafte Angaben",
    "debtors": "Schuldner",
    "below_minimum": "  unter dem Mindestbetrag",
    "held_back": "  zurückgehalten",
    "assessed": "  festgesetzt",
    "rendered": "Bescheide erzeugt",
    "render_failed": "  nicht erzeugt",
    "routed_paper": "Zustellung auf Papier",
    "routed_mailbox": "Zustellung ins Postfach",
    "unrouted": "  noch ohne Zustellweg",
    "submitted": "an den Postdienst übergeben",
    "posted": "zur Post gegeben",
    "failed": "  abgelehnt",
    "unclear": "  unklar, bitte entscheiden",
    "open": "  noch offen",
    "comparison": "Aufwand",
    "old": "früher",
    "new": "jetzt",
    "cost": "Kosten (EUR)",
    "steps": "Handgriffe",
    "administration": "Verwaltungskosten: umgelegt {charged} EUR, tatsächlich {actual} EUR",
    "seconds": "Sekunden: Einlesen {import}, Festsetzen {assess}, Setzen {render}, Freigeben {release}, "
    "Übergeben {submit}, insgesamt {total}",
    "chain_closed": "Die Kette ist geschlossen: Jede Zeile und jeder Cent ist belegt.",
    "chain_open": "Die Kette ist NICHT geschlossen:",
    "letters_at": "Briefe: {file}",
    "report_at": "Bericht: {file}",
    "errors_at": "Zeilenfehler: {file}",
    "topology_applied": "Die Topologie ist auf {url} eingerichtet.",
    "bus_away": "Der Bus auf {url} antwortet nicht oder weist die Zugangsdaten ab.",
}

ENGLISH: Mapping[str, str] = {
    "starting": "Town hall starting: {done} of {total} processes ready",
    "attached": "The town hall in {home} is already running; this command uses it.",
    "guests": "Another command still works in this town hall; it stays on until that is done.",
    "not_ready": "The town hall did not become ready:",
    "not_ready_line": "{name}: {problem}; log: {log}",
    "busy": "Another command holds {home} but does not become ready. Log: {log}",
    "no_credentials": "Credentials for a real provider are missing: set {variable} to a file.",
    "other_provider": "The letters in {home} belong to another provider (simulator or real). Set {variable} as at the "
    "first start, or take another folder.",
    "gone": "The town hall was stopped; it is started anew and goes on.",
    "interrupted": "Interrupted. Nothing is lost: the same command resumes the run.",
    "stopping": "Town hall stopping.",
    "serving": "The town hall is running. Stop it with Ctrl-C.",
    "where": "What runs where",
    "process": "Process",
    "address": "Address",
    "pid": "PID",
    "log": "Log",
    "data": "All data lies in {home}",
    "file_missing": "The file {file} cannot be read.",
    "file_too_large": "The file {file} is too large ({size} MB, {most} MB at most): it is no levy file.",
    "report_unwritable": "The report cannot be written to {file}: there is no such folder.",
    "refused": "Refused: {title}",
    "silent": "The service {service} does not answer. {why} Log: {log}",
    "provider_real": "The provider {provider} is real. Import and release in one go exist only with the simulator or "
    "in test mode: import without --release and let a second person release.",
    "provider_away": "The postal provider does not answer: {detail}",
    "importing": "Import",
    "rendering": "Drawing notices",
    "routing": "Delivery route",
    "submitting": "Hand-over to the provider",
    "posting": "Posting",
    "copying": "Copies for people",
    "of": "{done} of {total}",
    "run": "Run",
    "levy": "Levy",
    "state": "State",
    "rendering_state": "being drawn",
    "checked_state": "checked, waits for release",
    "released_state": "released on {date} by {person}",
    "superseded_state": "superseded by a newer run",
    "notices": "Notices",
    "sum": "Sum",
    "forecast": "Cost at the provider (net)",
    "old_way": "Cost of the old way",
    "imported_by": "imported by",
    "pages_sheets": "Pages / sheets",
    "findings": "Somebody has to look at this",
    "reference": "Reference",
    "message": "What to do",
    "finding_count": "{count} notices could not be drawn; they will not be sent.",
    "held_back_count": "{count} references are held back, {errors} rows are faulty: {file}",
    "row_error": "  Row {row}, {column}: {message}",
    "row_errors_more": "  … and {count} more in the file.",
    "samples": "Please look at these letters",
    "root_hash": "Root hash of this state: {hash}",
    "release_line": "A second person has to release:",
    "nothing": "No notice can be sent; there is nothing to release.",
    "superseded": "A newer run has taken the place of this one; it can no longer be released.",
    "released_now": "Released by {person}.",
    "released_before": "This run was released on {date}; it is not sent again.",
    "report": "Reconciliation {kind} {year}",
    "station": "Station",
    "count": "Count",
    "rows": "Rows of the file",
    "unattributed_rows": "  unattributed",
    "row_errors": "  row errors",
    "debtors": "Debtors",
    "below_minimum": "  below the minimum",
    "held_back": "  held back",
    "assessed": "  assessed",
    "rendered": "Notices drawn",
    "render_failed": "  not drawn",
    "routed_paper": "Delivery on paper",
    "routed_mailbox": "Delivery to a mailbox",
    "unrouted": "  not routed yet",
    "submitted": "handed over to the provider",
    "posted": "posted",
    "failed": "  refused",
    "unclear": "  unclear, please decide",
    "open": "  still open",
    "comparison": "Effort",
    "old": "before",
    "new": "now",
    "cost": "Cost (EUR)",
    "steps": "Manual steps",
    "administration": "Administration: charged {charged} EUR, actual {actual} EUR",
    "seconds": "Seconds: import {import}, assess {assess}, render {render}, release {release}, submit {submit}, "
    "total {total}",
    "chain_closed": "The chain closes: every row and every cent is accounted for.",
    "chain_open": "The chain does NOT close:",
    "letters_at": "Letters: {file}",
    "report_at": "Report: {file}",
    "errors_at": "Row errors: {file}",
    "topology_applied": "The topology stands on {url}.",
    "bus_away": "The bus at {url} does not answer, or refuses the credentials.",
}


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences and numbers in one language."""

    language: Language

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Words:
        """Take the language of the terminal (LC_ALL, LC_MESSAGES, LANG); German unless that is English."""
        names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        chosen = next((name for name in names if name), "")
        return cls("en" if chosen.lower().startswith("en") else "de")

    def say(self, key: str, **values: object) -> str:
        """Return a sentence with its values filled in."""
        text = (ENGLISH if self.language == "en" else GERMAN)[key]
        return text.format_map(values)

    def number(self, value: Decimal | int) -> str:
        """Write a number with separators; a Decimal keeps its places."""
        text = f"{value:,}"
        return text if self.language == "en" else text.translate(str.maketrans(",.", ".,"))
