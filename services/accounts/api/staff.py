"""HTTP in: staff devices for the command line, links, PINs and sessions for the portal."""

from __future__ import annotations

from typing import Annotated, TypeVar
from uuid import UUID, uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.clock import Clock
from chassis.database import Database
from chassis.http import Endpointed, Problem, path_id, route
from contracts.foreign import Slug
from services.accounts import queries
from services.accounts.commands.staff_devices import add_device, renew_pin, revoke_device
from services.accounts.commands.staff_sessions import sign_in, sign_out
from services.accounts.domain.staff import Locked, NameTakenError, NewDevice, Role, SignIn, WrongPin

_MOST = 50
Secret = Annotated[str, Field(min_length=1, max_length=128)]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class DeviceBody(_Body):
    """A device to be made; the caller may give it its id, so that it can safely ask twice."""

    device_id: UUID = Field(default_factory=uuid4)
    name: Slug
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=_MOST)]
    pools: Annotated[tuple[Slug, ...], Field(max_length=_MOST)] = ()

    @model_validator(mode="after")
    def _attendants_have_a_pool(self) -> DeviceBody:
        if "attendant" in self.roles and not self.pools:
            message = "an attendant needs a pool"
            raise ValueError(message)
        return self


class LinkBody(_Body):
    """The token of a link."""

    token: Secret


class SignInBody(LinkBody):
    """With its PIN."""

    pin: Secret


class SessionBody(_Body):
    """The token of a session."""

    session: Secret


BodyT = TypeVar("BodyT", bound=_Body)


def routes(database: Database, *, now: Clock) -> list[Endpointed]:
    """Return the routes of the staff."""
    api = _Api(database, now)
    return [
        route("POST", "/staff/devices", api.add, callers=["rathaus"]),
        route("GET", "/staff/devices", api.show, callers=["rathaus"]),
        route("DELETE", "/staff/devices/{device_id}", api.revoke, callers=["rathaus"]),
        route("POST", "/staff/devices/{device_id}/pin", api.renew, callers=["rathaus"]),
        route("POST", "/staff/devices/find", api.find, callers=["portal"]),
        route("POST", "/staff/sessions", api.sign_in, callers=["portal"]),
        route("POST", "/staff/sessions/check", api.check, callers=["portal"]),
        route("POST", "/staff/sessions/end", api.end, callers=["portal"]),
    ]


class _Api:
    def __init__(self, database: Database, now: Clock) -> None:
        self._database = database
        self._now = now

    async def add(self, request: Request) -> Response:
        body = await _body(DeviceBody, request)
        roles, pools = tuple(dict.fromkeys(body.roles)), tuple(dict.fromkeys(body.pools))
        try:
            device = NewDevice(body.device_id, body.name, roles, pools)
            secrets = await add_device(device, database=self._database, now=self._now)
        except NameTakenError:
            raise Problem(409, "Ein Gerät dieses Namens gibt es schon.", "Bitte einen anderen Namen geben.") from None
        told = {"device_id": str(body.device_id), "name": body.name, "roles": roles, "pools": pools}
        return JSONResponse({**told, "token": secrets.token, "pin": secrets.pin}, status_code=201)

    async def show(self, _request: Request) -> Response:
        async with self._database.reading() as session:
            return JSONResponse(await queries.devices(session, now=self._now()))

    async def revoke(self, request: Request) -> Response:
        await revoke_device(path_id(request, "device_id"), database=self._database)
        return Response(status_code=204)

    async def renew(self, request: Request) -> Response:
        pin = await renew_pin(path_id(request, "device_id"), database=self._database)
        if pin is None:
            raise Problem(404, "Dieses Gerät gibt es nicht.")
        return JSONResponse({"pin": pin})

    async def find(self, request: Request) -> Response:
        body = await _body(LinkBody, request)
        async with self._database.reading() as session:
            found = await queries.device_of_link(session, body.token)
        if found is None:
            raise _unknown_link()
        return JSONResponse(found)

    async def sign_in(self, request: Request) -> Response:
        body = await _body(SignInBody, request)
        begun = _signed_in(await sign_in(body.token, body.pin, database=self._database, now=self._now))
        async with self._database.reading() as session:
            found = await queries.device_of_session(session, begun, now=self._now())
        if found is None:
            raise _unknown_link()
        return JSONResponse({"session": begun, **found}, status_code=201)

    async def check(self, request: Request) -> Response:
        body = await _body(SessionBody, request)
        async with self._database.reading() as session:
            found = await queries.device_of_session(session, body.session, now=self._now())
        if found is None:
            raise Problem(401, "Die Anmeldung ist abgelaufen.", "Bitte die PIN noch einmal eingeben.")
        return JSONResponse(found)

    async def end(self, request: Request) -> Response:
        body = await _body(SessionBody, request)
        await sign_out(body.session, database=self._database)
        return Response(status_code=204)


def _signed_in(outcome: SignIn | None) -> str:
    """Return the session that has begun, or say why there is none."""
    match outcome:
        case None:
            raise _unknown_link()
        case WrongPin(tries_left):
            raise Problem(401, "Die PIN stimmt nicht.", "Bitte noch einmal eingeben.", tries_left=tries_left)
        case Locked(until):
            raise Problem(
                423,
                "Zu viele falsche PINs.",
                "Das Gerät ist für eine Viertelstunde gesperrt.",
                locked_until=until.isoformat(),
            )
        case _:
            return outcome.session


def _unknown_link() -> Problem:
    return Problem(404, "Diesen Zugang gibt es nicht mehr.", "Einen neuen gibt die Verwaltung aus.")


async def _body(form: type[BodyT], request: Request) -> BodyT:
    try:
        return form.model_validate_json(await request.body())
    except ValidationError as error:
        wrong = sorted({str(each["loc"][0]) for each in error.errors(include_input=False) if each["loc"]})
        fields = ", ".join(wrong or form.model_fields)
        raise Problem(422, "So ist die Anfrage nicht zu verstehen.", f"Bitte prüfen: {fields}.") from None
