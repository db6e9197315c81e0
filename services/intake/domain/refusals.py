"""Why an event is refused: a stable code, its HTTP status, and findings in words that never quote what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Code = Literal[
    "not_json",
    "not_cloudevent",
    "broken_off",
    "unknown_key",
    "type_not_allowed",
    "foreign_source",
    "pool_not_allowed",
    "unknown_system",
    "too_slow",
    "id_taken",
    "too_large",
    "media_type",
    "invalid",
    "clock",
    "rate",
    "quota",
]
MAX_FINDINGS = 20
Path = Sequence[str | int]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at one place; the pointer is a JSON pointer (RFC 6901), empty for the whole event."""

    pointer: str
    message: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event, or a batch of them, that is not taken in."""

    code: Code
    findings: tuple[Finding, ...] = ()
    retry_after: int | None = None

    @property
    def status(self) -> int:
        """HTTP status of the code."""
        return REFUSALS[self.code][0]

    @property
    def title(self) -> str:
        """The code in a sentence."""
        return REFUSALS[self.code][1]

    def below(self, index: int) -> Refusal:
        """Return the same for an event inside a batch."""
        return replace(self, findings=tuple(Finding(f"/{index}{each.pointer}", each.message) for each in self.findings))


REFUSALS: dict[Code, tuple[int, str]] = {
    "not_json": (400, "Der Inhalt ist kein gültiges JSON."),
    "not_cloudevent": (400, "Der Inhalt ist kein CloudEvent 1.0."),
    "broken_off": (400, "Die Anfrage ist abgebrochen oder unvollständig."),
    "unknown_key": (401, "Dieser API-Schlüssel öffnet hier nicht."),
    "type_not_allowed": (403, "Für diese Ereignisart ist das System nicht freigegeben."),
    "foreign_source": (403, "Die Quelle gehört nicht zu diesem System."),
    "pool_not_allowed": (403, "Für dieses Bad ist das System nicht freigegeben."),
    "unknown_system": (403, "Dieses System ist nicht mehr angemeldet."),
    "too_slow": (408, "Der Inhalt kam zu langsam an."),
    "id_taken": (409, "Diese Kennung gehört schon zu einem Ereignis mit anderem Inhalt."),
    "too_large": (413, "Der Inhalt ist zu groß."),
    "media_type": (415, "Dieses Format nimmt das Rathaus nicht an."),
    "invalid": (422, "Das Ereignis entspricht nicht seinem Schema."),
    "clock": (422, "Die Zeitangabe liegt zu weit von der Gegenwart entfernt."),
    "rate": (429, "Zu viele Ereignisse in kurzer Zeit."),
    "quota": (429, "Das Tageskontingent des Systems ist erschöpft."),
}


def refused(code: Code, path: Path = (), message: str = "", *, retry_after: int | None = None) -> Refusal:
    """Return a refusal with one finding, or with none when there is no message."""
    return Refusal(code, (Finding(pointer(path), message),) if message else (), retry_after)


def gathered(refusals: Sequence[Refusal]) -> Refusal:
    """Return one refusal for many: the code of the first, the findings of all as far as they fit."""
    findings = [finding for refusal in refusals for finding in refusal.findings]
    return replace(refusals[0], findings=tuple(findings[:MAX_FINDINGS]))


def pointer(path: Path, *, known: frozenset[str] | None = None) -> str:
    """Write a JSON pointer; with `known` names it ends before any other, which may itself be personal."""
    written = ""
    for token in path:
        if isinstance(token, str) and known is not None and token not in known:
            break
        step = "/" + str(token).replace("~", "~0").replace("/", "~1")
        if len(written) + len(step) > _MAX_POINTER:
            break
        written += step
    return written


_MAX_POINTER = 280
