"""Faults on order: which request goes wrong, how and how often."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, cast, get_args

from simulators.weather.sky import BadOrderError

Kind = Literal["down", "http_error", "slow", "garbage", "body", "null_fields", "stale", "wrong_place"]
_TYPES: dict[str, tuple[type, ...]] = {
    "kind": (str,),
    "path": (str,),
    "times": (int, type(None)),
    "status": (int,),
    "text": (str,),
    "seconds": (int, float),
    "minutes": (int, float),
}


@dataclass
class Fault:
    """One order; `path` is the beginning of a path, `times` None is for ever."""

    kind: Kind
    path: str = "/"
    times: int | None = None
    status: int = 500
    text: str = ""
    seconds: float = 30.0
    minutes: float = 120.0
    fired: int = 0

    def take(self, path: str) -> bool:
        """Count one occasion; whether it goes wrong."""
        if not path.startswith(self.path) or (self.times is not None and self.fired >= self.times):
            return False
        self.fired += 1
        return True


@dataclass
class Faults:
    """The faults in force."""

    orders: list[Fault] = field(default_factory=list[Fault])

    def of_request(self, path: str) -> dict[Kind, Fault]:
        """Take what goes wrong with this request."""
        return {each.kind: each for each in self.orders if each.take(path)}

    def listed(self) -> list[dict[str, Any]]:
        """Return every order with its count."""
        return [asdict(each) for each in self.orders]


def parsed_faults(value: object) -> list[Fault]:
    """Read a list of orders; BadOrderError says what is wrong."""
    if not isinstance(value, list):
        raise BadOrderError("a list of faults is expected")
    return [_parsed(item) for item in cast("list[object]", value)]


def _parsed(value: object) -> Fault:
    if not isinstance(value, dict):
        raise BadOrderError("a fault is an object")
    given = cast("dict[str, Any]", value)
    wrong = sorted(name for name in given if not isinstance(given[name], _TYPES.get(name, ())))
    if wrong or given.get("kind") not in get_args(Kind):
        raise BadOrderError(f"unknown, missing or of the wrong type: {', '.join(wrong) or 'kind'}")
    return Fault(**given)
