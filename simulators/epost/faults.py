"""Faults on order: durable rules that say which request goes wrong, how and how often."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from types import NoneType
from typing import TYPE_CHECKING, Any, cast

from simulators.epost.letters import CHECKED, POSTED, Rejection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulators.epost.store import Store

REQUEST_KINDS = frozenset(
    {"delay", "http_error", "throttle", "drop_before", "drop_after", "invisible", "partial", "expire_tokens"}
)
LETTER_KIND = "reject_letter"
SUBMISSION = "POST /api/Letter$"
_TYPES: dict[str, tuple[type, ...]] = {
    "kind": (str,),
    "on": (str,),
    "times": (int, NoneType),
    "skip": (int,),
    "seconds": (int, float),
    "status": (int,),
    "code": (str,),
    "match": (dict,),
    "count": (int,),
    "stage": (int,),
}


class BadRuleError(Exception):
    """A rule that cannot be understood."""


@dataclass(frozen=True)
class Rule:
    """One order. `on` is a method and a path prefix, a whole path when it ends with `$`."""

    kind: str
    on: str = SUBMISSION
    times: int | None = 1
    skip: int = 0
    seconds: float = 0.0
    status: int = 0
    code: str = ""
    match: dict[str, str] = field(default_factory=dict[str, str])
    count: int = 0
    stage: int = CHECKED

    def is_for_request(self, method: str, path: str) -> bool:
        """Whether the rule speaks of this request."""
        wanted, _, prefix = self.on.partition(" ")
        if wanted not in {method, "*"}:
            return False
        return path == prefix[:-1] if prefix.endswith("$") else path.startswith(prefix)

    def is_for_letter(self, letter: dict[str, Any]) -> bool:
        """Whether every pattern (`*` and `?` allowed) matches the letter's field."""
        return all(fnmatchcase(str(letter.get(name, "")), str(pattern)) for name, pattern in self.match.items())


@dataclass
class _Counted:
    rule: Rule
    skipped: int
    fired: int

    def take(self) -> bool:
        """Count one occasion; whether it goes wrong."""
        if self.skipped < self.rule.skip:
            self.skipped += 1
            return False
        if self.rule.times is not None and self.fired >= self.rule.times:
            return False
        self.fired += 1
        return True

    @property
    def used_up(self) -> bool:
        return self.rule.times is not None and self.fired >= self.rule.times


class Faults:
    """The rules in force, each with how often it has fired; they survive a restart.

    The store's transaction is the only lock: a second one would be taken in both orders.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        rows = store.read("SELECT rule, skipped, fired FROM faults ORDER BY position")
        self._rules = [_Counted(Rule(**json.loads(row["rule"])), row["skipped"], row["fired"]) for row in rows]

    def add(self, rules: Sequence[Rule]) -> None:
        """Put rules behind those in force."""
        with self._store.transaction():
            self._rules += [_Counted(rule, 0, 0) for rule in rules]
            self._save()

    def clear(self) -> None:
        """Let everything go right again."""
        with self._store.transaction():
            self._rules.clear()
            self._save()

    def listed(self) -> list[dict[str, Any]]:
        """Every rule with its counts."""
        with self._store.transaction():
            return [{**asdict(each.rule), "skipped": each.skipped, "fired": each.fired} for each in self._rules]

    def of_request(self, method: str, path: str) -> tuple[Rule, ...]:
        """Take what goes wrong with this request, counted durably before it happens."""
        if not self._rules:
            return ()
        with self._store.transaction():
            concerned = [
                each
                for each in self._rules
                if each.rule.kind in REQUEST_KINDS and each.rule.is_for_request(method, path) and not each.used_up
            ]
            fired = tuple(each.rule for each in concerned if each.take())
            if concerned:
                self._save()
            return fired

    def of_letter(self, letter: dict[str, Any]) -> Rejection | None:
        """Whether this letter is to end in status 99; counted with `save_counts` in the letter's transaction."""
        with self._store.transaction():
            for each in self._rules:
                if each.rule.kind == LETTER_KIND and each.rule.is_for_letter(letter) and each.take():
                    return Rejection(each.rule.code or "E318", each.rule.stage)
            return None

    def save_counts(self) -> None:
        """Write the counts into the transaction that is open."""
        with self._store.transaction():
            if self._rules:
                self._save()

    def _save(self) -> None:
        rows = [(json.dumps(asdict(each.rule)), each.skipped, each.fired) for each in self._rules]
        self._store.replace_faults(rows)


def parsed_rules(value: object) -> list[Rule]:
    """Read a list of rules; BadRuleError says what is wrong."""
    if not isinstance(value, list):
        raise BadRuleError("a list of rules is expected")
    return [_parsed(item) for item in cast("list[object]", value)]


def _parsed(value: object) -> Rule:
    if not isinstance(value, dict):
        raise BadRuleError("a rule is an object")
    given = cast("dict[str, Any]", value)
    wrong = sorted(name for name in given if not isinstance(given[name], _TYPES.get(name, ())))
    if wrong or "kind" not in given:
        raise BadRuleError(f"unknown, missing or of the wrong type: {wrong or ['kind']}")
    rule = Rule(**given)
    if rule.kind not in REQUEST_KINDS | {LETTER_KIND}:
        raise BadRuleError(f"unknown kind: {rule.kind}")
    if " /" not in rule.on:
        raise BadRuleError("`on` is a method, a blank and a path")
    if rule.stage not in {CHECKED, POSTED}:
        raise BadRuleError("`stage` is 2 or 4")
    return rule
