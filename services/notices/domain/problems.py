"""What a rule found wrong in one field; the row is added by whoever reads rows."""

from __future__ import annotations

from typing import NamedTuple

SHOWN = 40


class Problem(NamedTuple):
    """Column, stable code, and a German sentence that says what is wrong and what to do."""

    column: str
    code: str
    message: str


def quoted(value: str) -> str:
    """Quote a value of the file for a message: short, and with nothing in it that could act on a screen."""
    short = value if len(value) <= SHOWN else value[: SHOWN - 1] + "…"
    return "„" + "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in short) + "“"
