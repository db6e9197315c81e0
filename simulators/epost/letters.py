"""A letter's row and the status that follows from its timestamps; nothing ticks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulators.epost.clock import DAY, iso
from simulators.epost.errors import Problem, error_object

if TYPE_CHECKING:
    import sqlite3

ACCEPTED, CHECKED, PRINTING, POSTED, FAILED = 1, 2, 3, 4, 99
KEPT_DAYS = 400
_DETAILS = {
    ACCEPTED: "Annahme der Sendung",
    CHECKED: "Verarbeitung der Sendung",
    PRINTING: "Einlieferung in Druckzentrum",
    POSTED: "Verarbeitung in Druckzentrum",
    FAILED: "Verarbeitungsfehler",
}
_ECHOED = ("fileName", "testEMail", "registeredLetter", "custom1", "custom2", "custom3", "custom4", "custom5")
_ECHOED_ADDRESS = ("zipCode", "city", "country", "vendorSystemInformation", "costCenter")
_ECHOED_FLAGS = ("testFlag", "testShowRestrictedArea", "coverLetter", "isColor", "isDuplex")


@dataclass(frozen=True)
class Rejection:
    """A failure ordered from outside: at 2 when the check ends, at 4 instead of the posting."""

    code: str
    stage: int


@dataclass(frozen=True)
class NewLetter:
    """A letter about to be stored."""

    letter_id: int
    pdf: bytes
    fields: dict[str, Any]
    fingerprint: str
    sha256: str
    created_at: float
    visible_from: float
    rejection: Rejection | None
    duplicate_of: int | None

    def columns(self) -> dict[str, Any]:
        """Return the row's values."""
        problems = [] if self.duplicate_of is None else [duplicate_problem(self.duplicate_of)]
        return {
            "letter_id": self.letter_id,
            "batch_id": self.fields.get("batchID", 0),
            "custom1": self.fields.get("custom1") or "",
            "fingerprint": self.fingerprint,
            "sha256": self.sha256,
            "failsafe": int(self.fields.get("activateDuplicateFailsafe", False)),
            "test": int(self.fields.get("testFlag", False)),
            "fields": json.dumps(self.fields, ensure_ascii=False),
            "created_at": self.created_at,
            "visible_from": self.visible_from,
            "rejection": self.rejection and json.dumps([self.rejection.code, self.rejection.stage]),
            "problems": problems_json(problems),
            "failed_at": None if self.duplicate_of is None else self.created_at,
        }


@dataclass(frozen=True)
class LetterRow:
    """A stored letter; moments are simulated seconds, visible_from alone is real time."""

    letter_id: int
    batch_id: int
    custom1: str
    sha256: str
    test: bool
    fields: dict[str, Any]
    created_at: float
    visible_from: float
    rejection: Rejection | None
    problems: tuple[Problem, ...]
    pages: int
    submissions: int
    processed_at: float | None
    print_upload_at: float | None
    feedback_at: float | None
    failed_at: float | None

    @property
    def examined(self) -> bool:
        """Whether the document check is over, even if status 1 still shows."""
        return self.processed_at is not None or self.failed_at is not None

    def status(self, now: float) -> int:
        """Return 1, 2, 3, 4 or 99 at a simulated moment."""
        if _reached(self.failed_at, now):
            return FAILED
        stages = ((POSTED, self.feedback_at), (PRINTING, self.print_upload_at), (CHECKED, self.processed_at))
        return next((status for status, moment in stages if _reached(moment, now)), ACCEPTED)

    def status_object(self, now: float) -> dict[str, Any]:
        """LetterStatus as the API answers it."""
        status = self.status(now)
        arrival = self.feedback_at + DAY if self.feedback_at is not None else None
        arrived = status == POSTED and _reached(arrival, now)
        registered = self.fields.get("registeredLetter") and _reached(self.print_upload_at, now)
        return {
            "letterID": self.letter_id,
            "statusID": status,
            "statusDetails": _DETAILS[status],
            "createdDate": iso(self.created_at),
            "processedDate": _shown(self.processed_at, now),
            "printUploadDate": _shown(self.print_upload_at, now),
            "printFeedbackDate": _shown(self.feedback_at, now),
            "batchID": self.batch_id,
            "noOfPages": self.pages,
            "subVendorID": None,
            **{name: self.fields.get(name) for name in (*_ECHOED, *_ECHOED_ADDRESS)},
            **{name: self.fields.get(name, False) for name in _ECHOED_FLAGS},
            "registeredLetterID": f"RS{self.letter_id:09d}DE" if registered else None,
            "registeredLetterStatus": None,
            "registeredLetterStatusDate": None,
            "frankierID": f"SIM{self.letter_id}" if arrived else None,
            "destinationAreaStatus": "Im Zielgebiet eingetroffen" if arrived else None,
            "destinationAreaStatusDate": iso(arrival) if arrived else None,
            "errorList": self._errors(status),
            "plugInFeedbackList": [],
        }

    def _errors(self, status: int) -> list[dict[str, Any]]:
        moment = self.failed_at if status == FAILED else self.processed_at
        shown = [problem for problem in self.problems if status == FAILED or not problem.fatal]
        if status == ACCEPTED:
            return []
        return [error_object(problem.code, problem.description, date=iso(moment)) for problem in shown]


def duplicate_problem(first_id: int) -> Problem:
    """E324: the provider names the letter it has already."""
    return Problem("E324", f"Die Sendung wurde bereits mit der letterID {first_id} eingeliefert")


def problems_json(problems: list[Problem]) -> str:
    """Findings as they are stored."""
    return json.dumps([[problem.code, problem.description] for problem in problems], ensure_ascii=False)


def letter_row(row: sqlite3.Row) -> LetterRow:
    """Read a stored row."""
    rejection = json.loads(row["rejection"]) if row["rejection"] else None
    return LetterRow(
        letter_id=row["letter_id"],
        batch_id=row["batch_id"],
        custom1=row["custom1"],
        sha256=row["sha256"],
        test=bool(row["test"]),
        fields=json.loads(row["fields"]),
        created_at=row["created_at"],
        visible_from=row["visible_from"],
        rejection=rejection and Rejection(*rejection),
        problems=tuple(Problem(*problem) for problem in json.loads(row["problems"])),
        pages=row["pages"],
        submissions=row["submissions"],
        processed_at=row["processed_at"],
        print_upload_at=row["print_upload_at"],
        feedback_at=row["feedback_at"],
        failed_at=row["failed_at"],
    )


def _reached(moment: float | None, now: float) -> bool:
    return moment is not None and moment <= now


def _shown(moment: float | None, now: float) -> str | None:
    return iso(moment) if _reached(moment, now) else None
