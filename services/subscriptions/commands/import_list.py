"""Take over a list of subscribers of an earlier system, with proof of each consent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import structlog

from services.subscriptions.domain.address import Address, mac
from services.subscriptions.domain.import_rows import ImportRow, RefusedRow, read_rows
from services.subscriptions.domain.refusal import Refusal
from services.subscriptions.storage import bulk, consents
from services.subscriptions.storage.addresses import address_of
from services.subscriptions.storage.consents import Withdrawal
from services.subscriptions.storage.registry import Registry

log = structlog.stdlib.get_logger()
CHUNK = 1000
_LOCAL = ZoneInfo("Europe/Berlin")


@dataclass(slots=True)
class Report:
    """Every line of the file, accounted for."""

    added: int = 0
    merged: int = 0
    """Lines of people who were there and have new topics now."""
    unchanged: int = 0
    refused: list[RefusedRow] = field(default_factory=list[RefusedRow])
    partly: list[RefusedRow] = field(default_factory=list[RefusedRow])
    """Lines of which the rest was taken over; they count above too."""

    @property
    def rows(self) -> int:
        """Return how many lines there were."""
        return self.added + self.merged + self.unchanged + len(self.refused)


class _Entry(NamedTuple):
    row: ImportRow
    address: Address
    address_mac: str


async def import_list(registry: Registry, content: bytes) -> Report:
    """Take a list over, in chunks; the same list again changes nothing. UnreadableError when it is none."""
    report = Report()
    entries = await asyncio.to_thread(_read, registry, content, report)
    for start in range(0, len(entries), CHUNK):
        await _take(registry, entries[start : start + CHUNK], report)
    for rows in (report.refused, report.partly):
        rows.sort(key=lambda each: each.line)
    log.info(
        "list.imported",
        added=report.added,
        merged=report.merged,
        refused=len(report.refused),
        partly=len(report.partly),
    )
    return report


def _read(registry: Registry, content: bytes, report: Report) -> list[_Entry]:
    entries: list[_Entry] = []
    for row in read_rows(content, now=registry.now()):
        outcome = row if isinstance(row, RefusedRow) else _checked(registry, row)
        if isinstance(outcome, RefusedRow):
            report.refused.append(outcome)
        else:
            entries.append(outcome)
    return entries


def _checked(registry: Registry, row: ImportRow) -> _Entry | RefusedRow:
    unknown = registry.topics.unknown(row.topics)
    if unknown:
        return RefusedRow(row.line, f"Das Thema Nr. {row.topics.index(unknown[0]) + 1} gibt es nicht.")
    try:
        address = address_of(row.email)
    except Refusal as refusal:
        return RefusedRow(row.line, refusal.title)
    return _Entry(row, address, mac(registry.key, address.key))


async def _take(registry: Registry, entries: Sequence[_Entry], report: Report) -> None:
    keys = sorted({each.address.key for each in entries})
    async with registry.database.transaction() as session:
        withdrawn = await consents.withdrawals(session, sorted({each.address_mac for each in entries}))
        topics = await bulk.topics_of(session, keys)
        grants = _plan(entries, topics, withdrawn, report)
        await bulk.grant(session, grants, now=registry.now())


def _plan(
    entries: Sequence[_Entry],
    topics: dict[str, set[str]],
    withdrawn: Mapping[str, Sequence[Withdrawal]],
    report: Report,
) -> list[bulk.Grant]:
    """Decide line by line; `topics` holds what each known person has, and grows with the lines."""
    grants: list[bulk.Grant] = []
    for each in entries:
        row, key = each.row, each.address.key
        new = set(row.topics) - topics.get(key, set())
        ended = _withdrawn(row, new, withdrawn.get(each.address_mac, ()))
        left = new - ended.keys()
        if ended:
            (report.partly if left else report.refused).append(_left_on(row, ended))
        elif not new:
            report.unchanged += 1
        if left:
            report.added += key not in topics
            report.merged += key in topics
            topics.setdefault(key, set()).update(left)
            grants.append(bulk.Grant(each.address, row.language, sorted(left), row.consented_at, row.proof))
    return grants


def _withdrawn(row: ImportRow, new: set[str], withdrawals: Sequence[Withdrawal]) -> dict[str, datetime]:
    """Return what the person took back since, and when: an old list must not bring it to life again."""
    ended: dict[str, datetime] = {}
    for each in withdrawals:
        if each.at >= row.consented_at:
            ended |= dict.fromkeys(new if each.everything else each.topics & new, each.at)
    return ended


def _left_on(row: ImportRow, ended: Mapping[str, datetime]) -> RefusedRow:
    day = f"{max(ended.values()).astimezone(_LOCAL):%d.%m.%Y}"
    named = ", ".join(str(row.topics.index(topic) + 1) for topic in sorted(ended, key=row.topics.index))
    only = "" if len(ended) == len(row.topics) else f" Es fehlt Thema Nr. {named}."
    return RefusedRow(row.line, f"Hat sich am {day} abgemeldet.{only}")
