"""What the code attaches is what the contracts declare: consumers, routes and their callers."""

from __future__ import annotations

import ast
from collections import Counter
from inspect import Parameter, signature

import pytest

from chassis.http import route
from contracts.topology import DURABLES, HTTP_CALLERS, Durable
from tests.architecture.sources import Source, called, service_names, sources

OPEN_TO_ALL = {"intake", "portal"}
"""Who has routes without service tokens: the door for other systems, which knows its callers by their API keys."""


def constants(service: str) -> dict[str, str]:
    """Text constants of a service by name, as `DURABLE`."""
    found: dict[str, str] = {}
    for source in of(service):
        for node in source.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                found |= {name.id: str(node.value.value) for name in node.targets if isinstance(name, ast.Name)}
    return found


def of(service: str) -> list[Source]:
    return [source for source in sources("services") if source.path.startswith(f"services/{service}/")]


def consumed(service: str) -> list[tuple[str, set[str]]]:
    """Every durable that a service attaches, with the messages that it handles."""
    found: list[tuple[str, set[str]]] = []
    for call in (call for source in of(service) for call in source.calls("consume", "consume_foreign")):
        _, name, handlers = call.args
        assert isinstance(handlers, ast.Dict) == (called(call) == "consume")
        text = name.value if isinstance(name, ast.Constant) else constants(service)[ast.unparse(name)]
        messages = handlers.keys if isinstance(handlers, ast.Dict) else []
        found.append((str(text), {ast.unparse(key) for key in messages if key is not None}))
    return found


@pytest.mark.parametrize("declared", DURABLES, ids=lambda declared: declared.name)
def test_a_durable_is_consumed_by_its_service_and_by_no_other(declared: Durable) -> None:
    attached = [
        (service, messages)
        for service in service_names()
        for name, messages in consumed(service)
        if name == declared.name
    ]

    assert attached == [(declared.identity.split("_")[0], {message.__name__ for message in declared.messages})]


def test_nobody_consumes_what_is_not_declared() -> None:
    attached = Counter(name for service in service_names() for name, _ in consumed(service))

    assert attached == Counter(each.name for each in DURABLES)


def test_a_route_cannot_be_stated_without_its_callers() -> None:
    callers = signature(route).parameters["callers"]

    assert (callers.kind, callers.default) == (Parameter.KEYWORD_ONLY, Parameter.empty)


def test_only_the_doors_and_the_portal_have_routes_without_service_tokens() -> None:
    found = {service for service in service_names() for source in of(service) for _ in source.calls("public_route")}

    assert found == OPEN_TO_ALL


def test_services_serve_nothing_past_the_guarded_routes() -> None:
    found = [
        f"{source.path} imports {name}"
        for source in sources("services")
        for name in source.imports()
        if name.startswith(("starlette.routing", "starlette.applications", "uvicorn", "fastapi"))
    ]

    assert found == []


@pytest.mark.parametrize("service", service_names())
def test_the_callers_of_a_service_have_tokens_for_it(service: str) -> None:
    known = {caller for caller, callee in HTTP_CALLERS if callee == service}

    stated = {
        str(caller.value)
        for source in of(service)
        for call in source.calls("route")
        for keyword in call.keywords
        if keyword.arg == "callers"
        for caller in ast.walk(keyword.value)
        if isinstance(caller, ast.Constant)
    }

    assert stated <= known
