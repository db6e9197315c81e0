"""HTTP in: hold a time while the form is filled."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field
from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpointed, route
from contracts.foreign import Slug
from services.appointments.api.bookings import Language, view
from services.appointments.api.told import Body, answer, offering, read, refusing
from services.appointments.commands.hold import HoldOrder
from services.appointments.commands.reserve import reserve
from services.appointments.desk import Desk
from services.appointments.domain import tokens
from services.appointments.domain.booking import Item, Wish


class ItemBody(Body):
    """One service and how often."""

    service: Slug
    count: Annotated[int, Field(ge=1, le=99)] = 1


Items = Annotated[tuple[ItemBody, ...], Field(min_length=1, max_length=20)]


class _Hold(Body):
    booking_id: UUID
    office: Slug
    items: Items
    starts_at: AwareDatetime
    language: Language = "de"
    client: Annotated[str | None, Field(max_length=200)] = None
    proof: Annotated[str | None, Field(max_length=4000)] = None
    queue: Annotated[str | None, Field(max_length=100)] = None
    resource: Slug | None = None
    replaces: Annotated[str | None, Field(max_length=64)] = None
    """The token of their own hold, which is given back for this one."""

    def order(self, key: bytes) -> HoldOrder:
        """Return it for the command."""
        return HoldOrder(
            booking_id=self.booking_id,
            wish=wish_of(self.office, self.items),
            starts_at=self.starts_at,
            audience="public",
            channel="web",
            language=self.language,
            client=self.client,
            resource=self.resource,
            by=None,
            replaces=None if self.replaces is None else tokens.read(key, "booking", self.replaces),
        )


def wish_of(office: str, items: tuple[ItemBody, ...]) -> Wish:
    """Return what somebody wants."""
    return Wish(office, tuple(Item(each.service, each.count) for each in items))


def routes(desk: Desk) -> list[Endpointed]:
    """Return the route of holds."""

    async def hold(request: Request) -> Response:
        body = await read(request, _Hold)
        order = body.order(desk.key)
        async with offering(desk, order.wish, order.starts_at):
            booking = await reserve(order, desk, proof=body.proof, queue=body.queue)
        return answer(view(booking, desk), 201)

    return [route("POST", "/holds", refusing(hold), callers=["portal"])]
