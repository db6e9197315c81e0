"""Taking letters in: what is refused at once, what is stored, what counts as a duplicate."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from simulators.epost.api_models import checked_letters
from simulators.epost.clock import day_start
from simulators.epost.errors import TEXTS, ApiError
from simulators.epost.letters import FAILED, NewLetter, duplicate_problem

if TYPE_CHECKING:
    from simulators.epost.clock import SimulatedClock
    from simulators.epost.faults import Faults, Rule
    from simulators.epost.settings import Settings
    from simulators.epost.store import Store

REQUEST_BYTES = 300_000_000
_LETTER_BYTES = 20_000_000
_COVER_BYTES = 500_000
_FAILSAFE_SECONDS = 3_600
_GERMAN_POSTCODE = 5
_REGISTERED = frozenset({"Einwurf Einschreiben", "Einschreiben", "Einschreiben Rückschein"})
_LINES = ("addressLine1", "addressLine2", "addressLine3", "addressLine4", "addressLine5")
_ADDRESS = (*_LINES, "zipCode", "city", "country")


@dataclass(frozen=True)
class Document:
    """A letter that passed the checks at the door."""

    fields: dict[str, Any]
    pdf: bytes

    def fingerprint(self) -> str:
        """Return what makes two letters the same for the failsafe: the document and the address."""
        address = json.dumps([self.fields.get(name) or "" for name in _ADDRESS], ensure_ascii=False)
        return hashlib.sha256(self.pdf + b"\0" + address.encode()).hexdigest()


class Submissions:
    """POST /api/Letter."""

    def __init__(self, store: Store, clock: SimulatedClock, settings: Settings, faults: Faults) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._faults = faults

    def submit(self, body: object, faults: dict[str, Rule]) -> list[dict[str, Any]]:
        """Store a whole array durably and return its LetterIdents; a refusal stores nothing."""
        letters = checked_letters(body)
        documents = [_at_the_door(letter, index) for index, letter in enumerate(letters)]
        _refuse_repeated_names(letters)
        with self._store.transaction():
            self._refuse_by_account(letters)
            originals = self._originals(documents)
            refused = next((first for first in originals if first is not None), None)
            if refused is not None and self._settings.duplicate_mode == "request":
                self._note_duplicates(originals)
            else:
                return self._stored(documents, originals, faults)
        raise ApiError(400, "E324", duplicate_problem(refused).description if refused else None)

    def _refuse_by_account(self, letters: list[dict[str, Any]]) -> None:
        live = [letter for letter in letters if not letter.get("testFlag", False)]
        if live and self._store.setting("released") == "no":
            raise ApiError(400, "E319")
        tests = len(letters) - len(live)
        today = day_start(self._clock.now())
        so_far = self._store.read("SELECT count(*) AS n FROM letters WHERE test AND created_at >= ?", (today,))
        if tests and so_far[0]["n"] + tests > self._settings.test_letters_per_day:
            raise ApiError(400, "E320", f"{TEXTS['E320']}: {self._settings.test_letters_per_day}")

    def _originals(self, documents: list[Document]) -> list[int | None]:
        """For each document the letter it repeats, if it asked for the failsafe."""
        first_id = self._store.next_letter_id()
        seen: dict[str, int] = {}
        originals: list[int | None] = []
        for position, document in enumerate(documents):
            if not document.fields.get("activateDuplicateFailsafe", False):
                originals.append(None)
                continue
            print_ = document.fingerprint()
            originals.append(seen.get(print_) or self._known(print_))
            seen.setdefault(print_, first_id + position)
        return originals

    def _known(self, fingerprint: str) -> int | None:
        now = self._clock.now()
        same = self._store.letters(
            "fingerprint = ? AND failsafe AND created_at > ?", (fingerprint, now - _FAILSAFE_SECONDS)
        )
        return next((letter.letter_id for letter in same if letter.status(now) != FAILED), None)

    def _stored(
        self, documents: list[Document], originals: list[int | None], faults: dict[str, Rule]
    ) -> list[dict[str, Any]]:
        partial, invisible = faults.get("partial"), faults.get("invisible")
        accepted = documents[: partial.count] if partial else documents
        visible_from = self._clock.real() + invisible.seconds if invisible else 0.0
        first_id, now = self._store.next_letter_id(), self._clock.now()
        new = [
            NewLetter(
                letter_id=first_id + position,
                pdf=document.pdf,
                fields=document.fields,
                fingerprint=document.fingerprint(),
                sha256=hashlib.sha256(document.pdf).hexdigest(),
                created_at=now,
                visible_from=visible_from,
                rejection=self._faults.of_letter(document.fields),
                duplicate_of=original,
            )
            for position, (document, original) in enumerate(zip(accepted, originals, strict=False))
        ]
        self._store.add(new)
        self._faults.save_counts()
        self._note_duplicates([letter.duplicate_of for letter in new])
        return [{"fileName": letter.fields["fileName"], "letterID": letter.letter_id} for letter in new]

    def _note_duplicates(self, originals: list[int | None]) -> None:
        for letter_id in originals:
            if letter_id is not None:
                self._store.write("UPDATE letters SET submissions = submissions + 1 WHERE letter_id = ?", (letter_id,))
                self._store.count("duplicates")


def _at_the_door(letter: dict[str, Any], index: int) -> Document:
    pdf = _decoded(letter, "data", index)
    if len(pdf) > _LETTER_BYTES:
        raise ApiError(400, "E303", f"{TEXTS['E303']}: letters[{index}]")
    if not pdf.startswith(b"%PDF-"):
        raise ApiError(400, "E301", f"{TEXTS['E301']}: letters[{index}]")
    if len(_decoded(letter, "coverData", index)) > _COVER_BYTES:
        raise ApiError(400, "E314", f"{TEXTS['E314']}: letters[{index}]")
    code = _address_fault(letter) or _registered_fault(letter)
    if code:
        raise ApiError(400, code, f"{TEXTS[code]}: letters[{index}]")
    fields = {name: value for name, value in letter.items() if name not in {"data", "coverData"}}
    return Document(fields, pdf)


def _decoded(letter: dict[str, Any], name: str, index: int) -> bytes:
    try:
        return base64.b64decode(letter.get(name) or "", validate=True)
    except (binascii.Error, ValueError):
        raise ApiError(400, "E313", f"Schema verletzt: letters[{index}].{name}: kein Base64") from None


def _address_fault(letter: dict[str, Any]) -> str | None:
    country = letter.get("country") or ""
    if country and country not in _countries():
        return "E305"
    domestic = country in {"", "DEUTSCHLAND"}
    postcode = letter["zipCode"]
    wrong = domestic and not (len(postcode) == _GERMAN_POSTCODE and postcode.isdecimal() and postcode.isascii())
    empty = not letter["addressLine1"].strip() or not letter["city"].strip()
    too_long_abroad = not domestic and (letter.get("addressLine5") or "").strip()
    return "E306" if wrong or empty or too_long_abroad else None


def _registered_fault(letter: dict[str, Any]) -> str | None:
    kind = letter.get("registeredLetter")
    if not kind:
        return None
    if kind not in _REGISTERED:
        return "E317"
    if (letter.get("country") or "DEUTSCHLAND") != "DEUTSCHLAND":
        return "E311"
    return "E312" if letter.get("isDuplex", False) else None


def _refuse_repeated_names(letters: list[dict[str, Any]]) -> None:
    name, times = Counter(letter["fileName"] for letter in letters).most_common(1)[0]
    if times > 1:
        raise ApiError(400, "E309", f"{TEXTS['E309']}: {name}")


@cache
def _countries() -> frozenset[str]:
    text = resources.files("simulators.epost").joinpath("countries.txt").read_text("utf-8")
    return frozenset({"DEUTSCHLAND", *text.split("\n")} - {""})
