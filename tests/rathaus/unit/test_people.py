"""Staff devices and lists of subscribers, as an operator sees them."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from numpy import array, kron, ones, uint8
from rich.console import Console
from typer.testing import CliRunner

from rathaus.embedded.hall import TownHall
from rathaus.embedded.home import Home
from rathaus.levy.tables import Terminal
from rathaus.main import app
from rathaus.people.staff import Registration, qr_code
from rathaus.people.work import Work, with_people
from rathaus.words import Words
from tests.rathaus.unit.answering import answering
from tests.rathaus.unit.states import a_state

TOKEN = "x" * 43
DEVICE = {
    "device_id": "3f1c2b1a-0000-4000-8000-000000000001",
    "name": "freibad-kasse",
    "roles": ["attendant"],
    "pools": ["freibad"],
    "made_at": "2026-06-30T23:30:00+00:00",
    "last_used_at": None,
    "locked_until": None,
    "sessions": 0,
}
ATTENDANT = Registration("freibad-kasse", ("attendant",), ("freibad",))
LIST = Path("liste.csv")


class Office:
    """A town hall whose services give one answer each."""

    def __init__(self, folder: Path) -> None:
        self.home = Home.at(folder)
        self.home.provision()
        self.servers = ExitStack()

    async def does(self, work: Work, **answers: Any) -> tuple[int, str]:
        addresses = {
            name: self.servers.enter_context(answering(status, json.dumps(body).encode()))
            for name, (status, body) in answers.items()
        }
        state = a_state(pid=1, birth="", addresses=addresses)
        console = Console(record=True, width=160)
        status = await with_people(TownHall(self.home, lambda: state, ours=True), Terminal(console, Words("de")), work)
        return status, console.export_text()


@pytest.fixture
def office(tmp_path: Path) -> Generator[Office]:
    made = Office(tmp_path)
    with made.servers:
        yield made


async def test_link_and_pin_of_a_new_device_are_shown(office: Office) -> None:
    status, shown = await office.does(
        lambda people: people.staff.add(ATTENDANT),
        subscriptions=(200, [{"pool": "freibad"}]),
        accounts=(201, {"token": TOKEN, "pin": "012345"}),
    )

    assert status == 0
    assert f"Link: http://127.0.0.1:4/dienst/{TOKEN}\n" in shown
    assert "PIN:  012345\n" in shown


async def test_a_pool_that_is_misspelt_is_refused_with_those_there_are(office: Office) -> None:
    status, shown = await office.does(
        lambda people: people.staff.add(ATTENDANT), subscriptions=(200, [{"pool": "hallenbad"}]), accounts=(500, {})
    )

    assert (status, shown) == (2, "Ein Bad „freibad“ gibt es nicht. Es gibt: hallenbad.\n")


async def test_a_name_that_is_taken_is_said_in_the_words_of_the_service(office: Office) -> None:
    status, shown = await office.does(
        lambda people: people.staff.add(ATTENDANT),
        subscriptions=(200, [{"pool": "freibad"}]),
        accounts=(409, {"title": "Ein Gerät dieses Namens gibt es schon."}),
    )

    assert (status, shown) == (2, "Abgelehnt: Ein Gerät dieses Namens gibt es schon.\n")


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({}, "abgemeldet"),
        ({"sessions": 1, "last_used_at": "2026-07-01T10:00:00+00:00"}, "angemeldet"),
        ({"sessions": 1, "locked_until": "2026-07-01T10:15:00+00:00"}, "gesperrt bis 12:15"),
    ],
)
async def test_the_list_says_who_works_with_what(office: Office, changed: dict[str, Any], state: str) -> None:
    status, shown = await office.does(lambda people: people.staff.show(), accounts=(200, [{**DEVICE, **changed}]))

    assert status == 0
    assert all(text in shown for text in ("freibad-kasse", "Badeaufsicht", "01.07.2026", state))


async def test_no_device_yet_is_said_with_what_to_do(office: Office) -> None:
    assert (await office.does(lambda people: people.staff.show(), accounts=(200, [])))[1].startswith("Noch ist kein")


@pytest.mark.parametrize("command", ["remove", "new_pin"])
async def test_a_device_that_is_not_there_is_refused_with_those_there_are(office: Office, command: str) -> None:
    status, shown = await office.does(lambda people: getattr(people.staff, command)("kasse"), accounts=(200, [DEVICE]))

    assert (status, shown) == (2, "Ein Gerät „kasse“ ist nicht eingetragen. Eingetragen sind: freibad-kasse.\n")


async def test_rows_that_were_refused_are_shown_and_told_by_the_exit_status(office: Office) -> None:
    report = {"added": 1200, "merged": 2, "unchanged": 3, "refused": [{"line": 7, "reason": "Kein \x1b[2JNachweis."}]}

    status, shown = await office.does(
        lambda people: people.subscribers.take_list(b"email\n", LIST), subscriptions=(200, report)
    )

    assert status == 1
    assert "7" in shown
    assert "Kein ?[2JNachweis." in shown
    assert shown.endswith("Neu: 1.200, ergänzt: 2, schon da: 3, abgelehnt: 1.\n")


async def test_a_list_without_refusals_is_a_success(office: Office) -> None:
    report: dict[str, Any] = {"added": 0, "merged": 0, "unchanged": 3, "refused": []}

    status, shown = await office.does(
        lambda people: people.subscribers.take_list(b"email\n", LIST), subscriptions=(200, report)
    )

    assert (status, shown) == (0, "Neu: 0, ergänzt: 0, schon da: 3, abgelehnt: 0.\n")


async def test_of_many_refusals_the_first_are_shown_and_the_rest_counted(office: Office) -> None:
    refused = [{"line": line, "reason": "Kein Nachweis."} for line in range(2, 62)]
    report = {"added": 0, "merged": 0, "unchanged": 0, "refused": refused}

    _, shown = await office.does(
        lambda people: people.subscribers.take_list(b"email\n", LIST), subscriptions=(200, report)
    )

    target = office.home.reports / "liste-import.csv"
    written = target.read_text("utf-8-sig").splitlines()
    assert (shown.count("Kein Nachweis."), "… und 10 weitere" in shown) == (50, True)
    assert str(target) in shown.replace("\n", "")
    assert (len(written), written[0], written[-1]) == (61, "Zeile;Was;Grund", "61;Abgelehnt;Kein Nachweis.")


@pytest.mark.parametrize(
    ("stopped", "said"),
    [(True, "Diese Adresse bekommt keine E-Mails mehr.\n"), (False, "Nichts geändert: Das ist kein Bericht.\n")],
)
async def test_a_mail_that_came_back_is_never_a_failure(office: Office, stopped: bool, said: str) -> None:
    outcome = await office.does(
        lambda people: people.subscribers.take_bounce(b"From: x\n"),
        subscriptions=(200, {"stopped": stopped, "reason": "Das ist kein Bericht."}),
    )

    assert outcome == (0, said)


def test_a_list_in_windows_1252_is_refused_with_how_to_save_it(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "liste.csv"
    file.write_bytes("email;Grün\n".encode("cp1252"))

    outcome = CliRunner(env={"LANG": "de_DE.UTF-8", "LC_ALL": ""}).invoke(
        app, ["subscribers", "import", str(file), "--data", str(data)]
    )

    assert (outcome.exit_code, data.exists()) == (2, False)
    assert "CSV UTF-8" in " ".join(outcome.output.split())


def test_a_telephone_reads_the_code_from_the_screen() -> None:
    url = f"https://rathaus.example/dienst/{TOKEN}"
    halves = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}

    lines = [[halves[each] for each in line] for line in qr_code(url).splitlines()]

    pixels = array([[pair[half] for pair in line] for line in lines for half in (0, 1)], dtype=uint8)
    (found,) = zxingcpp.read_barcodes(kron(pixels, ones((4, 4), dtype=uint8)))
    assert found.text == url


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["staff", "add", "Kasse 1", "--role", "clerk"], "geht nicht als Name"),
        (["staff", "add", "k" * 65, "--role", "clerk"], "geht nicht als Name"),
        (["staff", "add", "kasse", "--role", "attendant"], "bitte --pool angeben"),
        (["subscribers", "import", "nirgends.csv"], "nirgends.csv lässt sich nicht lesen"),
        (["subscribers", "bounce"], "Es kam keine Nachricht"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_starts(arguments: list[str], said: str, tmp_path: Path) -> None:
    data = tmp_path / "data"

    outcome = CliRunner(env={"LANG": "de_DE.UTF-8", "LC_ALL": ""}).invoke(app, [*arguments, "--data", str(data)])

    assert (outcome.exit_code, said in " ".join(outcome.output.split()), data.exists()) == (2, True, False)
