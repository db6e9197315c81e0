"""What the HTTP side reads of a run: progress, findings, letters, cost."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.output_profile import OutputProfile, price_of, sheets_of
from services.notices.domain.model import Assessment
from services.notices.records import ASSESSMENT, STATUTE, euros
from services.notices.storage import runs
from services.notices.storage.tables import FindingRow, NoticeRow, RowErrorRow, RunRow

Json = dict[str, Any]
FINDINGS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Output:
    """How letters of this town are printed."""

    profile: OutputProfile
    duplex: bool
    colour: bool


async def overview(session: AsyncSession, run: RunRow, output: Output) -> Json:
    """Return the state of a run with its progress, findings and forecast of cost."""
    found = await session.scalars(
        select(FindingRow).where(FindingRow.run_id == run.run_id).order_by(FindingRow.reference).limit(FINDINGS_SHOWN)
    )
    return {
        "run_id": str(run.run_id),
        "state": run.state,
        "kind": run.kind,
        "year": run.year,
        "imported_by": run.imported_by,
        "approved_by": run.approved_by,
        "released_at": run.released_at.isoformat() if run.released_at else None,
        "root_hash": run.root_hash,
        "progress": await progress(session, run.run_id),
        "findings": [{"reference": f.reference, "code": f.code, "message": f.message} for f in found],
        "forecast": await forecast(session, run.run_id, output),
        "sum": str(euros(await _rendered_cents(session, run.run_id))),
    }


async def progress(session: AsyncSession, run_id: UUID) -> Json:
    """Count the notices of a run by how far they are."""

    def count(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0).cast(Integer)

    row = (
        await session.execute(
            select(
                func.count(),
                count(NoticeRow.render_state == "rendered"),
                count(NoticeRow.render_state == "failed"),
                count(NoticeRow.channel.is_not(None)),
                count(NoticeRow.submitted.is_(True)),
                count(NoticeRow.letter_state == "posted"),
                count(NoticeRow.letter_state == "failed"),
                count(NoticeRow.letter_state == "unclear"),
            ).where(NoticeRow.run_id == run_id)
        )
    ).one()
    names = ("notices", "rendered", "render_failed", "routed", "submitted", "posted", "failed", "unclear")
    return dict(zip(names, row, strict=True))


async def _rendered_cents(session: AsyncSession, run_id: UUID) -> int:
    total = await session.scalar(
        select(func.sum(NoticeRow.cents)).where(NoticeRow.run_id == run_id, NoticeRow.render_state == "rendered")
    )
    return int(total or 0)


async def forecast(session: AsyncSession, run_id: UUID, output: Output) -> Json:
    """Pages, sheets and net price of the drawn letters, by the provider's price list of the notices' date."""
    notices = await session.execute(
        select(NoticeRow.pages, NoticeRow.assessment).where(
            NoticeRow.run_id == run_id, NoticeRow.render_state == "rendered"
        )
    )
    run = await runs.run(session, run_id)
    if run is None:
        return {}
    prices = output.profile.prices_on(STATUTE.validate_json(run.statute).notice_date)
    letters = pages = sheets = 0
    net = Decimal(0)
    for row in notices:
        letters += 1
        pages += row.pages
        sheets += sheets_of(row.pages, duplex=output.duplex)
        abroad = '"country":""' not in row.assessment
        net += price_of(prices, row.pages, duplex=output.duplex, colour=output.colour, abroad=abroad)
    return {"letters": letters, "pages": pages, "sheets": sheets, "net": str(net), "tariff": prices.tariff}


async def row_errors(session: AsyncSession, run_id: UUID) -> Sequence[RowErrorRow]:
    """Return what is wrong in a run's file, in the order of its rows."""
    rows = await session.scalars(
        select(RowErrorRow).where(RowErrorRow.run_id == run_id).order_by(RowErrorRow.row, RowErrorRow.position)
    )
    return rows.all()


async def row_errors_csv(session: AsyncSession, run_id: UUID) -> bytes:
    """Return the row errors as a table that Excel opens by double click."""
    table = io.StringIO()
    writer = csv.writer(table, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Zeile", "Spalte", "Fehler", "Was ist zu tun"])
    for error in await row_errors(session, run_id):
        writer.writerow([error.row, error.column, error.code, error.message])
    return table.getvalue().encode("utf-8-sig")


async def notices(session: AsyncSession, run_id: UUID) -> list[Json]:
    """List the notices of a run."""
    rows = await session.execute(
        select(
            NoticeRow.notice_id,
            NoticeRow.reference,
            NoticeRow.sha256,
            NoticeRow.cents,
            NoticeRow.pages,
            NoticeRow.render_state,
            NoticeRow.letter_state,
            NoticeRow.submitted,
        )
        .where(NoticeRow.run_id == run_id)
        .order_by(NoticeRow.reference)
    )
    return [
        {
            "notice_id": str(row.notice_id),
            "reference": row.reference,
            "sha256": row.sha256,
            "total": str(euros(row.cents)),
            "pages": row.pages,
            "state": _state(row.render_state, row.letter_state, submitted=row.submitted),
        }
        for row in rows
    ]


def _state(render_state: str, letter_state: str, *, submitted: bool) -> str:
    if render_state != "rendered":
        return "render_failed" if render_state == "failed" else "waiting"
    if letter_state != "open":
        return letter_state
    return "submitted" if submitted else "rendered"


@dataclass(frozen=True, slots=True)
class _Drawn:
    notice: NoticeRow
    assessment: Assessment


async def samples(session: AsyncSession, run_id: UUID) -> list[Json]:
    """Choose the letters that a person should look at before approving: where mistakes would show first."""
    read = [_Drawn(each, ASSESSMENT.validate_json(each.assessment)) for each in await runs.rendered(session, run_id)]
    if not read:
        return []
    criteria: dict[str, Callable[[_Drawn], Decimal | int]] = {
        "höchster Betrag": lambda drawn: drawn.assessment.total,
        "meiste Seiten": lambda drawn: drawn.notice.pages,
        "längste Anschrift": lambda drawn: _address_length(drawn.assessment),
        "meiste Schuldner": lambda drawn: len(drawn.assessment.account.debtors),
        "ins Ausland": lambda drawn: bool(drawn.assessment.account.addressee.country),
        "meiste Verbände": lambda drawn: len(drawn.assessment.lines),
    }
    chosen: dict[UUID, Json] = {}
    for why, weight in criteria.items():
        riskiest = max(read, key=weight)
        if not weight(riskiest):
            continue
        row = riskiest.notice
        chosen.setdefault(
            row.notice_id,
            {"reference": row.reference, "notice_id": str(row.notice_id), "sha256": row.sha256, "why": why},
        )
    return list(chosen.values())


def _address_length(assessment: Assessment) -> int:
    addressee = assessment.account.addressee
    return sum(len(part) for part in (addressee.name1, addressee.name2, addressee.addition, addressee.street))


async def delivery_states(session: AsyncSession) -> dict[str, int]:
    """Count the released notices by what is known of their letter."""
    rows = await session.execute(
        select(NoticeRow.letter_state, func.count().label("amount"))
        .join(RunRow, RunRow.run_id == NoticeRow.run_id)
        .where(RunRow.state == "released", NoticeRow.render_state == "rendered")
        .group_by(NoticeRow.letter_state)
    )
    counted = {row.letter_state: row.amount for row in rows}
    return {state: counted.get(state, 0) for state in ("open", "posted", "failed", "unclear")}
