"""`rathaus levy changes` in front of the real API of notices: what the clerk sees and may do."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from rich.console import Console
from typer.testing import CliRunner

from chassis.health import Health
from chassis.http import make_app
from contracts import foreign, intake
from contracts.base import CloudEvent
from rathaus.embedded.hall import TownHall
from rathaus.embedded.home import Home
from rathaus.embedded.state import HallState
from rathaus.levy.changes import Changes
from rathaus.levy.client import RefusedError, Service
from rathaus.levy.commands import DONE, REFUSED
from rathaus.levy.tables import Terminal
from rathaus.main import app
from rathaus.words import Words
from services.notices.api import Api
from services.notices.commands.record_report import record_report
from tests.notices.integration.desk import OUTPUT, Desk, desk_at
from tests.notices.integration.reports import MOVE, PAYMENT, SALE, IntakeDoor

GERMAN = {"LANG": "de_DE.UTF-8", "LC_ALL": ""}


@dataclass
class Clerk:
    """Somebody at a terminal."""

    desk: Desk
    changes: Changes
    console: Console
    door: IntakeDoor

    async def reported(self, told: type[intake.Reported], body: foreign.Foreign) -> CloudEvent[intake.Reported]:
        event = self.door.keep(told, body)
        await record_report(event, database=self.desk.database, reports=self.door.reports())
        return event

    def seen(self) -> str:
        return self.console.export_text()


@pytest.fixture
async def clerk(tmp_path: Path) -> AsyncGenerator[Clerk]:
    home = Home.at(tmp_path / "data")
    home.provision()
    state = HallState(
        pid=0,
        birth="",
        ready=True,
        nats_url="",
        portal_url="",
        provider="simulator",
        addresses={"notices": "http://n"},
        processes={},
    )
    url = f"sqlite+aiosqlite:///{tmp_path}/notices.sqlite"
    async with desk_at(url, tmp_path, tokens_dir=home.secrets("notices")) as desk:
        api = Api(desk.database, desk.documents, desk.submissions, desk.settings, OUTPUT, desk.now)
        health = Health()
        health.started = True
        transport = httpx.ASGITransport(make_app(desk.settings, health, api.routes()))
        async with httpx.AsyncClient(transport=transport) as client:
            console = Console(record=True, width=140)
            service = Service(TownHall(home, lambda: state, ours=True), "notices", client)
            yield Clerk(desk, Changes(service, Terminal(console, Words("de"))), console, IntakeDoor())


async def test_the_clerk_sees_what_was_reported_in_words(clerk: Clerk) -> None:
    move = await clerk.reported(intake.AddressChangeReported, MOVE)
    await clerk.reported(intake.OwnerChangeReported, SALE)
    await clerk.reported(intake.PaymentReported, PAYMENT)

    assert await clerk.changes.show() == DONE

    seen = clerk.seen()
    wanted = {
        "Anschrift": ("Erika Mustermann", "2026.000001.3", "Birkenweg 2", "01.12.2026"),
        "Eigentümer": ("Grieben, Flur 3, 112/4", "Otto Beispiel", "Änne Kühne", "15.10.2026"),
        "Zahlung": ("2026.000002.1", "19,74 EUR", "20.11.2026"),
        str(move.data.report_id)[:8]: ("meldeamt", "30.11.2026"),
    }
    missing = [each for kind, words in wanted.items() for each in (kind, *words) if each not in seen]
    assert missing == []


async def test_what_is_settled_is_gone_from_the_list_until_it_is_undone(clerk: Clerk) -> None:
    event = await clerk.reported(intake.AddressChangeReported, MOVE)
    beginning = str(event.data.report_id)[:8].upper()

    assert await clerk.changes.settle(beginning, by="Erika Muster") == DONE
    await clerk.changes.show()
    settled = clerk.seen()
    assert await clerk.changes.reopen(str(event.data.report_id)) == DONE
    await clerk.changes.show()

    assert "als übernommen vermerkt, durch Erika Muster" in settled
    assert "Es ist keine gemeldete Änderung offen." in settled
    assert "Mustermann" in clerk.seen()


async def test_somebody_else_is_told_who_was_first(clerk: Clerk) -> None:
    event = await clerk.reported(intake.PaymentReported, PAYMENT)
    await clerk.changes.settle(str(event.data.report_id), by="Erika Muster")

    with pytest.raises(RefusedError) as refusal:
        await clerk.changes.settle(str(event.data.report_id), by="Max Beispiel")

    assert refusal.value.title == "Diese Änderung hat schon Erika Muster am 30.11.2026 erledigt."


async def test_an_id_must_mean_exactly_one_change(clerk: Clerk) -> None:
    # Of seventeen ids at least two begin alike.
    beginnings = Counter([(await reported_id(clerk))[0] for _ in range(17)])
    (twice, _), *_ = beginnings.most_common(1)

    outcomes = [await clerk.changes.settle(beginning, by="Erika Muster") for beginning in ("xyz", "", twice)]

    assert outcomes == [REFUSED] * 3
    seen = clerk.seen()
    assert (seen.count("gibt es nicht"), seen.count("beginnen mehrere")) == (2, 1)


async def reported_id(clerk: Clerk) -> str:
    return str((await clerk.reported(intake.PaymentReported, PAYMENT)).data.report_id)


async def test_a_run_reminds_of_open_changes_only(clerk: Clerk) -> None:
    await clerk.changes.hint("")
    silent = clerk.seen()
    await clerk.reported(intake.PaymentReported, PAYMENT)
    await clerk.changes.hint(" --data d")

    assert silent == ""
    assert "noch offen sind: 1. Ansehen: rathaus levy changes --data d" in clerk.seen()


async def test_words_of_others_do_not_steer_the_terminal(clerk: Clerk) -> None:
    hostile = MOVE.model_copy(update={"person": "[bold]Erika[/bold] \x1b[2J\u202eMuster"})
    await clerk.reported(intake.AddressChangeReported, hostile)

    await clerk.changes.show()

    seen = clerk.console.export_text(clear=False)
    assert "[bold]Erika" in seen
    assert [each for each in ("\x1b[2J", "\u202e") if each in seen] == []


@pytest.mark.parametrize(
    "options",
    [["--done", "1"], ["--as", "Erika"], ["--done", "1", "--as", " "], ["--done", "1", "--as", "E", "--undo", "1"]],
)
def test_done_needs_a_name_and_goes_alone(options: list[str]) -> None:
    outcome = CliRunner(env=GERMAN).invoke(app, ["levy", "changes", *options])

    assert (outcome.exit_code, "Bitte angeben" in outcome.output) == (2, True)
