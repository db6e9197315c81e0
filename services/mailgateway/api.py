"""HTTP in: each request is one query."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.http import Endpointed, Problem, path_id, route
from services.mailgateway import queries
from services.mailgateway.commands.send_letters import Post, ask
from services.mailgateway.domain.batching import batch_id
from services.mailgateway.gateways.epost_errors import explain

_UNCLEAR_ACTION = (
    "Ob die Post den Brief hat, ist nicht sicher. Bitte im Kundenportal der Post unter der Kennung nachsehen, "
    "bevor er noch einmal verschickt wird."
)


@dataclass(frozen=True, slots=True)
class Api:
    """The routes of the mail gateway."""

    post: Post

    def routes(self) -> list[Endpointed]:
        """Return this service's routes."""
        return [
            route("GET", "/provider", self.provider, callers=["rathaus"]),
            route("GET", "/runs/{run_id}/letters", self.letters_of_run, callers=["rathaus"]),
            route("GET", "/runs/{run_id}/problems", self.problems, callers=["rathaus"]),
            route("GET", "/submissions", self.submissions, callers=["notices"]),
        ]

    async def provider(self, _request: Request) -> Response:
        """Tell who prints, whether it answers, and whether letters become paper."""
        health = await self.post.provider.health()
        live = "test" if self.post.settings.epost_test_mode else "production"
        return JSONResponse(
            {
                "provider": "epost",
                "mode": "simulator" if health.simulator else live,
                "test_mode": self.post.settings.epost_test_mode,
                "reachable": health.state != "down",
                "detail": health.text,
            }
        )

    async def letters_of_run(self, request: Request) -> Response:
        """Count a run's letters by state."""
        async with self.post.database.reading() as session:
            return JSONResponse(await queries.states_of_run(session, path_id(request, "run_id")))

    async def problems(self, request: Request) -> Response:
        """Explain each failed or unclear letter in plain German, with what to do."""
        async with self.post.database.reading() as session:
            rows = await queries.troubled_of_run(session, path_id(request, "run_id"))
        return JSONResponse(
            [
                {
                    "letter_id": str(row.letter_id),
                    "state": row.state,
                    "code": row.reason,
                    "title": explain(row.reason or "").title if row.state == "failed" else "Versand ungeklärt",
                    "action": explain(row.reason or "").action if row.state == "failed" else _UNCLEAR_ACTION,
                }
                for row in rows
            ]
        )

    async def submissions(self, request: Request) -> Response:
        """Tell which letters of a levy and year the provider's account holds, by one look-up."""
        settings = self.post.settings
        try:
            wave = batch_id(
                settings.town,
                request.query_params["kind"],
                int(request.query_params["year"]),
                duplex=request.query_params["duplex"] == "true",
                colour=request.query_params["colour"] == "true",
                test=settings.epost_test_mode,
            )
        except (KeyError, ValueError):
            raise Problem(422, "Gebraucht werden kind, year, duplex und colour.") from None
        statuses = await ask(self.post.provider.batch_status(wave))
        return JSONResponse(
            {
                "submissions": [
                    {"letter_id": str(each.letter_id), "created_at": each.created_at.isoformat()}
                    for each in statuses
                    if each.letter_id is not None and each.created_at is not None and each.live
                ]
            }
        )
