"""The provider's codes in plain German, with what to do and who does it."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.mailgateway.domain.provider_status import Level

_LEVEL_OF_LETTER: dict[str, Level] = {"I": "info", "W": "warning"}


class ErrorText(BaseModel):
    """What a clerk reads about a code; `known` is False for a code the catalogue does not hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    level: Level
    title: str
    meaning: str
    action: str
    who: Literal["clerk", "operator", "provider", "nobody"]
    retry: Literal["never", "later", "after_fix"]
    known: bool = True


@cache
def catalogue() -> dict[str, ErrorText]:
    """Load all codes, by code."""
    text = resources.files("services.mailgateway.gateways").joinpath("epost_errors.toml").read_text("utf-8")
    return {code: ErrorText(code=code, **entry) for code, entry in tomllib.loads(text).items()}


def explain(code: str) -> ErrorText:
    """Explain a code; an unknown one is said to be unknown and never looks harmless."""
    return catalogue().get(code) or _unknown(code)


def _unknown(code: str) -> ErrorText:
    return ErrorText(
        code=code,
        level=_LEVEL_OF_LETTER.get(code[:1], "error"),
        title="Unbekannte Meldung der Post",
        meaning=f"Die Post hat die Meldung {code} gesendet. Sie ist in diesem Programm nicht beschrieben.",
        action="Den Wortlaut der Post lesen, dort nachfragen und die Betreuung des Programms verständigen.",
        who="operator",
        retry="never",
        known=False,
    )
