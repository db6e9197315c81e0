"""The OpenAPI document is true: whatever is sent by it or against it is answered as it says."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance, unsupported_method

from chassis.clock import utc_now
from contracts.foreign import BY_TYPE
from services.intake.openapi import document
from tests.intake.component.conftest import Intake
from tests.intake.offices import POOLS, authorized, sender_of

TOKENS = {"/systems": "of-the-desk", "/reports/{report_id}": "of-notices"}
EXAMPLES = 200


def caller_of(case: Case) -> dict[str, str]:
    """Send every event as the office that may, and ask for the rest as the service that may."""
    if case.path in TOKENS:
        return {"Authorization": f"Bearer {TOKENS[case.path]}"}
    event = BY_TYPE.get(str(fields(case).get("type", "")))
    return {"Authorization": authorized(sender_of(event) if event else POOLS)["authorization"]}


def fields(case: Case) -> dict[str, Any]:
    """The body when it is an object, to be read and changed."""
    body: object = case.body
    return cast("dict[str, Any]", body) if isinstance(body, dict) else {}


def put_right(case: Case) -> None:
    """Give an event what the schema cannot say: the agreed source and pool, and the present time."""
    body = fields(case)
    if str(body.get("type")) in BY_TYPE:
        system = sender_of(BY_TYPE[body["type"]])
        body |= {"source": system.source, "time": utc_now().isoformat()}
        if "pool" in body["data"]:
            body["data"]["pool"] = system.pools[0]


def examine(operation: APIOperation, mode: GenerationMode, answers: list[int]) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    def each(case: Case) -> None:
        if mode is GenerationMode.POSITIVE:
            put_right(case)
        # Whether an event is accepted depends on more than its schema; Starlette answers other methods.
        excluded = [positive_data_acceptance, unsupported_method]
        response = case.call_and_validate(headers=caller_of(case), excluded_checks=excluded, timeout=20)
        answers.append(response.status_code)

    each()


def examine_all(url: str) -> dict[str, list[int]]:
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    answers: dict[str, list[int]] = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        found = answers.setdefault(operation.path, [])
        examine(operation, GenerationMode.POSITIVE, found)
        if operation.path == "/events":
            examine(operation, GenerationMode.NEGATIVE, found)
    return answers


async def test_the_door_answers_as_its_description_says(intake: Intake) -> None:
    answers = await asyncio.to_thread(examine_all, intake.url)

    assert set(answers) == set(document()["paths"]) - {"/openapi.json"}  # where schemathesis has it from
    assert {202, 400, 422} <= set(answers["/events"])
    assert intake.alive()
    assert await intake.is_ready()
