"""Many people at once, for an import."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import CTE, Integer, String, column, select, values
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from chassis.dialect import insert_if_absent
from services.subscriptions.domain.address import Address
from services.subscriptions.domain.announcing import Language
from services.subscriptions.domain.consent import IMPORTED, Consent
from services.subscriptions.storage import consents
from services.subscriptions.storage.subscribers import new_person
from services.subscriptions.storage.tables import SubscriberRow, SubscriptionRow


class Grant(NamedTuple):
    """What one person consented to elsewhere."""

    address: Address
    language: Language
    topics: list[str]
    consented_at: datetime
    proof: str


async def topics_of(session: AsyncSession, email_keys: Iterable[str]) -> dict[str, set[str]]:
    """Return what those of these people have who are known."""
    ids = await _ids(session, email_keys)
    keys = {subscriber_id: key for key, subscriber_id in ids.items()}
    found: dict[str, set[str]] = {key: set() for key in ids}
    if keys:
        wanted = _wanted(Integer(), keys)
        rows = await session.execute(
            select(SubscriptionRow.subscriber_id, SubscriptionRow.topic).join(
                wanted, wanted.c.value == SubscriptionRow.subscriber_id
            )
        )
        for subscriber_id, topic in rows:
            found[keys[subscriber_id]].add(topic)
    return found


async def _ids(session: AsyncSession, email_keys: Iterable[str]) -> dict[str, int]:
    wanted = _wanted(String(), email_keys)
    rows = await session.execute(
        select(SubscriberRow.email_key, SubscriberRow.subscriber_id).join(
            wanted, wanted.c.value == SubscriberRow.email_key
        )
    )
    return {key: subscriber_id for key, subscriber_id in rows if key}


def _wanted(kind: TypeEngine[Any], wanted: Iterable[Any]) -> CTE:
    """Return a list as a table to join.

    With `IN` PostgreSQL would compare each row with each of the list, as long as it takes the table for small.
    """
    return values(column("value", kind), name="wanted").data([(each,) for each in wanted]).cte()


async def grant(session: AsyncSession, grants: Sequence[Grant], *, now: datetime) -> None:
    """Add these people, their topics and their consents; who is there stays as they are."""
    if not grants:
        return
    # In the order of the keys, so that two imports at once cannot wait for each other.
    people = {each.address.key: new_person(each.address, each.language, now) for each in reversed(grants)}
    await _insert(session, SubscriberRow, SubscriberRow.subscriber_id, [people[key] for key in sorted(people)])
    ids = await _ids(session, people)
    topics = sorted((ids[each.address.key], topic) for each in grants for topic in each.topics)
    rows_of_topics = [{"topic": topic, "subscriber_id": person, "since": now} for person, topic in topics]
    await _insert(session, SubscriptionRow, SubscriptionRow.topic, rows_of_topics)
    await consents.record(session, [_consent(ids[each.address.key], each) for each in grants])


async def _insert(session: AsyncSession, table: type[Any], column: Any, rows: list[dict[str, Any]]) -> None:
    """Insert what is not there; RETURNING makes it statements of many rows, which PostgreSQL likes better."""
    inserted = await session.execute(insert_if_absent(session, table).returning(column), rows)
    inserted.close()


def _consent(subscriber_id: int, each: Grant) -> Consent:
    return Consent(subscriber_id, each.consented_at, "granted", "import", IMPORTED, each.topics, proof=each.proof)
