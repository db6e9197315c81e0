"""Rules of the house that no linter knows, each in a few lines over the syntax tree."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.sources import Source, called, service_names, sources

COMMITTERS = {"chassis/database.py", "chassis/sqlite.py", "chassis/alembic/env.py"}
DIRECT_PUBLISHERS = {
    "services/notices/worker.py",
    "services/caretaker/gateways/audit.py",
    "services/caretaker/gateways/redelivery.py",
}
"""They have no database and so no outbox: what they publish has a deterministic id and awaits its PubAck.

A render worker has its one event; the caretaker delivers again what was published before, and keeps a record of what
was discarded.
"""
CLOCKS = {"chassis/clock.py", "simulators/epost/clock.py"}


def where(source: Source, node: ast.expr) -> str:
    return f"{source.path}:{node.lineno}"


def test_only_the_context_manager_begins_and_commits() -> None:
    found = [
        where(source, call)
        for source in sources()
        if source.path not in COMMITTERS
        for call in source.calls("begin", "begin_nested", "commit", "rollback")
    ]

    assert found == []


def test_only_the_chassis_publishes() -> None:
    found = [
        where(source, call)
        for source in sources("services", "rathaus", "simulators")
        if source.path not in DIRECT_PUBLISHERS and touches_the_bus(source)
        for call in source.calls("publish", "publish_async", "publish_batch", "publisher")
    ]

    assert found == []


def touches_the_bus(source: Source) -> bool:
    return any(name.split(".")[0] in {"nats", "faststream"} or name == "chassis.bus" for name in source.imports())


def test_only_the_clock_asks_the_machine_for_the_time() -> None:
    found = [
        where(source, call)
        for source in sources()
        if source.path not in CLOCKS
        for call in source.calls("now", "today", "utcnow")
        if isinstance(call.func, ast.Attribute) and names_in(call.func.value) & {"datetime", "date"}
    ]

    assert found == []


def names_in(node: ast.AST) -> set[str]:
    return {
        name.id if isinstance(name, ast.Name) else name.attr
        for name in ast.walk(node)
        if isinstance(name, ast.Name | ast.Attribute)
    }


def test_nothing_but_the_database_is_awaited_inside_a_transaction() -> None:
    found = [
        where(source, awaited)
        for source in sources("services", "chassis")
        for block in transactions(source.tree)
        for awaited in awaits_without_session(block)
    ]

    assert found == []


def transactions(tree: ast.AST) -> Iterator[ast.AsyncWith]:
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncWith):
            for item in node.items:
                if isinstance(item.context_expr, ast.Call) and called(item.context_expr) == "transaction":
                    yield node


def awaits_without_session(block: ast.AST) -> Iterator[ast.Await]:
    """Whatever works in the transaction is given its session; a call of the outside world is not."""
    for node in ast.walk(block):
        if isinstance(node, ast.Await) and "session" not in names_in(node.value):
            yield node


@pytest.mark.parametrize("statement", ["await provider.submit(letters)", "x = await self.client.get(url)"])
def test_a_call_of_the_outside_world_in_a_transaction_would_be_found(statement: str) -> None:
    code = f"async def f():\n    async with database.transaction() as session:\n        {statement}\n"

    (block,) = transactions(ast.parse(code))

    assert len(list(awaits_without_session(block))) == 1


def test_services_do_not_know_each_other() -> None:
    found = [
        f"{source.path} imports {name}"
        for source in sources("services")
        for name in source.imports()
        if name.startswith("services.") and name.split(".")[1] != source.path.split("/")[1]
    ]

    assert found == []


@pytest.mark.parametrize("service", service_names())
def test_a_domain_knows_the_standard_library_only(service: str) -> None:
    allowed = {*sys.stdlib_module_names}
    found = [
        f"{source.path} imports {name}"
        for source in sources("services")
        if source.path.startswith(f"services/{service}/domain/")
        for name in source.imports()
        if name.split(".")[0] not in allowed and not name.startswith(f"services.{service}.domain")
    ]

    assert found == []


def test_contracts_know_neither_the_chassis_nor_a_service() -> None:
    foreign = {"chassis", "services", "rathaus", "simulators", "sqlalchemy", "faststream", "nats"}
    found = [
        f"{source.path} imports {name}"
        for source in sources("contracts")
        for name in source.imports()
        if name.split(".")[0] in foreign
    ]

    assert found == []


def test_nobody_opens_the_database_of_a_service_from_outside() -> None:
    found = [
        f"{source.path} imports {name}"
        for source in sources("rathaus", "simulators")
        for name in source.imports()
        if name.split(".")[0] in {"sqlalchemy", "aiosqlite"} or name == "chassis.database"
    ]

    assert found == []
