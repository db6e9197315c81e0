"""The provider's JSON, read and written (E-POSTBUSINESS API v2.6.1; the spelling "Adress" is theirs)."""

from __future__ import annotations

import base64
import re
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from contracts.output_profile import Limits
from services.mailgateway.domain.letters import Letter, LetterAddress, read_reference
from services.mailgateway.domain.provider_status import Level, ProviderError, ProviderStatus, Stage

DUPLICATE = "E324"
_FIRST_ID = re.compile(r"letter\s?-?id\W{0,3}(\d+)", re.IGNORECASE)
_COST_CENTRE = re.compile(r"[0-9A-Za-z]{0,8}")
_POSTCODE = re.compile(r"[0-9]{5}")
_POSTCODE_ABROAD = re.compile(r"[\w\- ]{3,20}")
_NO_POSTCODE = "   "
_LOCAL_TIME = ZoneInfo("Europe/Berlin")
_LEVELS: dict[str, Level] = {"warning": "warning", "info": "info"}
_STAGES: dict[int, Stage] = {1: "accepted", 2: "checked", 3: "printing", 4: "posted", 99: "failed"}


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class WireError(_Wire):
    """Error object."""

    code: str = Field(min_length=1)
    level: str = "Error"
    description: str | None = None
    date: str | None = None


class WireIdent(_Wire):
    """LetterIdent: the receipt."""

    fileName: str  # noqa: N815 - theirs
    letterID: int  # noqa: N815 - theirs


class WireStatus(_Wire):
    """LetterStatus, the part that is used."""

    letterID: int  # noqa: N815 - theirs
    statusID: int  # noqa: N815 - theirs
    batchID: int | None = None  # noqa: N815 - theirs
    custom1: str | None = None
    testFlag: bool | None = None  # noqa: N815 - theirs
    createdDate: str | None = None  # noqa: N815 - theirs
    printFeedbackDate: str | None = None  # noqa: N815 - theirs
    noOfPages: int | None = None  # noqa: N815 - theirs
    errorList: list[WireError] | None = None  # noqa: N815 - theirs


class WireToken(_Wire):
    """LoginResponse."""

    token: str = Field(min_length=1)


IDENTS = TypeAdapter(list[WireIdent])
STATUSES = TypeAdapter(list[WireStatus])


def error_of(wire: WireError) -> ProviderError:
    """Read one message."""
    level = _LEVELS.get(wire.level.lower(), "error")
    return ProviderError(wire.code, level, wire.description or "", instant_of(wire.date))


def status_of(wire: WireStatus) -> ProviderStatus:
    """Read one status; an unknown stage counts as accepted, so that it neither ends a letter nor hides it."""
    reference = read_reference(wire.custom1)
    errors = tuple(error_of(error) for error in wire.errorList or ())
    return ProviderStatus(
        provider_id=wire.letterID,
        custom1=wire.custom1 or "",
        letter_id=reference[0] if reference else None,
        attempt=reference[1] if reference else None,
        status=_stage_of(wire),
        test=bool(wire.testFlag),
        created_at=instant_of(wire.createdDate),
        posted_at=instant_of(wire.printFeedbackDate),
        pages=wire.noOfPages or None,
        errors=errors,
        duplicate_of=next((first_id_of(error) for error in errors if error.code == DUPLICATE), None),
        batch_id=wire.batchID or None,
    )


def _stage_of(wire: WireStatus) -> Stage:
    """Read the stage; without its posting date a letter is not posted yet, for that date is what the law asks for."""
    stage = _STAGES.get(wire.statusID, "accepted")
    return "printing" if stage == "posted" and instant_of(wire.printFeedbackDate) is None else stage


def first_id_of(error: ProviderError) -> int | None:
    """Read the first submission's number from the words of E324."""
    match = _FIRST_ID.search(error.description)
    return int(match.group(1)) if match else None


def instant_of(text: str | None) -> datetime | None:
    """Read a time; one without a zone is German local time, year 1 is the provider's "none"."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    if moment.year == 1:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=_LOCAL_TIME)


def defect_of(letter: Letter, limits: Limits) -> ProviderError | None:
    """Find what the provider would refuse the whole array for, before it is sent."""
    if not letter.pdf.startswith(b"%PDF-"):
        return ProviderError("E301")
    if len(letter.pdf) > limits.letter_bytes:
        return ProviderError("E303")
    if not _COST_CENTRE.fullmatch(letter.cost_centre):
        return ProviderError("E313", description="costCenter")
    field = _address_defect(letter.address, limits.address_line_chars)
    return ProviderError("E306", description=field) if field else None


def _address_defect(address: LetterAddress, most: int) -> str | None:
    most_lines = 4 if address.abroad else 5
    if not 1 <= len(address.lines) <= most_lines:
        return "addressLine: count"
    postcode = _clean(address.postcode)
    checks = {
        "addressLine": all(_fits(line, most) for line in address.lines),
        "city": _fits(address.city, most),
        "country": not address.abroad or _fits(address.country, most),
        "senderAdressLineComplete": _fits(address.sender_line, 200),
        "zipCode": _postcode_fits(postcode) if address.abroad else bool(_POSTCODE.fullmatch(postcode)),
    }
    return next((field for field, good in checks.items() if not good), None)


def _fits(text: str, most: int) -> bool:
    return 1 <= len(_clean(text)) <= most and _clean(text).isprintable()


def _clean(text: str) -> str:
    return " ".join(text.split())


def _postcode_fits(postcode: str) -> bool:
    return not postcode or (_POSTCODE_ABROAD.fullmatch(postcode) is not None)


def upload_body(letters: list[Letter], *, batch_id: int, test: bool) -> bytes:
    """Write the array of letters."""
    return orjson.dumps([_letter_fields(letter, batch_id=batch_id, test=test) for letter in letters])


def _letter_fields(letter: Letter, *, batch_id: int, test: bool) -> dict[str, Any]:
    # The failsafe is never left out: it is the provider's half of "never twice".
    fields: dict[str, Any] = {
        "fileName": letter.file_name,
        "data": base64.b64encode(letter.pdf).decode("ascii"),
        "isColor": letter.colour,
        "isDuplex": letter.duplex,
        "batchID": batch_id,
        "testFlag": test,
        "custom1": letter.reference,
        "activateDuplicateFailsafe": True,
    }
    if letter.cost_centre:
        fields["costCenter"] = letter.cost_centre
    return fields | _address_fields(letter.address)


def _address_fields(address: LetterAddress) -> dict[str, str]:
    fields = {f"addressLine{number}": _clean(line) for number, line in enumerate(address.lines, start=1)}
    fields["zipCode"] = _clean(address.postcode) or _NO_POSTCODE
    fields["city"] = _clean(address.city)
    fields["senderAdressLineComplete"] = _clean(address.sender_line)
    if address.abroad:
        fields["country"] = _clean(address.country).upper()
    return fields


def of_attempt(statuses: tuple[ProviderStatus, ...], letter_id: UUID, attempt: int) -> tuple[ProviderStatus, ...]:
    """Keep what carries exactly this reference; a look-up may answer with its neighbours too."""
    return tuple(status for status in statuses if (status.letter_id, status.attempt) == (letter_id, attempt))
