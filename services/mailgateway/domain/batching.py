"""Which letters go out together, and under which number."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")

LETTERS_PER_CHUNK = 50
_METADATA_BYTES = 6_144
_INT32 = 0x7FFF_FFFF


class Wave(NamedTuple):
    """A wave (Aussendung): letters of one levy and year with the same options."""

    batch_id: int
    duplex: bool
    colour: bool


def batch_id(town: str, kind: str, year: int, *, duplex: bool, colour: bool, test: bool) -> int:
    """Number of a wave (Aussendung), computed and not counted: a fresh or restored installation finds it again.

    A positive int32, never 0, for 0 means "no batch" to the provider.
    """
    options = f"{'duplex' if duplex else 'simplex'},{'colour' if colour else 'mono'},{'test' if test else 'live'}"
    wave = "\x1f".join((town, kind, str(year), options))
    number = int.from_bytes(hashlib.sha256(wave.encode()).digest()[:4], "big") & _INT32
    return number or 1


def waves_of_levy(town: str, kind: str, year: int, *, test: bool) -> tuple[Wave, ...]:
    """Every wave in which letters of a levy may be: options may have been changed between two installations."""
    return tuple(
        Wave(batch_id(town, kind, year, duplex=duplex, colour=colour, test=test), duplex, colour)
        for duplex in (True, False)
        for colour in (False, True)
    )


def upload_bytes(pdf_bytes: int) -> int:
    """Upper bound of what a letter takes in a request: base64 and its metadata."""
    return (pdf_bytes + 2) // 3 * 4 + _METADATA_BYTES


def chunks(
    letters: Iterable[Item],
    *,
    size: Callable[[Item], int],
    most: int = LETTERS_PER_CHUNK,
    most_bytes: int,
) -> Iterator[tuple[Item, ...]]:
    """Cut into requests in the order given; a letter too large for any request travels alone, not lost."""
    chunk: list[Item] = []
    total = 0
    for letter in letters:
        needed = size(letter)
        if chunk and (len(chunk) >= most or total + needed > most_bytes):
            yield tuple(chunk)
            chunk, total = [], 0
        chunk.append(letter)
        total += needed
    if chunk:
        yield tuple(chunk)
