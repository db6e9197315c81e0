"""What other systems have reported and a clerk takes over into the next levy file: `rathaus levy changes`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import httpx
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter
from rich.table import Table

from contracts.foreign import Address, AddressChangeReported, OwnerChangeReported, PaymentReported
from rathaus.embedded.hall import TownHall
from rathaus.levy.client import RefusedError, Service
from rathaus.levy.commands import DONE, REFUSED
from rathaus.levy.tables import Terminal, cell
from rathaus.words import TOWN_TIME, Words

_TIMEOUT_SECONDS = 30.0
_ID_SHOWN = 8
_COLUMNS = ("change_id", "change_kind", "change_about", "change_news", "change_from", "change_by", "change_since")


def _unless_erased(body: Any) -> Any:
    """Long after a change was taken over, what it said is erased; that it was reported stays."""
    return body or None


_Erasable = BeforeValidator(_unless_erased)


class _Reported(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    report_id: UUID
    reported_by: str
    received_at: datetime


class AddressChange(_Reported):
    """A person has a new address."""

    kind: Literal["address_change"]
    body: Annotated[AddressChangeReported | None, _Erasable]


class OwnerChange(_Reported):
    """A parcel has a new owner."""

    kind: Literal["owner_change"]
    body: Annotated[OwnerChangeReported | None, _Erasable]


class Payment(_Reported):
    """The treasury has received a payment."""

    kind: Literal["payment"]
    body: Annotated[PaymentReported | None, _Erasable]


Change = Annotated[AddressChange | OwnerChange | Payment, Field(discriminator="kind")]
_CHANGES = TypeAdapter[tuple[Change, ...]](tuple[Change, ...])


class Changes:
    """The reported changes, as the clerk sees them."""

    def __init__(self, service: Service, terminal: Terminal) -> None:
        """Do nothing yet."""
        self._service = service
        self._terminal = terminal

    async def show(self) -> int:
        """List what is open, the oldest first."""
        changes = await self._reported(only_open=True)
        if changes:
            self._terminal.console.print(_table(changes, self._terminal))
            self._terminal.say("changes_how")
        else:
            self._terminal.say("changes_none")
        return DONE

    async def hint(self, data_option: str) -> int:
        """Say how many are open, if any: they belong into the file before it is released."""
        changes = await self._reported(only_open=True)
        if changes:
            self._terminal.say("changes_open", count=self._terminal.words.number(len(changes)), option=data_option)
        return DONE

    async def settle(self, beginning: str, *, by: str) -> int:
        """Note that somebody has taken a change over; its id may be given by how it begins."""
        change = await self._meant(beginning)
        if change is None:
            return REFUSED
        await self._service.call("POST", f"/changes/{change.report_id}/done", json={"by": by})
        self._terminal.say("change_done", id=_short(change), person=by)
        return DONE

    async def reopen(self, beginning: str) -> int:
        """Take that back."""
        change = await self._meant(beginning)
        if change is None:
            return REFUSED
        await self._service.call("POST", f"/changes/{change.report_id}/reopen")
        self._terminal.say("change_reopened", id=_short(change))
        return DONE

    async def _reported(self, *, only_open: bool) -> tuple[Change, ...]:
        return _CHANGES.validate_json(await self._service.get("/changes?open=true" if only_open else "/changes"))

    async def _meant(self, beginning: str) -> Change | None:
        wanted = beginning.strip().lower()
        changes = await self._reported(only_open=False)
        found = [each for each in changes if wanted and str(each.report_id).startswith(wanted)]
        if len(found) == 1:
            return found[0]
        self._terminal.say("change_many" if found else "change_unknown", id=beginning)
        return None


Work = Callable[[Changes], Awaitable[int]]


async def with_changes(hall: TownHall, terminal: Terminal, work: Work) -> int:
    """Do some work on the reported changes; what notices refuses is shown in its own words."""
    async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS) as client:
        try:
            return await work(Changes(Service(hall, "notices", client), terminal))
        except RefusedError as error:
            terminal.say("refused", title=error.title)
            if error.detail:
                terminal.line(error.detail)
            return REFUSED


def _table(changes: tuple[Change, ...], terminal: Terminal) -> Table:
    say = terminal.words.say
    table = Table(title=say("changes"), title_justify="left")
    for key in _COLUMNS:
        table.add_column(say(key), overflow="fold")
    for change in changes:
        about, news, valid_from = _told(change, terminal.words)
        cells = (
            _short(change),
            say(change.kind),
            about,
            news,
            _day(valid_from) if valid_from is not None else "",
            change.reported_by,
            _day(change.received_at.astimezone(TOWN_TIME)),
        )
        table.add_row(*(cell(each) for each in cells))
    return table


def _told(change: Change, words: Words) -> tuple[str, str, date | None]:
    """Return who or what it is about, what is new, and from when."""
    match change:
        case AddressChange(body=AddressChangeReported() as body):
            return _lines(body.person, body.reference), _address(body.new_address), body.valid_from
        case OwnerChange(body=OwnerChangeReported() as body):
            parcel = f"{body.parcel.district}, Flur {body.parcel.section}, {body.parcel.number}"
            new = _lines(body.new_owner, _address(body.new_address))
            return _lines(parcel, body.former_owner), new, body.transferred_on
        case Payment(body=PaymentReported() as body):
            return _lines(body.reference, body.payer), f"{words.number(Decimal(body.amount))} EUR", body.paid_on
        case _:
            return words.say("change_erased"), "", None


def _address(address: Address) -> str:
    country = "" if address.country == "DE" else f" ({address.country})"
    return f"{address.street}\n{address.postcode} {address.city}{country}"


def _lines(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)


def _day(value: date) -> str:
    return f"{value:%d.%m.%Y}"


def _short(change: Change) -> str:
    return str(change.report_id)[:_ID_SHOWN]
