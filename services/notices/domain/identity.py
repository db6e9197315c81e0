"""Identities that are the same however often they are computed, so that nothing is issued or posted twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from uuid import UUID, uuid5

_NOTICES = UUID("6f0f6e0e-2a53-4d1c-9c1b-5d8a3c0b7e41")
_LETTERS = UUID("b1d3a7c4-93d2-4b0e-8e55-0c2f9a6d1f78")


def notice_id(town: str, kind: str, year: int, reference: str, revision: int) -> UUID:
    """Name one notice (Bescheid) for good; a corrected one is a new revision."""
    return uuid5(_NOTICES, _name(town, kind, year, reference, revision))


def letter_id(town: str, kind: str, year: int, reference: str, revision: int) -> UUID:
    """Name the letter of one notice for good: the provider's duplicate check is built on it."""
    return uuid5(_LETTERS, _name(town, kind, year, reference, revision))


def root_hash(pairs: Iterable[tuple[UUID, str]]) -> str:
    """Hash the sorted lines `id sha256` of a run: whoever names it has approved exactly these documents."""
    lines = sorted(f"{identity} {sha256}\n" for identity, sha256 in pairs)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _name(*parts: str | int) -> str:
    # JSON keeps the parts apart: no two different lists of parts give the same name.
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
