"""The bindings of CloudEvents 1.0: structured, batched, or binary with `ce-*` headers, over HTTP and NATS alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, cast
from urllib.parse import unquote_to_bytes

from services.intake.domain import strict_json
from services.intake.domain.identity import canonical
from services.intake.domain.limits import MAX_BATCH_BYTES, MAX_BATCH_EVENTS, MAX_EVENT_BYTES
from services.intake.domain.refusals import Finding, Refusal, refused
from services.intake.domain.strict_json import Members, NotJsonError

Mode = Literal["structured", "batch", "binary"]
Headers = Sequence[tuple[str, str]]
"""Names in lower case."""

JSON = "application/json"
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
_TEXTS = ("specversion", "id", "source", "type")
_EXPECTED = f"Erwartet wird {STRUCTURED}, {BATCH} oder {JSON}, jeweils in UTF-8 und ohne Kompression."


def mode_of(headers: Headers, *, default: str = "") -> Mode | Refusal:
    """Tell from the headers how the event is written; `default` is the content type where none is stated."""
    stated = [value for name, value in headers if name == "content-type"] or [default]
    encodings = {value.strip().lower() for name, value in headers if name == "content-encoding"}
    media_type, *parameters = (part.strip().lower() for part in stated[0].split(";"))
    charsets = {
        value.strip("\"' ") for part in parameters for name, _, value in [part.partition("=")] if name == "charset"
    }
    if len(stated) > 1 or charsets - {"utf-8"} or encodings - {"identity"}:
        return refused("media_type", (), _EXPECTED)
    if media_type == JSON:
        return "binary" if any(name.startswith("ce-") for name, _ in headers) else "structured"
    modes: dict[str, Mode] = {STRUCTURED: "structured", BATCH: "batch"}
    return modes.get(media_type) or refused("media_type", (), _EXPECTED)


def limit_of(mode: Mode) -> int:
    """Return how many bytes a body may have."""
    return MAX_BATCH_BYTES if mode == "batch" else MAX_EVENT_BYTES


def too_large(mode: Mode) -> Refusal:
    """Say how much is allowed."""
    if mode == "batch":
        allowed = f"{MAX_BATCH_BYTES // 1024} KiB und {MAX_BATCH_EVENTS} Ereignisse für ein Bündel"
    else:
        allowed = f"{MAX_EVENT_BYTES // 1024} KiB für ein Ereignis"
    return refused("too_large", (), f"Erlaubt sind {allowed}.")


def events_of(mode: Mode, headers: Headers, body: bytes, *, known: frozenset[str]) -> list[dict[str, Any]] | Refusal:
    """Read the events out of a body; attributes that are null count as absent."""
    if len(body) > limit_of(mode):
        return too_large(mode)
    try:
        written = strict_json.read(body)
        if mode == "binary":
            written = _attributes(headers, written)
        content = strict_json.plain(written, known=known)
    except NotJsonError as error:
        return Refusal("not_json", (Finding(error.pointer, error.message),))
    if mode != "batch":
        return _cloudevent(content)
    return _batch(content)


def _batch(content: Any) -> list[dict[str, Any]] | Refusal:
    if not isinstance(content, list):
        return refused("not_cloudevent", (), "Ein Bündel ist eine Liste von Ereignissen.")
    items = cast("list[Any]", content)
    if len(items) > MAX_BATCH_EVENTS:
        return too_large("batch")
    events: list[dict[str, Any]] = []
    for index, item in enumerate(items):
        read = _cloudevent(item)
        if isinstance(read, Refusal):
            return read.below(index)
        if len(canonical(read[0])) > MAX_EVENT_BYTES:
            return too_large("structured").below(index)
        events += read
    return events


def _attributes(headers: Headers, data: Any) -> Members:
    """Put the attributes of a binary event beside its data; their values are percent-encoded UTF-8."""
    members = Members([("data", data)])
    for name, value in headers:
        if name.startswith("ce-"):
            attribute = name.removeprefix("ce-")
            try:
                text = unquote_to_bytes(value.encode("latin-1")).decode()
            except UnicodeError:
                raise NotJsonError("Eine Kopfzeile ce-* ist nicht in UTF-8 kodiert.") from None
            members.append((attribute, text))
    return members


def _cloudevent(content: Any) -> list[dict[str, Any]] | Refusal:
    if not isinstance(content, dict):
        return refused("not_cloudevent", (), "Ein CloudEvent ist ein JSON-Objekt.")
    found = cast("dict[str, Any]", content)
    event = {name: value for name, value in found.items() if value is not None or name == "data"}
    findings = [
        Finding(f"/{name}", "Dieses Attribut fehlt oder ist kein Text.")
        for name in _TEXTS
        if not isinstance(event.get(name), str) or not event[name]
    ]
    if not findings and event["specversion"] != "1.0":
        findings.append(Finding("/specversion", "Das Rathaus versteht nur CloudEvents in der Version 1.0."))
    if "data_base64" in event:
        findings.append(Finding("/data_base64", "Die Daten bitte als JSON in data senden."))
    event.setdefault("datacontenttype", JSON)
    return Refusal("not_cloudevent", tuple(findings)) if findings else [event]
