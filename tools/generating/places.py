"""Where the contracts lie, and how a file of JSON is written."""

from __future__ import annotations

import json
from pathlib import Path

from contracts.base import Message
from contracts.foreign import Foreign

ROOT = Path(__file__).parents[2]
CONTRACTS = ROOT / "contracts"


def file_name(message: type[Message | Foreign]) -> str:
    """Name of schema and example: the subject, and for what others send in `intake.` and its name."""
    stem = f"intake.{message.name}" if issubclass(message, Foreign) else message.subject.replace("{system}.", "")
    return f"{stem}.json"


def docstring(message: type[Message | Foreign]) -> str:
    """What a message says, in English."""
    return message.__doc__ or ""


def json_text(value: object) -> str:
    """Return JSON as it is committed."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
