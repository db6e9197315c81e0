"""Inputs that nobody should send, with good events among them; the same seed gives the same ones."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from chassis.clock import utc_now
from contracts.foreign import FOREIGN, Foreign
from contracts.systems import ForeignSystem
from tests.intake.offices import POOLS, TREASURY, authorized, example, sender_of

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
LARGE = 2_000_000
_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.dates().map(str), st.uuids().map(str)
)
_VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
_ODD: tuple[Any, ...] = (
    "",
    "\x00",
    "\ud800",
    "x" * 5000,
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2026-02-30",
    "2026-06-30T23:59:60Z",
    10**400,
    -(2**63),
    1e308,
    float("nan"),
    float("inf"),
    [],
    {},
    [[[[[]]]]],
    {"a": {"a": {"a": 1}}},
)


def odd_values(count: int) -> list[Any]:
    """Return values from Hypothesis and some chosen ones."""
    found: list[Any] = [*_ODD]

    @seed(20260614)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(_VALUES)
    def gather(value: Any) -> None:
        found.append(value)

    gather()
    return found


@dataclass
class Attempt:
    """One input: where it goes and what it is."""

    system: ForeignSystem
    body: bytes
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": STRUCTURED})
    path: str = "/events"
    method: str = "POST"
    framing: str = "length"
    good: tuple[str, ...] = ()
    """Ids that must be accepted."""


def written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", errors="surrogatepass")


class Generator:
    """Makes attempts, by chance and reproducibly."""

    def __init__(self, number: int) -> None:
        """Begin at a seed."""
        self.random = Random(number)  # noqa: S311 - reproducible on purpose
        self._odd = odd_values(300)
        self._number = 0
        self._sent: list[Attempt] = []

    def attempts(self, count: int, *, share_of_good: float = 0.2) -> Iterator[Attempt]:
        """Return so many attempts."""
        for _ in range(count):
            if self.random.random() < share_of_good:
                yield self.good()
            else:
                yield self.random.choice(_BAD)(self)

    def event(self) -> tuple[type[Foreign], dict[str, Any]]:
        """Return a good event with a new id."""
        kind = self.random.choice(FOREIGN)
        self._number += 1
        return kind, example(kind, f"e-{self._number}")

    def good(self) -> Attempt:
        """Return an attempt that must succeed."""
        kind, event = self.event()
        if self.random.random() < 0.5:
            attempt = Attempt(sender_of(kind), written(event), good=(event["id"],))
        else:
            headers = {f"ce-{name}": event[name] for name in ("specversion", "id", "source", "type", "time")}
            headers["content-type"] = "application/json"
            attempt = Attempt(sender_of(kind), written(event["data"]), headers, good=(event["id"],))
        self._sent.append(attempt)
        return attempt

    def repeated(self) -> Attempt:
        """An event that was sent before."""
        if not self._sent:
            return self.junk()
        before = self.random.choice(self._sent)
        return Attempt(before.system, before.body, before.headers)

    def id_of_another(self) -> Attempt:
        """An event with the id of another one."""
        kind, event = self.event()
        earlier = [each for each in self._sent if each.system == sender_of(kind)]
        if earlier:
            event["id"] = self.random.choice(earlier).good[0]
        return Attempt(sender_of(kind), written({**event, "time": utc_now().isoformat()}))

    def mutated(self) -> Attempt:
        """An event with odd values in some places."""
        kind, event = self.event()
        for _ in range(self.random.randint(1, 3)):
            holder = self.random.choice([event, event["data"]] if isinstance(event.get("data"), dict) else [event])
            name = self.random.choice([*holder, "extra"]) if holder else "extra"
            if self.random.random() < 0.3:
                holder.pop(name, None)
            else:
                holder[name] = copy.deepcopy(self.random.choice(self._odd))
        return Attempt(sender_of(kind), written(event))

    def foreign_source(self) -> Attempt:
        """An event in the name of somebody else, or sent by somebody else."""
        kind, event = self.event()
        if self.random.random() < 0.5:
            event["source"] = self.random.choice(["//example/nobody", "", "urn:x", TREASURY.source, POOLS.source])
            return Attempt(sender_of(kind), written(event))
        other = TREASURY if sender_of(kind) is POOLS else POOLS
        return Attempt(other, written(event))

    def clock(self) -> Attempt:
        """An event from another time."""
        kind, event = self.event()
        event["time"] = (utc_now() + timedelta(days=self.random.choice([-3650, -26, 1, 300]))).isoformat()
        return Attempt(sender_of(kind), written(event))

    def junk(self) -> Attempt:
        """A body that is no JSON, or none that can be read."""
        _, event = self.event()
        text = written(event)
        bodies = (
            b"",
            self.random.randbytes(self.random.randint(1, 300)),
            text[: self.random.randint(0, len(text) - 1)],
            text.replace(b"freibad", b"\xff\xfe"),
            text[:-1] + b',"id":"again"}',
            b"[" * 30_000,
            b'{"a":' * 40 + b"1" + b"}" * 40,
            b'{"data":' + b"9" * 5000 + b"}",
            b"\xef\xbb\xbf" + text,
            text.decode().encode("utf-16"),
            text + text,
            b"null",
            b"[]",
        )
        return Attempt(POOLS, self.random.choice(bodies))

    def large(self) -> Attempt:
        """A body beyond every limit; seldom, since it is slow."""
        if self.random.random() < 0.9:
            return self.junk()
        kind = self.random.choice([STRUCTURED, BATCH])
        framing = self.random.choice(["length", "chunked"])
        return Attempt(POOLS, b" " * LARGE, {"content-type": kind}, framing=framing)

    def media_type(self) -> Attempt:
        """A good event under a wrong name."""
        kind, event = self.event()
        odd = ("", "text/xml", "application/json; charset=latin-1", "application/cloudevents+xml", ";;;", BATCH, "\xe9")
        headers = {"content-type": self.random.choice(odd)}
        if self.random.random() < 0.3:
            headers = {"content-type": STRUCTURED, "content-encoding": "gzip"}
        return Attempt(sender_of(kind), written(event), headers)

    def binary(self) -> Attempt:
        """A binary event with odd attributes."""
        kind, event = self.event()
        odd = ("%00", "%ff", "%", "\xff", "a b", "1.0", "%F0%9F%98%80", "x" * 3000, "")
        headers = {f"ce-{name}": event[name] for name in ("specversion", "id", "source", "type", "time")}
        headers[self.random.choice([*headers, "ce-data", "ce-extra"])] = self.random.choice(odd)
        return Attempt(sender_of(kind), written(event["data"]), {**headers, "content-type": "application/json"})

    def batch(self) -> Attempt:
        """A batch with one event that spoils it."""
        events = [example(FOREIGN[0], f"b-{self._number}-{number}") for number in range(self.random.randint(1, 5))]
        self._number += 1
        spoiled: Any = self.random.choice([None, {}, [], 1, {**events[0], "type": "x"}, {**events[0], "source": "x"}])
        return Attempt(sender_of(FOREIGN[0]), written([*events, spoiled]), {"content-type": BATCH})

    def wrong_place(self) -> Attempt:
        """A good event at an address where there is no door."""
        kind, event = self.event()
        method, path = self.random.choice(
            [("GET", "/events"), ("PUT", "/events"), ("POST", "/"), ("POST", "/events/x"), ("POST", "/%00")]
        )
        return Attempt(sender_of(kind), written(event), method=method, path=path)

    def stranger(self) -> Attempt:
        """A good event without a good key."""
        kind, event = self.event()
        keys = ("", "Bearer", "Bearer x_y_z_w", "Bearer rathaus___", "Basic x", "Bearer \xe9", "Bearer " + "a" * 5000)
        headers = {"content-type": STRUCTURED, "authorization": self.random.choice(keys)}
        return Attempt(sender_of(kind), written(event), headers)

    def broken(self) -> Attempt:
        """A request whose framing is wrong."""
        kind, event = self.event()
        framing = self.random.choice(["bad chunk", "cut chunk", "cut length", "both", "bad length"])
        return Attempt(sender_of(kind), written(event), framing=framing)


_BAD: tuple[Callable[[Generator], Attempt], ...] = (
    Generator.repeated,
    Generator.id_of_another,
    Generator.mutated,
    Generator.mutated,
    Generator.mutated,
    Generator.foreign_source,
    Generator.clock,
    Generator.junk,
    Generator.large,
    Generator.media_type,
    Generator.binary,
    Generator.batch,
    Generator.wrong_place,
    Generator.stranger,
    Generator.broken,
)


def request_of(attempt: Attempt) -> bytes:
    """Write the attempt as it goes over the wire."""
    headers = {"host": "intake", **authorized(attempt.system), **attempt.headers}
    body = attempt.body
    lengths = {
        "length": [f"content-length: {len(body)}"],
        "chunked": ["transfer-encoding: chunked"],
        "bad chunk": ["transfer-encoding: chunked"],
        "cut chunk": ["transfer-encoding: chunked"],
        "cut length": [f"content-length: {len(body) + 10}"],
        "both": [f"content-length: {len(body)}", "transfer-encoding: chunked"],
        "bad length": ["content-length: -1"],
    }[attempt.framing]
    lines = [f"{attempt.method} {attempt.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    head = "\r\n".join([*lines, *lengths, "", ""]).encode("latin-1", errors="replace")
    if attempt.framing in {"chunked", "both"}:
        return head + f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    if attempt.framing == "bad chunk":
        return head + b"zz\r\n" + body
    if attempt.framing == "cut chunk":
        return head + f"{len(body) + 5:x}\r\n".encode() + body
    return head + body
