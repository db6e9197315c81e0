"""Mail hosts that misbehave on order."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, cast, get_args

Kind = Literal["greylist", "defer", "refuse", "slow", "hang", "drop_before", "drop_after", "bounce"]
Stage = Literal["rcpt", "data"]
_KINDS = get_args(Kind)
_STAGES = get_args(Stage)
_LONGEST_SECONDS = 3600.0
REPLIES: dict[Kind, str] = {
    "greylist": "451 4.7.1 Greylisted, try again later",
    "defer": "451 4.3.0 Try again later",
    "refuse": "550 5.1.1 No such mailbox here",
}


class BadRuleError(Exception):
    """The order cannot be understood."""


@dataclass
class Rule:
    """What happens to mails to one host (domain of the address, or `*`)."""

    domain: str
    kind: Kind
    stage: Stage = "rcpt"
    """When it happens; `drop_*` and `bounce` always come with the mail itself."""
    reply: str = ""
    """In place of the usual answer, such as `452 4.2.2 Mailbox full`."""
    seconds: float = 1.0
    """For `slow` and `bounce`."""
    times: int | None = None
    """How often; None is for ever."""
    fired: int = 0

    @property
    def answer(self) -> str:
        """The answer that refuses."""
        return self.reply or REPLIES.get(self.kind, "")


class Faults:
    """The orders in force; they outlast a restart, the memory of greylisting does not."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "faults.json"
        self._greeted: set[str] = set()
        self.rules: list[Rule] = []
        if self._file.exists():
            self.rules = [Rule(**each) for each in json.loads(self._file.read_text("utf-8"))]

    def order(self, rules: Iterable[Rule]) -> None:
        """Add rules."""
        self.rules.extend(rules)
        self._save()

    def clear(self) -> None:
        """Drop all rules; every host behaves again."""
        self.rules.clear()
        self._greeted.clear()
        self._save()

    def due(self, recipient: str, stage: Stage) -> list[Rule]:
        """Return the rules that strike now, and count them."""
        host = recipient.rpartition("@")[2].lower()
        struck = [each for each in self.rules if self._strikes(each, host, recipient.lower(), stage)]
        for each in struck:
            each.fired += 1
        if any(each.times is not None for each in struck):
            self._save()
        return struck

    def _strikes(self, rule: Rule, host: str, recipient: str, stage: Stage) -> bool:
        at = "data" if rule.kind in ("drop_before", "drop_after", "bounce") else rule.stage
        if rule.domain not in ("*", host) or at != stage or (rule.times is not None and rule.fired >= rule.times):
            return False
        if rule.kind != "greylist":
            return True
        known = recipient in self._greeted
        self._greeted.add(recipient)
        return not known

    def _save(self) -> None:
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps([asdict(each) for each in self.rules]), "utf-8")
        part.replace(self._file)


def parsed_rules(given: object) -> list[Rule]:
    """Read an order: one rule or a list of them."""
    listed = cast("list[object]", given) if isinstance(given, list) else [given]
    return [_parsed(each) for each in listed]


def _parsed(given: object) -> Rule:
    if not isinstance(given, dict):
        raise BadRuleError("a rule is an object")
    record = cast("dict[str, Any]", given)
    unknown = set(record) - {each.name for each in fields(Rule)} | ({"fired"} & set(record))
    if unknown:
        raise BadRuleError(f"unknown: {', '.join(sorted(unknown))}")
    if record.get("kind") not in _KINDS:
        raise BadRuleError(f"kind is one of {', '.join(_KINDS)}")
    if record.get("stage", "rcpt") not in _STAGES:
        raise BadRuleError(f"stage is one of {', '.join(_STAGES)}")
    if not isinstance(record.get("domain"), str) or not isinstance(record.get("reply", ""), str):
        raise BadRuleError("domain is the domain of addresses or *, reply a line")
    _check_numbers(record)
    return Rule(**{**record, "domain": record["domain"].lower()})


def _check_numbers(record: dict[str, Any]) -> None:
    seconds, times = record.get("seconds", 1.0), record.get("times")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= _LONGEST_SECONDS:
        raise BadRuleError(f"seconds is a number from 0 to {_LONGEST_SECONDS:.0f}")
    if times is not None and (isinstance(times, bool) or not isinstance(times, int) or times < 1):
        raise BadRuleError("times is a whole number from 1, or null for ever")
