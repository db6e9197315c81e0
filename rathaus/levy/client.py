"""The services as the command sees them: over HTTP, patient with a service that is being restarted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import Any
from uuid import UUID

import httpx
from pydantic import TypeAdapter

from chassis.clock import utc_now
from chassis.tokens import token_for
from rathaus.embedded.hall import TownHall
from rathaus.levy.models import Decision, Notice, Provider, Reconciliation, Run, Sample, Trouble

PATIENCE_SECONDS = 90.0
_PAUSE_SECONDS = 0.3
_TIMEOUT_SECONDS = 120.0
_SAMPLES = TypeAdapter(tuple[Sample, ...])
_NOTICES = TypeAdapter(tuple[Notice, ...])
_TROUBLES = TypeAdapter(tuple[Trouble, ...])
_COUNTS = TypeAdapter(dict[str, int])


class RefusedError(Exception):
    """A service refused; `title` and `detail` are for people."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        """Keep what the service said."""
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail


class SilentError(Exception):
    """A service did not answer for longer than a restart can take."""

    def __init__(self, service: str, why: str) -> None:
        """Keep which, and what it said last."""
        super().__init__(service)
        self.service = service
        self.why = why


class HallGoneError(Exception):
    """The town hall that another command had started was stopped or killed."""


@dataclass(frozen=True, slots=True)
class Upload:
    """The files of a levy and who hands them in."""

    levy: bytes
    statute: bytes
    imported_by: str


class Service:
    """One service of the town hall. Every call may be repeated: the services see to it that nothing is done twice."""

    def __init__(self, hall: TownHall, name: str, client: httpx.AsyncClient) -> None:
        """Call nothing yet."""
        self._hall = hall
        self._name = name
        self._client = client
        self._why = ""

    async def get(self, path: str) -> bytes:
        """Return the body of an answer."""
        return await self.call("GET", path)

    async def call(self, method: str, path: str, **body: Any) -> bytes:
        """Call until there is an answer; RefusedError for 4xx, SilentError or HallGoneError when there is none."""
        deadline = monotonic() + PATIENCE_SECONDS
        while True:
            answer = await self._try(method, path, body)
            if answer is not None:
                return answer
            if not self._hall.is_there():
                raise HallGoneError
            if monotonic() > deadline:
                raise SilentError(self._name, self._why)
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _try(self, method: str, path: str, body: Mapping[str, Any]) -> bytes | None:
        """Return the body, or None when the service is not up."""
        token = token_for(self._hall.home.secrets("rathaus"), self._name)
        url = self._hall.state().addresses[self._name] + path
        sent: dict[str, Any] = {**body, "headers": {**body.get("headers", {}), "authorization": f"Bearer {token}"}}
        try:
            answer = await self._client.request(method, url, **sent)
        except httpx.TransportError:
            return None
        if answer.is_success:
            return answer.content
        refusal = _refusal(answer)
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            self._why = refusal.title
            return None
        raise refusal


class Notices:
    """The runs of the levy."""

    def __init__(self, service: Service) -> None:
        """Call nothing yet."""
        self._service = service

    async def import_run(self, upload: Upload) -> Run:
        """Hand in the files; the same files again are the same run."""
        files = {
            "levy": ("levy.csv", upload.levy, "text/csv"),
            "statute": ("statute.toml", upload.statute, "application/toml"),
        }
        answer = await self._service.call("POST", "/runs", files=files, data={"imported_by": upload.imported_by})
        return Run.model_validate_json(answer)

    async def run(self, run_id: UUID) -> Run:
        """Return a run as it is now."""
        return Run.model_validate_json(await self._service.get(f"/runs/{run_id}"))

    async def reconciliation(self, run_id: UUID) -> Reconciliation:
        """Return the count chain of a run."""
        return Reconciliation.model_validate_json(await self._service.get(f"/runs/{run_id}/report"))

    async def release(self, run: UUID, *, root_hash: str, approved_by: str) -> Run:
        """Release; an answer that was lost on the way is told from a refusal by when the run was released."""
        began = utc_now()
        body = {"root_hash": root_hash, "approved_by": approved_by}
        try:
            return Run.model_validate_json(await self._service.call("POST", f"/runs/{run}/release", json=body))
        except RefusedError:
            present = await self.run(run)
            ours = (present.root_hash, present.approved_by) == (root_hash, approved_by)
            if ours and present.released_at is not None and present.released_at >= began:
                return present
            raise

    async def row_errors(self, run_id: UUID) -> bytes:
        """Return the row errors as a table for Excel."""
        return await self._service.get(f"/runs/{run_id}/errors.csv")

    async def samples(self, run_id: UUID) -> tuple[Sample, ...]:
        """Return which letters somebody should look at."""
        return _SAMPLES.validate_json(await self._service.get(f"/runs/{run_id}/samples"))

    async def notices(self, run_id: UUID) -> tuple[Notice, ...]:
        """Return every notice of a run."""
        return _NOTICES.validate_json(await self._service.get(f"/runs/{run_id}/notices"))

    async def document(self, notice_id: UUID) -> bytes:
        """Return the PDF of a notice."""
        return await self._service.get(f"/notices/{notice_id}/document")


class Mailgateway:
    """The letters at the provider."""

    def __init__(self, service: Service) -> None:
        """Call nothing yet."""
        self._service = service

    async def provider(self) -> Provider:
        """Return what stands behind the gateway."""
        return Provider.model_validate_json(await self._service.get("/provider"))

    async def letters(self, run_id: UUID) -> dict[str, int]:
        """Count the letters of a run by their state."""
        return _COUNTS.validate_json(await self._service.get(f"/runs/{run_id}/letters"))

    async def troubles(self, run_id: UUID) -> tuple[Trouble, ...]:
        """Return the letters that a person has to decide on."""
        return _TROUBLES.validate_json(await self._service.get(f"/runs/{run_id}/problems"))

    async def decide(self, letter_id: UUID, decision: Decision, *, by: str, posted_on: date | None) -> None:
        """Decide about a failed or unclear letter; the same decision again changes nothing."""
        body = {"decision": decision, "by": by} | ({"posted_at": posted_on.isoformat()} if posted_on else {})
        await self._service.call("POST", f"/letters/{letter_id}/decision", json=body)


@dataclass(frozen=True, slots=True)
class Desk:
    """The services that the levy needs."""

    notices: Notices
    mailgateway: Mailgateway


@asynccontextmanager
async def desk_of(hall: TownHall) -> AsyncGenerator[Desk]:
    """Open the connections to the services."""
    async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS) as client:
        yield Desk(Notices(Service(hall, "notices", client)), Mailgateway(Service(hall, "mailgateway", client)))


def _refusal(answer: httpx.Response) -> RefusedError:
    try:
        problem = answer.json()
        return RefusedError(answer.status_code, str(problem["title"]), str(problem.get("detail") or ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return RefusedError(answer.status_code, f"HTTP {answer.status_code}", "")
