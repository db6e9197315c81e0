"""The reconciliation of a run: every row and every euro, and whether the chain closes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.notices.domain.accounting import Chain, differences
from services.notices.queries import overview
from services.notices.queries.overview import Json
from services.notices.records import STATUTE, euros
from services.notices.storage.tables import DebtorRow, NoticeRow, RunRow


async def report(session: AsyncSession, run: RunRow, output: overview.Output) -> Json:
    """Return the reconciliation of a run: every row and every euro, and whether the chain closes."""
    debtors = await _debtors(session, run.run_id)
    chain = await _chain(session, run, debtors)
    broken = await _differences(session, run, chain)
    forecast = await overview.forecast(session, run.run_id, output)
    statute = STATUTE.validate_json(run.statute)
    administration = await session.scalar(
        select(func.sum(NoticeRow.administration_cents)).where(NoticeRow.run_id == run.run_id)
    )
    progress = await overview.progress(session, run.run_id)
    return {
        "run_id": str(run.run_id),
        "kind": run.kind,
        "year": run.year,
        "state": run.state,
        "rows": chain.rows,
        "debtors": chain.debtors,
        "assessed": chain.assessed,
        "below_minimum": chain.below_minimum,
        "held_back": chain.held_back,
        "unattributed_rows": chain.rows_unattributed,
        "row_errors": [
            {"row": e.row, "column": e.column, "code": e.code, "message": e.message}
            for e in await overview.row_errors(session, run.run_id)
        ],
        "rendered": chain.rendered,
        "render_failed": chain.render_failed,
        "routed_paper": chain.routed_paper,
        "routed_mailbox": chain.routed_mailbox,
        "unrouted": chain.unrouted,
        "submitted": progress["submitted"],
        "posted": chain.posted,
        "failed": chain.failed,
        "unclear": chain.unclear,
        "open": chain.open,
        "amount_assessed": str(chain.assessed_amount),
        "amount_below_minimum": str(euros(debtors["below_minimum"].cents)),
        "amount_held_back": str(euros(debtors["held_back"].cents)),
        "amount_posted": str(chain.posted_amount),
        "administration_charged": str(euros(int(administration or 0))),
        "administration_actual": str(statute.administration_cost_actual),
        "pages": forecast["pages"],
        "sheets": forecast["sheets"],
        "postage_net": forecast["net"],
        "seconds": await _seconds(session, run),
        "chain_closed": not broken,
        "differences": list(broken),
    }


@dataclass(frozen=True, slots=True)
class _Outcome:
    debtors: int = 0
    rows: int = 0
    cents: int = 0


@dataclass(frozen=True, slots=True)
class _Link:
    count: int
    amount: Decimal


async def _debtors(session: AsyncSession, run_id: UUID) -> dict[str, _Outcome]:
    rows = await session.execute(
        select(DebtorRow.outcome, func.count(), func.sum(DebtorRow.rows), func.sum(DebtorRow.cents))
        .where(DebtorRow.run_id == run_id)
        .group_by(DebtorRow.outcome)
    )
    found = {outcome: _Outcome(count, int(lines), int(cents)) for outcome, count, lines, cents in rows}
    return {name: found.get(name, _Outcome()) for name in ("assessed", "below_minimum", "held_back")}


async def _chain(session: AsyncSession, run: RunRow, debtors: dict[str, _Outcome]) -> Chain:
    """Fill the chain; each link is counted for itself, none is derived from another."""
    rendered = NoticeRow.render_state == "rendered"
    paper = NoticeRow.channel == "paper"
    conditions: dict[str, tuple[Any, ...]] = {
        "rendered": (rendered,),
        "render_failed": (NoticeRow.render_state == "failed",),
        "routed_paper": (paper,),
        "routed_mailbox": (NoticeRow.channel == "mailbox",),
        "unrouted": (rendered, NoticeRow.channel.is_(None)),
        "posted": (paper, NoticeRow.letter_state == "posted"),
        "failed": (paper, NoticeRow.letter_state == "failed"),
        "unclear": (paper, NoticeRow.letter_state == "unclear"),
        "open": (paper, NoticeRow.letter_state == "open"),
    }
    links: dict[str, _Link] = {}
    for name, condition in conditions.items():
        count, total = (
            await session.execute(
                select(func.count(), func.sum(NoticeRow.cents)).where(NoticeRow.run_id == run.run_id, *condition)
            )
        ).one()
        links[name] = _Link(count, euros(int(total or 0)))
    return Chain(
        rows=run.rows,
        rows_assessed=debtors["assessed"].rows,
        rows_below_minimum=debtors["below_minimum"].rows,
        rows_held_back=debtors["held_back"].rows,
        rows_unattributed=run.unattributed_rows,
        debtors=sum(each.debtors for each in debtors.values()),
        assessed=debtors["assessed"].debtors,
        below_minimum=debtors["below_minimum"].debtors,
        held_back=debtors["held_back"].debtors,
        assessed_amount=euros(debtors["assessed"].cents),
        rendered=links["rendered"].count,
        rendered_amount=links["rendered"].amount,
        render_failed=links["render_failed"].count,
        render_failed_amount=links["render_failed"].amount,
        routed_paper=links["routed_paper"].count,
        routed_paper_amount=links["routed_paper"].amount,
        routed_mailbox=links["routed_mailbox"].count,
        routed_mailbox_amount=links["routed_mailbox"].amount,
        unrouted=links["unrouted"].count,
        unrouted_amount=links["unrouted"].amount,
        posted=links["posted"].count,
        posted_amount=links["posted"].amount,
        failed=links["failed"].count,
        failed_amount=links["failed"].amount,
        unclear=links["unclear"].count,
        unclear_amount=links["unclear"].amount,
        open=links["open"].count,
        open_amount=links["open"].amount,
    )


async def _differences(session: AsyncSession, run: RunRow, chain: Chain) -> tuple[str, ...]:
    return (*differences(chain), *await _unexplained(session, run.run_id))


async def _unexplained(session: AsyncSession, run_id: UUID) -> tuple[str, ...]:
    """Say what the equations cannot see: letters at the post whose channel nobody has decided."""
    count = await session.scalar(
        select(func.count()).where(
            NoticeRow.run_id == run_id,
            NoticeRow.channel.is_(None),
            or_(NoticeRow.submitted, NoticeRow.letter_state != "open"),
        )
    )
    if not count:
        return ()
    return (f"Versandweg: {count} Briefe kennt der Druckdienst, aber über ihren Versandweg ist nicht entschieden.",)


async def _seconds(session: AsyncSession, run: RunRow) -> Json:
    last = await session.scalar(select(func.max(NoticeRow.submitted_seen_at)).where(NoticeRow.run_id == run.run_id))
    return {
        "import": round(run.import_seconds, 3),
        "assess": round(run.assess_seconds, 3),
        "render": round((run.checked_at - run.imported_at).total_seconds(), 3) if run.checked_at else None,
        "release": round(run.release_seconds, 3) if run.release_seconds is not None else None,
        "submit": round((last - run.released_at).total_seconds(), 3) if last and run.released_at else None,
    }


async def broken_runs(session: AsyncSession) -> list[UUID]:
    """Return the runs that were checked or released and whose chain does not close."""
    rows = await session.scalars(select(RunRow).where(RunRow.state.in_(["checked", "released"])))
    broken: list[UUID] = []
    for run in rows.all():
        chain = await _chain(session, run, await _debtors(session, run.run_id))
        if await _differences(session, run, chain):
            broken.append(run.run_id)
    return broken
