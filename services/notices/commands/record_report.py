"""Take over what another system has reported about a person; intake has the body."""

from __future__ import annotations

from collections.abc import Mapping

from chassis import inbox
from chassis.database import Database
from contracts import foreign, intake
from contracts.base import CloudEvent
from services.notices.gateways.intake import Reports
from services.notices.storage.tables import ReportedChangeRow

DURABLE = "notices-reports"

_FORMS: Mapping[type[intake.Reported], tuple[str, type[foreign.Foreign]]] = {
    intake.AddressChangeReported: ("address_change", foreign.AddressChangeReported),
    intake.OwnerChangeReported: ("owner_change", foreign.OwnerChangeReported),
    intake.PaymentReported: ("payment", foreign.PaymentReported),
}


async def record_report(event: CloudEvent[intake.Reported], *, database: Database, reports: Reports) -> None:
    """Fetch a report and keep it for the clerk, once."""
    kind, form = _FORMS[type(event.data)]
    report_id = event.data.report_id
    async with database.reading() as session:
        is_held = await session.get(ReportedChangeRow, report_id) is not None
    # Delivered again after its effect: intake, and we ourselves, may have deleted the body since.
    report = None if is_held else await reports.fetch(report_id, form)
    async with database.transaction() as session:
        if await inbox.first_delivery(session, DURABLE, event) and report is not None:
            session.add(
                ReportedChangeRow(
                    report_id=report_id,
                    kind=kind,
                    body=report.body.model_dump_json(),
                    reported_by=event.data.reported_by,
                    received_at=report.received_at,
                )
            )
