"""HTTP in: each request is one command or query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.http import Endpointed, Problem, path_id, route
from services.mailgateway.commands.decide_letter import (
    ImplausibleDateError,
    NoSuchLetterError,
    NothingToDecideError,
    decide_letter,
)
from services.mailgateway.commands.post import Post, ask
from services.mailgateway.domain.batching import waves_of_levy
from services.mailgateway.domain.decision import Decision, Kind
from services.mailgateway.queries import counts, problems

_DECISION_FORM = (
    "Gebraucht werden decision (send_again, posted oder withdraw) und by (wer entscheidet), "
    "bei posted außerdem posted_at (Tag der Aufgabe zur Post, JJJJ-MM-TT)."
)


class DecisionBody(BaseModel):
    """What a clerk decides about a letter."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    decision: Kind
    by: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    posted_at: date | None = Field(default=None, strict=True)

    @field_validator("by", mode="before")
    @classmethod
    def _trim(cls, value: object) -> object:
        return " ".join(value.split()) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _has_its_date(self) -> Self:
        if (self.decision == "posted") is (self.posted_at is None):
            raise ValueError("posted and its date belong together")
        return self


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
            route("POST", "/letters/{letter_id}/decision", self.decision, callers=["rathaus"]),
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
            return JSONResponse(await counts.states_of_run(session, path_id(request, "run_id")))

    async def problems(self, request: Request) -> Response:
        """Explain each failed or unclear letter in plain German, with what to do."""
        async with self.post.database.reading() as session:
            rows = await problems.troubled_of_run(session, path_id(request, "run_id"))
        return JSONResponse([problems.problem_of(row) for row in rows])

    async def decision(self, request: Request) -> Response:
        """Carry out what a clerk decides about a failed or unclear letter."""
        try:
            body = DecisionBody.model_validate_json(await request.body())
        except ValidationError:
            raise Problem(422, "Diese Entscheidung ist unvollständig.", _DECISION_FORM) from None
        try:
            row = await decide_letter(
                path_id(request, "letter_id"), Decision(body.decision, body.by, body.posted_at), self.post
            )
        except NoSuchLetterError:
            raise Problem(404, "Diesen Brief gibt es nicht.", "Bitte die Kennung des Briefs prüfen.") from None
        except ImplausibleDateError:
            raise Problem(
                422,
                "An diesem Tag kann der Brief nicht zur Post gegeben worden sein.",
                "Bitte das Datum aus dem Kundenportal der Post angeben; es liegt nicht in der Zukunft.",
            ) from None
        except NothingToDecideError as error:
            raise Problem(
                409,
                "Über diesen Brief ist nichts zu entscheiden.",
                f"Er {problems.STANDING[error.state]}.",
            ) from None
        return JSONResponse({"letter_id": str(row.letter_id), "state": row.state, "attempt": row.attempt})

    async def submissions(self, request: Request) -> Response:
        """Tell which letters of a levy and year the provider's account holds, whatever the options they went with."""
        settings = self.post.settings
        try:
            waves = waves_of_levy(
                settings.town,
                request.query_params["kind"],
                int(request.query_params["year"]),
                test=settings.epost_test_mode,
            )
        except (KeyError, ValueError):
            raise Problem(422, "Gebraucht werden kind und year.") from None
        statuses = [each for wave in waves for each in await ask(self.post.provider.batch_status(wave.batch_id))]
        return JSONResponse(
            {
                "submissions": [
                    {"letter_id": str(each.letter_id), "created_at": each.created_at.isoformat()}
                    for each in statuses
                    if each.letter_id is not None and each.created_at is not None and each.live
                ]
            }
        )
