"""HTTP in: each request is one command or query."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.clock import Clock
from chassis.database import Database
from chassis.documents import Documents
from chassis.http import Endpointed, Problem, path_id, route
from services.notices.commands.erase_changes import KEEP_SETTLED
from services.notices.commands.import_run import AlreadyReleasedError, ImportRefusedError, Upload, import_run
from services.notices.commands.release_run import Approval, ReleaseRefusedError, release_run
from services.notices.commands.settle_change import (
    ChangeErasedError,
    ChangeSettledError,
    ChangeUnknownError,
    reopen_change,
    settle_change,
)
from services.notices.domain.local_day import local_day
from services.notices.gateways.mailgateway import PriorSubmissions
from services.notices.queries import changes, letters, overview, reconciliation
from services.notices.settings import NoticesSettings
from services.notices.storage import runs
from services.notices.storage.tables import RunRow

FORM_OVERHEAD = 64 * 1024


class ReleaseBody(BaseModel):
    """What a release names."""

    root_hash: str = Field(min_length=1, max_length=64)
    approved_by: str = Field(min_length=1, max_length=120)


class DoneBody(BaseModel):
    """Who has taken a reported change over."""

    by: str = Field(max_length=120)


class LettersBody(BaseModel):
    """Which letters the mail gateway fetches."""

    letter_ids: tuple[UUID, ...] = Field(min_length=1, max_length=50)


@dataclass(frozen=True, slots=True)
class Api:
    """The routes of notices."""

    database: Database
    documents: Documents
    submissions: PriorSubmissions
    settings: NoticesSettings
    output: overview.Output
    now: Clock

    def routes(self) -> list[Endpointed]:
        """Return this service's routes."""
        desk = ["rathaus"]
        return [
            route("POST", "/runs", self.import_files, callers=desk),
            route("GET", "/runs/{run_id}", self._of_run(self.overview), callers=desk),
            route("GET", "/runs/{run_id}/report", self._of_run(self.report), callers=desk),
            route("GET", "/runs/{run_id}/errors.csv", self._of_run(self.errors), callers=desk),
            route("GET", "/runs/{run_id}/samples", self._of_run(self.samples), callers=desk),
            route("GET", "/runs/{run_id}/notices", self._of_run(self.notices), callers=desk),
            route("POST", "/runs/{run_id}/release", self.release, callers=desk),
            route("GET", "/notices/{notice_id}/document", self.document, callers=desk),
            route("GET", "/changes", self.changes, callers=desk),
            route("POST", "/changes/{report_id}/done", self.done, callers=desk),
            route("POST", "/changes/{report_id}/reopen", self.reopen, callers=desk),
            route("POST", "/letters", self.letters, callers=["mailgateway"]),
        ]

    async def import_files(self, request: Request) -> Response:
        """Import a levy file and a statute; the same files again give the same run."""
        upload = await self._upload(request)
        try:
            run_id = await import_run(
                upload, database=self.database, documents=self.documents, settings=self.settings, now=self.now
            )
        except ImportRefusedError as error:
            raise Problem(422, error.title, " ".join(error.sentences), sentences=error.sentences) from None
        except AlreadyReleasedError as error:
            raise Problem(
                409,
                f"Diese Bescheide wurden schon am {local_day(error.released_at)} freigegeben.",
                "In der Datei steht kein Kassenzeichen, für das es noch einen Bescheid zu versenden gibt.",
                released_at=error.released_at.isoformat(),
            ) from None
        return await self._overview(run_id)

    async def _upload(self, request: Request) -> Upload:
        most = self.settings.max_upload_bytes
        announced = int(request.headers.get("content-length") or 0)
        if announced > most + FORM_OVERHEAD:
            raise Problem(
                413,
                f"Die Datei ist zu groß ({announced // 1_000_000} MB).",
                f"Erlaubt sind {most // 1_000_000} MB. Bitte prüfen, ob es wirklich die Umlagedatei ist.",
            )
        async with request.form(max_files=2, max_fields=1) as form:
            levy, statute, imported_by = form.get("levy"), form.get("statute"), form.get("imported_by")
            if not isinstance(levy, UploadFile) or not isinstance(statute, UploadFile):
                raise Problem(422, "Es fehlt eine Datei.", "Gebraucht werden die Umlagedatei und die Satzungsdatei.")
            if not isinstance(imported_by, str) or not imported_by.strip():
                raise Problem(422, "Es fehlt der Name der Person, die einliest.")
            return Upload(await levy.read(), await statute.read(), imported_by.strip()[:120])

    def _of_run(self, endpoint: Callable[[RunRow], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def of_run(request: Request) -> Response:
            run_id = path_id(request, "run_id")
            async with self.database.reading() as session:
                run = await runs.run(session, run_id)
            if run is None:
                raise Problem(404, "Diesen Lauf gibt es nicht.", "Bitte die Kennung des Laufs prüfen.")
            return await endpoint(run)

        return of_run

    async def _overview(self, run_id: UUID) -> Response:
        async with self.database.reading() as session:
            run = await runs.run(session, run_id)
            if run is None:
                raise Problem(404, "Diesen Lauf gibt es nicht.")
            return JSONResponse(await overview.overview(session, run, self.output))

    async def overview(self, run: RunRow) -> Response:
        """Return state, progress and findings."""
        async with self.database.reading() as session:
            return JSONResponse(await overview.overview(session, run, self.output))

    async def report(self, run: RunRow) -> Response:
        """Return the reconciliation."""
        async with self.database.reading() as session:
            return JSONResponse(await reconciliation.report(session, run, self.output))

    async def errors(self, run: RunRow) -> Response:
        """Return the row errors for Excel."""
        async with self.database.reading() as session:
            return Response(await overview.row_errors_csv(session, run.run_id), media_type="text/csv")

    async def samples(self, run: RunRow) -> Response:
        """Return which letters to look at before approving."""
        async with self.database.reading() as session:
            return JSONResponse(await overview.samples(session, run.run_id))

    async def notices(self, run: RunRow) -> Response:
        """List the notices."""
        async with self.database.reading() as session:
            return JSONResponse(await overview.notices(session, run.run_id))

    async def release(self, request: Request) -> Response:
        """Approve and release."""
        run_id = path_id(request, "run_id")
        try:
            body = ReleaseBody.model_validate_json(await request.body())
        except ValidationError:
            raise Problem(422, "Prüfsumme oder Name fehlt.") from None
        try:
            await release_run(
                Approval(run_id, body.root_hash.strip(), " ".join(body.approved_by.split())),
                database=self.database,
                submissions=self.submissions,
                settings=self.settings,
                now=self.now,
            )
        except ReleaseRefusedError as error:
            released_at = error.released_at.isoformat() if error.released_at else None
            raise Problem(409, error.title, error.detail, released_at=released_at) from None
        return await self._overview(run_id)

    async def document(self, request: Request) -> Response:
        """Return the PDF of a notice."""
        async with self.database.reading() as session:
            notice = await runs.newest(session, path_id(request, "notice_id"))
        if notice is None or notice.document is None:
            raise Problem(404, "Zu diesem Bescheid gibt es kein Dokument.")
        return Response(await letters.document(notice, self.documents), media_type="application/pdf")

    async def letters(self, request: Request) -> Response:
        """Hand released letters to the mail gateway."""
        try:
            body = LettersBody.model_validate_json(await request.body())
        except ValidationError:
            raise Problem(422, "Erwartet werden 1 bis 50 Kennungen von Briefen.") from None
        found = await letters.letters(
            body.letter_ids, database=self.database, documents=self.documents, profile=self.output.profile
        )
        return JSONResponse({"letters": found})

    async def changes(self, request: Request) -> Response:
        """List what other systems have reported."""
        only_open = request.query_params.get("open") == "true"
        async with self.database.reading() as session:
            return JSONResponse(await changes.changes(session, only_open=only_open))

    async def done(self, request: Request) -> Response:
        """Note that somebody has taken a reported change over; once more by the same person changes nothing."""
        report_id = path_id(request, "report_id")
        try:
            by = " ".join(DoneBody.model_validate_json(await request.body()).by.split())
        except ValidationError:
            by = ""
        if not by:
            raise Problem(422, "Es fehlt der Name der Person, die die Änderung übernommen hat.")
        try:
            await settle_change(report_id, by=by, database=self.database, now=self.now)
        except ChangeSettledError as error:
            raise Problem(
                409,
                f"Diese Änderung hat schon {error.by} am {local_day(error.at)} erledigt.",
                "Wenn das nicht stimmt, lässt sie sich wieder öffnen.",
            ) from None
        except ChangeUnknownError:
            raise _no_such_change() from None
        return Response(status_code=204)

    async def reopen(self, request: Request) -> Response:
        """Take a done back."""
        try:
            await reopen_change(path_id(request, "report_id"), database=self.database)
        except ChangeErasedError:
            raise Problem(
                409,
                "Der Inhalt dieser Änderung ist gelöscht.",
                f"Das geschieht {KEEP_SETTLED.days} Tage, nachdem sie erledigt wurde.",
            ) from None
        except ChangeUnknownError:
            raise _no_such_change() from None
        return Response(status_code=204)


def _no_such_change() -> Problem:
    return Problem(404, "Diese gemeldete Änderung gibt es nicht.", "Bitte die Kennung der Änderung prüfen.")
