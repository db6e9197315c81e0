from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from contracts.systems import ForeignSystem
from rathaus.doors.systems import SystemsFile, new_nkey
from rathaus.embedded.doors import Doors
from rathaus.embedded.home import Home
from rathaus.embedded.plan import Plan, PlanError, make_plan

REAL = {"MAILGATEWAY_EPOST_URL": "https://provider.invalid", "MAILGATEWAY_EPOST_CREDENTIALS_FILE": "/etc/epost.json"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home.at(tmp_path)
    made.provision()
    return made


@pytest.fixture
def doors() -> Generator[Doors]:
    opened = Doors()
    yield opened
    opened.close()


def environment_of(plan: Plan, name: str) -> dict[str, str]:
    (process,) = (each for each in plan.processes if each.name == name)
    return dict(process.environment)


def test_the_whole_town_hall_is_planned_with_a_simulator(home: Home, doors: Doors) -> None:
    plan = make_plan(home, doors, {"RATHAUS_RENDER_WORKERS": "2"})

    names = [each.name for each in plan.processes]
    assert names == [
        "nats-server", "epost-simulator", "caretaker", "notices", "accounts", "mailgateway", "intake", "subscriptions",
        "render-1", "render-2",
    ]  # fmt: skip
    gateway = environment_of(plan, "mailgateway")
    assert gateway["MAILGATEWAY_EPOST_URL"] == plan.addresses["epost-simulator"]
    assert gateway["MAILGATEWAY_EPOST_TEST_MODE"] == "false"


def test_a_real_provider_begins_in_test_mode_and_never_sees_the_simulators_settings(home: Home, doors: Doors) -> None:
    plan = make_plan(home, doors, REAL)

    assert "epost-simulator" not in {each.name for each in plan.processes}
    gateway = environment_of(plan, "mailgateway")
    assert gateway["MAILGATEWAY_EPOST_TEST_MODE"] == "true"
    assert gateway["MAILGATEWAY_EPOST_CREDENTIALS_FILE"] == "/etc/epost.json"
    assert "MAILGATEWAY_TIME_FACTOR" not in gateway


def test_a_real_provider_without_credentials_is_refused_by_name(home: Home, doors: Doors) -> None:
    with pytest.raises(PlanError, match="no_credentials") as refused:
        make_plan(home, doors, {"MAILGATEWAY_EPOST_URL": "https://provider.invalid"})

    assert refused.value.values == {"variable": "MAILGATEWAY_EPOST_CREDENTIALS_FILE"}


def test_letters_of_a_real_provider_are_never_looked_up_in_the_simulator(home: Home, doors: Doors) -> None:
    make_plan(home, doors, REAL)

    with pytest.raises(PlanError, match="other_provider"):
        make_plan(home, doors, {})


def test_what_the_operator_sets_wins_except_for_inherited_sockets(home: Home, doors: Doors) -> None:
    plan = make_plan(home, doors, {"NOTICES_DATABASE_URL": "postgresql+asyncpg://db/notices", "NOTICES_HTTP_FD": "99"})

    notices = environment_of(plan, "notices")
    assert notices["NOTICES_DATABASE_URL"] == "postgresql+asyncpg://db/notices"
    assert notices["NOTICES_HTTP_FD"] != "99"


def test_workers_write_where_notices_reads(home: Home, doors: Doors) -> None:
    plan = make_plan(home, doors, {"NOTICES_DOCUMENTS_URL": "s3://documents", "RATHAUS_RENDER_WORKERS": "1"})

    assert environment_of(plan, "render-1")["RENDER_DOCUMENTS_URL"] == "s3://documents"


def test_the_bus_is_configured_anew_only_when_a_system_came_or_went(home: Home, doors: Doors) -> None:
    plan = make_plan(home, doors, {})
    _, nkey = new_nkey()

    same = plan.reconfigure_bus()
    SystemsFile(home).add(
        ForeignSystem(name="baederamt", source="//baeder", may_send=("pool_closed.v1",), pools=("freibad",), nkey=nkey)
    )
    changed = plan.reconfigure_bus()
    SystemsFile(home).add_key("baederamt", retire_others=False)

    assert (same, changed, plan.reconfigure_bus()) == (False, True, False)
    assert "SYSTEM_baederamt" in home.nats.config.read_text("utf-8")
