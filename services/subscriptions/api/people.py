"""Requests of people: how their bodies are read, and how a refusal is answered."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from chassis.http import Endpoint, Problem
from services.subscriptions.domain.refusal import Refusal

_STATUS = {"unknown": 404, "gone": 410, "invalid": 422}
_LONGEST_BODY = 64 * 1024


class Body(BaseModel):
    """A request as JSON; what is not described is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Model = TypeVar("Model", bound=Body)


async def body_of(request: Request, model: type[Model]) -> Model:
    """Read a JSON body; the Problem names fields, never what stood in them."""
    raw = await content_of(request, longest=_LONGEST_BODY)
    try:
        return model.model_validate_json(raw or b"{}")
    except ValidationError as error:
        fields = sorted({".".join(map(str, each["loc"][:1])) for each in error.errors()} - {""})
        detail = f"Bitte prüfen: {', '.join(fields)}." if fields else "Erwartet wird JSON."
        raise Problem(422, "Diese Angaben sind nicht vollständig oder nicht lesbar.", detail) from None


async def content_of(request: Request, *, longest: int) -> bytes:
    """Read a body up to a length."""
    parts: list[bytes] = []
    length = 0
    async for part in request.stream():
        length += len(part)
        if length > longest:
            raise Problem(413, "Das ist zu groß.", f"Höchstens {longest // 1024} KiB.")
        parts.append(part)
    return b"".join(parts)


def for_people(endpoint: Endpoint) -> Endpoint:
    """Answer refusals in words, and let nothing of it be kept on the way."""

    async def answered(request: Request) -> Response:
        try:
            response = await endpoint(request)
        except Refusal as refusal:
            raise Problem(_STATUS[refusal.kind], refusal.title, refusal.detail) from None
        response.headers["Cache-Control"] = "no-store"
        return response

    return answered
