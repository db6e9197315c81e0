"""Examines accepted letters one after the other, in a thread that lives while there is something to do."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from simulators.epost.checks import Examination, examine
from simulators.epost.clock import next_posting
from simulators.epost.errors import TEXTS, Problem
from simulators.epost.letters import CHECKED, LetterRow, Rejection, problems_json

if TYPE_CHECKING:
    from simulators.epost.clock import SimulatedClock
    from simulators.epost.settings import Settings
    from simulators.epost.store import Store

log = logging.getLogger("epost")
_WAITING = "processed_at IS NULL AND failed_at IS NULL AND letter_id > ?"
_BATCH = 20
_RECORD = """
UPDATE letters SET pages = ?, problems = ?, processed_at = ?, print_upload_at = ?, feedback_at = ?, failed_at = ?
WHERE letter_id = ?
"""


class Processing:
    """The provider's document check."""

    def __init__(self, store: Store, clock: SimulatedClock, settings: Settings) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._wanted = False
        self._stopping = False

    def start(self) -> None:
        """Take up whatever waits; call it after every submission and once at the start."""
        with self._lock:
            self._wanted = True
            if self._thread is None and not self._stopping:
                self._thread = threading.Thread(target=self._run, name="processing", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Finish the letter in hand; the others wait for the next start."""
        self._stopping = True
        thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while self._more():
            last = 0
            while not self._stopping and (batch := self._store.letters(_WAITING, (last,), limit=_BATCH)):
                for letter in batch:
                    last = letter.letter_id
                    self._process(letter)

    def _more(self) -> bool:
        with self._lock:
            if not self._wanted or self._stopping:
                self._thread = None
                return False
            self._wanted = False
            return True

    def _process(self, letter: LetterRow) -> None:
        if self._stopping:
            return
        try:
            found = examine(self._store.pdf(letter.letter_id), letter.fields)
        except Exception as error:  # noqa: BLE001 - one odd document must not stop the others
            log.error("letter.check_failed", extra={"letter_id": letter.letter_id, "error": type(error).__name__})  # noqa: TRY400
            found = Examination(0, (Problem("E315", TEXTS["E315"]),))
        self._record(letter, found)

    def _record(self, letter: LetterRow, found: Examination) -> None:
        to_check, to_print, to_post = self._settings.stage_seconds
        problems = [*found.problems, *_ordered(letter.rejection)]
        processed = max(letter.created_at + to_check, self._clock.now())
        at_once = any(problem.fatal for problem in found.problems) or (
            letter.rejection is not None and (letter.rejection.stage == CHECKED or letter.test)
        )
        goes_on = not letter.test and not at_once
        upload = processed + to_print if goes_on else None
        feedback = self._posting(upload + to_post) if upload is not None else None
        failed = processed if at_once else None
        if letter.rejection is not None and not at_once:
            feedback, failed = None, feedback
        moments = (processed, upload, feedback, failed)
        self._store.write(_RECORD, (found.pages, problems_json(problems), *moments, letter.letter_id))
        codes = ",".join(problem.code for problem in problems)
        log.info("letter.checked", extra={"letter_id": letter.letter_id, "pages": found.pages, "codes": codes})

    def _posting(self, moment: float) -> float:
        return next_posting(moment) if self._settings.posts_on_working_days else moment


def _ordered(rejection: Rejection | None) -> list[Problem]:
    return [] if rejection is None else [Problem(rejection.code, TEXTS.get(rejection.code, rejection.code))]
