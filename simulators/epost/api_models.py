"""The request objects of the API: names, limits and obligatory fields (OpenAPI v2.6.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, cast

from simulators.epost.errors import ApiError

Kind = Literal["text", "flag", "number", "list"]
_INT32 = 2_147_483_647
_FILE_NAME = re.compile(r"[A-Za-z0-9._ -]+")
_COST_CENTRE = re.compile(r"[0-9A-Za-z]*")


@dataclass(frozen=True)
class Field:
    """One JSON property; a limit counts characters."""

    kind: Kind = "text"
    least: int = 0
    most: int | None = None
    required: bool = False


def _texts(most: int, *names: str) -> dict[str, Field]:
    return {name: Field(most=most) for name in names}


def _flags(*names: str) -> dict[str, Field]:
    return {name: Field("flag") for name in names}


LETTER: dict[str, Field] = {
    "fileName": Field(least=5, most=200, required=True),
    "data": Field(required=True),
    "batchID": Field("number"),
    "addressLine1": Field(least=1, most=80, required=True),
    "zipCode": Field(least=3, most=20, required=True),
    "city": Field(least=1, most=80, required=True),
    "registeredLetter": Field(most=50),
    "registeredLetterZipCode": Field(least=5, most=20),
    "testEMail": Field(most=100),
    "coverData": Field(),
    "senderAdressLineComplete": Field(most=200),
    "vendorSystemInformation": Field(most=120),
    "costCenter": Field(most=8),
    "plugInList": Field("list"),
    **_texts(80, *(f"registeredLetterAdressLine{n}" for n in (1, 2, 3)), "registeredLetterCity"),
    **_texts(80, *(f"addressLine{n}" for n in (2, 3, 4, 5)), "country"),
    **_texts(80, "senderAdressLine1", "senderStreet", "senderZipCode", "senderCity"),
    **_texts(80, *(f"custom{n}" for n in (1, 2, 3, 4, 5))),
    **_flags("isColor", "isDuplex", "testFlag", "testShowRestrictedArea", "coverLetter"),
    **_flags("activateDuplicateFailsafe"),
}

LOGIN: dict[str, Field] = {
    "vendorID": Field(least=1, required=True),
    "ekp": Field(least=10, most=10, required=True),
    "secret": Field(most=100, required=True),
    "password": Field(least=5, most=100, required=True),
    "vendorSubID": Field(most=100),
    "tokenDuration": Field("number"),
}


def _schema_error(where: str, reason: str) -> ApiError:
    return ApiError(400, "E313", f"Schema verletzt: {where}: {reason}")


def checked_object(value: object, schema: dict[str, Field], where: str) -> dict[str, Any]:
    """Check one object against its schema; E313 names field and index. Unknown fields are refused."""
    if not isinstance(value, dict):
        raise _schema_error(where, "kein Objekt")
    record = cast("dict[str, Any]", value)
    for name in record:
        if name not in schema:
            raise _schema_error(f"{where}.{name[:60]}", "unbekanntes Feld")
    for name, field in schema.items():
        reason = _violation(record.get(name), field, present=name in record)
        if reason:
            raise _schema_error(f"{where}.{name}", reason)
    return record


def checked_letters(value: object) -> list[dict[str, Any]]:
    """Check the array of a submission."""
    if not isinstance(value, list) or not value:
        raise _schema_error("letters", "ein Array mit mindestens einer Sendung wird erwartet")
    letters = [
        checked_object(item, LETTER, f"letters[{index}]") for index, item in enumerate(cast("list[object]", value))
    ]
    for index, letter in enumerate(letters):
        if not _FILE_NAME.fullmatch(letter["fileName"]):
            raise _schema_error(f"letters[{index}].fileName", "Sonderzeichen sind nicht erlaubt")
        if not _COST_CENTRE.fullmatch(letter.get("costCenter") or ""):
            raise _schema_error(f"letters[{index}].costCenter", "nur 0-9, a-z, A-Z")
    return letters


def checked_ids(value: object) -> list[int]:
    """Check the body of a StatusQuery."""
    if not isinstance(value, list):
        raise _schema_error("letters", "ein Array von Sendungs-IDs wird erwartet")
    for index, item in enumerate(cast("list[object]", value)):
        if not isinstance(item, int) or isinstance(item, bool):
            raise _schema_error(f"letters[{index}]", "keine ganze Zahl")
    return cast("list[int]", value)


def _violation(value: object, field: Field, *, present: bool) -> str | None:
    if value is None:
        return _absent(field, present=present)
    if field.kind == "text":
        return _text_violation(value, field)
    if field.kind == "flag":
        return None if isinstance(value, bool) else "kein Wahrheitswert"
    if field.kind == "list":
        return None if isinstance(value, list) else "kein Array"
    whole = isinstance(value, int) and not isinstance(value, bool)
    return None if whole and abs(cast("int", value)) <= _INT32 else "keine ganze Zahl (int32)"


def _absent(field: Field, *, present: bool) -> str | None:
    if field.required:
        return "Pflichtfeld fehlt"
    return "darf nicht null sein" if present and field.kind in {"flag", "number"} else None


def _text_violation(value: object, field: Field) -> str | None:
    if not isinstance(value, str):
        return "kein Text"
    if len(value) < field.least:
        return f"kürzer als {field.least} Zeichen"
    if field.most is not None and len(value) > field.most:
        return f"länger als {field.most} Zeichen"
    return None
