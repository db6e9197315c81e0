"""Valid messages for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from contracts.accounts import DeliveryRouted
from contracts.base import CloudEvent, envelope, source_of
from contracts.notices import NoticeGenerated

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TOWN = "15090546"


def a_notice_generated(notice_id: UUID | None = None, *, kind: str = "umlage") -> CloudEvent[NoticeGenerated]:
    notice_id = notice_id or uuid4()
    data = NoticeGenerated(
        notice_id=notice_id,
        letter_id=uuid4(),
        run_id=uuid4(),
        kind=kind,
        year=2026,
        revision=1,
        legal_regime="AO",
        pages=2,
        duplex=True,
        colour=False,
    )
    return envelope(data, source=source_of(TOWN, "notices"), aggregate=str(notice_id), sequence=1, time=NOW)


def a_delivery_routed(notice_id: UUID | None = None) -> CloudEvent[DeliveryRouted]:
    notice_id = notice_id or uuid4()
    data = DeliveryRouted(
        notice_id=notice_id,
        letter_id=uuid4(),
        run_id=uuid4(),
        channel="paper",
        reason="no_account",
        legal_basis="§ 122 AO",
        kind="umlage",
        year=2026,
        pages=2,
        duplex=True,
        colour=False,
    )
    return envelope(data, source=source_of(TOWN, "accounts"), aggregate=str(notice_id), sequence=1, time=NOW)
