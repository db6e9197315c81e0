from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from contracts.systems import ForeignSystem
from rathaus.doors.systems import SystemsFile, new_nkey
from rathaus.embedded.doors import Doors
from rathaus.embedded.home import Home
from rathaus.embedded.plan import Plan, make_plan
from rathaus.embedded.surroundings import PlanError

REAL = {"MAILGATEWAY_EPOST_URL": "https://provider.invalid", "MAILGATEWAY_EPOST_CREDENTIALS_FILE": "/etc/epost.json"}

TO_PEOPLE = {
    "SUBSCRIPTIONS_MAIL_RELAY": "relay.invalid:25",
    "PORTAL_PUBLIC_URL": "https://rathaus.invalid",
    "SUBSCRIPTIONS_MAIL_FROM": "Stadt Beispiel <meldungen@stadt.invalid>",
}


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
        "nats-server", "epost-simulator", "mail-simulator", "weather-simulator", "caretaker", "notices", "accounts",
        "mailgateway", "intake", "subscriptions", "appointments", "portal", "render-1", "render-2",
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


def test_without_a_relay_and_a_weather_service_by_name_both_are_simulated(home: Home, doors: Doors) -> None:
    plan = make_plan(home, doors, {})

    (mail,) = (each for each in plan.processes if each.name == "mail-simulator")
    port = mail.command[mail.command.index("--smtp-port") + 1]
    told = environment_of(plan, "subscriptions")
    assert told["SUBSCRIPTIONS_MAIL_RELAY"] == f"127.0.0.1:{port}"
    assert told["SUBSCRIPTIONS_WEATHER_URL"] == plan.addresses["weather-simulator"]


def test_what_the_operator_names_is_not_simulated(home: Home, doors: Doors) -> None:
    named = {**TO_PEOPLE, "SUBSCRIPTIONS_WEATHER_URL": "https://weather.invalid"}

    plan = make_plan(home, doors, named)

    told = environment_of(plan, "subscriptions")
    assert {name: told[name] for name in named} == named
    assert not {"mail-simulator", "weather-simulator"} & ({each.name for each in plan.processes} | set(plan.addresses))


@pytest.mark.parametrize(("first", "then"), [({}, TO_PEOPLE), (TO_PEOPLE, {})])
def test_those_who_subscribed_in_the_simulated_inbox_are_never_written_to_and_the_others_are_not_forgotten(
    home: Home, doors: Doors, first: dict[str, str], then: dict[str, str]
) -> None:
    make_plan(home, doors, first)

    with pytest.raises(PlanError, match="other_relay"):
        make_plan(home, doors, then)


def test_a_refused_start_leaves_no_mark(home: Home, doors: Doors) -> None:
    make_plan(home, doors, {})
    home.relay.unlink()

    with pytest.raises(PlanError, match="other_provider"):
        make_plan(home, doors, REAL | TO_PEOPLE)

    assert not home.relay.exists()


@pytest.mark.parametrize(
    ("lacking", "key"),
    [("PORTAL_PUBLIC_URL", "relay_without_portal"), ("SUBSCRIPTIONS_MAIL_FROM", "relay_without_sender")],
)
def test_no_mail_goes_to_people_from_nobody_or_with_links_that_do_not_open(
    home: Home, doors: Doors, lacking: str, key: str
) -> None:
    with pytest.raises(PlanError, match=key):
        make_plan(home, doors, {name: value for name, value in TO_PEOPLE.items() if name != lacking})


def test_links_lead_to_where_citizens_find_the_portal(home: Home, doors: Doors) -> None:
    public = {"PORTAL_PUBLIC_URL": "https://rathaus.invalid/"}

    plan = make_plan(home, doors, public)

    told = environment_of(plan, "subscriptions")["SUBSCRIPTIONS_PORTAL_URL"]
    assert told == plan.portal_url == "https://rathaus.invalid"
    assert plan.addresses["portal"].startswith("http://127.0.0.1:")


def test_without_another_place_citizens_find_the_portal_where_it_runs(home: Home, doors: Doors) -> None:
    plan = make_plan(home, doors, {})

    assert environment_of(plan, "subscriptions")["SUBSCRIPTIONS_PORTAL_URL"] == plan.addresses["portal"]
    assert environment_of(plan, "portal")["PORTAL_PUBLIC_URL"] == plan.portal_url


def test_the_portal_knows_its_services_and_has_no_database(home: Home, doors: Doors) -> None:
    plan = make_plan(home, doors, {})

    told = environment_of(plan, "portal")
    assert told["PORTAL_SUBSCRIPTIONS_URL"] == plan.addresses["subscriptions"]
    assert told["PORTAL_ACCOUNTS_URL"] == plan.addresses["accounts"]
    assert len(Path(told["PORTAL_KEY_FILE"]).read_text("utf-8").strip()) >= 32
    assert "PORTAL_DATABASE_URL" not in told


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
