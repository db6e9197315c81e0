"""A door of intake that hands out reports, and messages that tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from uuid import UUID, uuid4

import httpx
from pydantic import JsonValue

from contracts import foreign, intake
from contracts.base import CloudEvent, envelope, source_of
from services.notices.gateways.intake import Reports
from tests.notices.integration.desk import NOW, TOWN

Told = TypeVar("Told", bound=intake.Reported)
HOME = foreign.Address(street="Birkenweg 2", postcode="39517", city="Tangerhütte")
MOVE = foreign.AddressChangeReported(
    person="Erika Mustermann",
    reference="2026.000001.3",
    former_address=foreign.Address(street="Am Anger 7", postcode="39517", city="Tangerhütte"),
    new_address=HOME,
    valid_from=date(2026, 12, 1),
)
SALE = foreign.OwnerChangeReported(
    parcel=foreign.Parcel(district="Grieben", section=3, number="112/4"),
    former_owner="Otto Beispiel",
    new_owner="Änne Kühne",
    new_address=HOME,
    transferred_on=date(2026, 10, 15),
)
PAYMENT = foreign.PaymentReported(reference="2026.000002.1", amount="19.74", paid_on=date(2026, 11, 20))


@dataclass
class IntakeDoor(httpx.AsyncBaseTransport):
    """Answers as intake does when asked for a report."""

    bodies: dict[UUID, foreign.Foreign] = field(default_factory=dict[UUID, foreign.Foreign])
    away: bool = False
    status: int | None = None
    raw: bytes | None = None
    asked: int = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.away:
            raise httpx.ConnectError("away", request=request)
        if self.status is not None:
            return httpx.Response(self.status)
        if self.raw is not None:
            return httpx.Response(200, content=self.raw)
        body = self.bodies.get(UUID(request.url.path.removeprefix("/reports/")))
        if body is None:
            return httpx.Response(404)
        return httpx.Response(200, json=self._answer(body))

    def _answer(self, body: foreign.Foreign) -> Mapping[str, JsonValue]:
        return {
            "kind": body.name,
            "system": "meldeamt",
            "received_at": NOW.isoformat(),
            "body": body.model_dump(mode="json") | {"invented_later": "by a newer sender"},
        }

    def reports(self) -> Reports:
        return Reports(httpx.AsyncClient(transport=self, base_url="http://intake"))

    def keep(self, told: type[Told], body: foreign.Foreign) -> CloudEvent[Told]:
        """Keep a body; return what intake says of it on the bus."""
        report_id = uuid4()
        self.bodies[report_id] = body
        data = told(report_id=report_id, reported_by="meldeamt")
        return envelope(data, source=source_of(TOWN, "intake"), aggregate=str(report_id), sequence=1, time=NOW)
