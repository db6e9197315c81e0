"""What the HTTP side reads of pools and alerts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.subscriptions.domain import hours
from services.subscriptions.domain.master_data import MasterData, PoolData
from services.subscriptions.domain.pool import Pool
from services.subscriptions.storage import pools as pool_rows
from services.subscriptions.storage.tables import AlertRow, IncidentRow, PoolRow, WaterRow

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Heard:
    """What the database holds of some pools, by pool."""

    states: Mapping[str, Pool]
    water: Mapping[str, Json]
    incidents: Mapping[str, UUID]


async def pools(session: AsyncSession, master: MasterData, *, at: datetime) -> list[Json]:
    """Return every pool: those of the town in its order, then those of which only the bus has told, by name."""
    heard = await _heard(session)
    unknown = sorted(set(heard.states) - set(master.pools))
    return [_pool(master, pool, heard, at) for pool in (*master.pools, *unknown)]


async def pool(session: AsyncSession, master: MasterData, name: str, *, at: datetime) -> Json | None:
    """Return one pool; None for one that the town does not describe and of which nothing was heard."""
    heard = await _heard(session, name)
    return _pool(master, name, heard, at) if name in master.pools or name in heard.states else None


async def is_known(session: AsyncSession, master: MasterData, name: str) -> bool:
    """Say whether there is such a pool."""
    return name in master.pools or await session.get(PoolRow, name) is not None


async def alerts(session: AsyncSession, *, at: datetime) -> list[Json]:
    """Return the alerts that are valid at an instant, the newest first."""
    rows = await session.scalars(
        select(AlertRow)
        .where(AlertRow.valid_from <= at, at < AlertRow.valid_until)
        .order_by(AlertRow.valid_from.desc(), AlertRow.alert_id)
    )
    return [_alert(row) for row in rows]


async def _heard(session: AsyncSession, name: str | None = None) -> _Heard:
    states, water = select(PoolRow), select(WaterRow)
    going_on = select(IncidentRow.subject, IncidentRow.incident_id).where(IncidentRow.ended_at.is_(None))
    if name is None:
        going_on = going_on.where(IncidentRow.subject.startswith("pool:"))
    else:
        states, water = states.where(PoolRow.pool == name), water.where(WaterRow.pool == name)
        going_on = going_on.where(IncidentRow.subject == f"pool:{name}")
    return _Heard(
        states={row.pool: pool_rows.known(row) for row in await session.scalars(states)},
        water={row.pool: _water(row) for row in await session.scalars(water)},
        incidents={row.subject.removeprefix("pool:"): row.incident_id for row in await session.execute(going_on)},
    )


def _pool(master: MasterData, name: str, heard: _Heard, at: datetime) -> Json:
    data, state = master.of(name), heard.states.get(name, Pool())
    calendar = master.calendar(hours.local_day(at))
    now = hours.now_at(data, calendar, at, closed=state.state == "closed", until=state.until)
    incident = heard.incidents.get(name)
    return {
        "pool": name,
        "name": data.name,
        "address": data.address,
        "state": state.state,
        "since": _instant(state.since),
        "reason": state.reason,
        "until": _instant(state.until),
        "reported_by": state.reported_by,
        "version": state.version,
        "now": {
            "open": now.open,
            "text_key": now.text_key,
            "opens_at": _instant(now.opens_at),
            "closes_at": _instant(now.closes_at),
        },
        "season": _season(data, hours.local_day(at)),
        "hours": [] if data.hours is None else [_day(each) for each in hours.week_of(data, calendar, at)],
        "prices": [{"de": each.de, "en": each.en, "eur": str(each.eur)} for each in data.prices],
        "water": heard.water.get(name),
        "incident": None if incident is None else str(incident),
    }


def _season(data: PoolData, day: date) -> Json | None:
    """Return first and last day; None when the pool is open all the year."""
    if data.season is None:
        return None
    first, last = hours.season_of(data.season, day)
    return {"from": first.isoformat(), "to": last.isoformat()}


def _day(day: hours.Day) -> Json:
    opens, closes = day.span or (None, None)
    return {
        "day": day.day.isoformat(),
        "from": opens and f"{opens:%H:%M}",
        "to": closes and f"{closes:%H:%M}",
        "holiday": day.holiday,
    }


def _water(row: WaterRow) -> Json:
    return {"celsius": f"{row.celsius:.1f}", "measured_at": _instant(row.measured_at)}


def _alert(row: AlertRow) -> Json:
    return {
        "alert_id": str(row.alert_id),
        "category": row.category,
        "headline_de": row.headline_de,
        "text_de": row.text_de,
        "headline_en": row.headline_en,
        "text_en": row.text_en,
        "areas": row.areas,
        "valid_from": _instant(row.valid_from),
        "valid_until": _instant(row.valid_until),
        "reported_by": row.reported_by,
    }


def _instant(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()
