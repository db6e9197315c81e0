"""`rathaus dlq` and `rathaus replay` at a caretaker and a service in processes of their own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from rich.console import Console

from chassis.clock import utc_now
from contracts.base import CloudEvent, envelope, source_of
from contracts.intake import AlertIssued
from contracts.topology import CARETAKER, DURABLES
from rathaus.bus.commands import BLOCKED, DONE, REFUSED, Work, with_caretaker
from rathaus.embedded.hall import TownHall
from rathaus.embedded.home import Home
from rathaus.embedded.state import HallState
from rathaus.levy.tables import Terminal
from rathaus.words import Words
from tests.caretaker.component.dying import DURABLE, Fussy
from tests.caretaker.component.processes import is_ready, service_process
from tests.support.consumers import accounts_consumes, publish
from tests.support.events import TOWN, a_notice_generated
from tests.support.eventually import eventually
from tests.support.nats import Bus

ALERTS = "subscriptions-alerts"


@dataclass(frozen=True, slots=True)
class Clerk:
    """Types commands, and reads what they say."""

    hall: TownHall
    console: Console

    async def does(self, work: Work, *, patience: float = 5) -> tuple[int, str]:
        status = await with_caretaker(self.hall, Terminal(self.console, Words("de")), work, patience=patience)
        return status, self.console.export_text()


@pytest.fixture
async def clerk(bus: Bus, tmp_path: Path) -> AsyncGenerator[Clerk]:
    home = Home.at(tmp_path / "data")
    home.provision()
    settings = {"TOKENS_DIR": str(home.secrets(CARETAKER))}
    async with service_process(CARETAKER, tmp_path / "caretaker.log", bus.server, settings) as url:
        await eventually(lambda: is_ready(url))
        yield Clerk(hall_of(home, bus, {CARETAKER: url}), Console(record=True, width=200))


def hall_of(home: Home, bus: Bus, addresses: dict[str, str]) -> TownHall:
    state = HallState(
        pid=1,
        birth="",
        ready=True,
        nats_url=bus.server.url,
        portal_url="",
        provider="simulator",
        addresses=addresses,
        processes={},
    )
    return TownHall(home, lambda: state, ours=True)


async def given_up(bus: Bus, number: int) -> Fussy:
    fussy = Fussy("crashed")
    await accounts_consumes(bus, fussy)
    await publish(await bus.peer("notices"), *(a_notice_generated() for _ in range(number)))
    await eventually(lambda: dead(bus, number))
    return fussy


async def dead(bus: Bus, number: int) -> bool:
    return await bus.count("DLQ") == number


async def test_the_list_tells_the_reason_in_words(bus: Bus, clerk: Clerk) -> None:
    none = await clerk.does(lambda at: at.list_letters(None, None))
    await given_up(bus, 2)

    status, said = await clerk.does(lambda at: at.list_letters(DURABLE, "crashed"))

    assert none == (DONE, "Es gibt keine unzustellbaren Nachrichten.\n")
    assert (status, said.count("bei jedem Versuch abgestürzt"), DURABLE in said) == (DONE, 2, True)


async def test_a_long_list_says_that_there_is_more(bus: Bus, clerk: Clerk) -> None:
    await given_up(bus, 101)

    _, said = await clerk.does(lambda at: at.list_letters(None, None))

    assert (said.count(DURABLE), "Es gibt weitere" in said) == (100, True)


async def test_a_letter_is_shown_with_its_body(bus: Bus, clerk: Clerk) -> None:
    await given_up(bus, 1)

    status, said = await clerk.does(lambda at: at.show(1))

    assert (status, '"kind": "umlage"' in said, "zuerst gescheitert" in said) == (DONE, True, True)


async def test_a_redelivery_that_works_says_so(bus: Bus, clerk: Clerk) -> None:
    fussy = await given_up(bus, 1)
    fussy.mended = True

    status, said = await clerk.does(lambda at: at.redeliver(1))

    assert (status, len(fussy.handled)) == (DONE, 1)
    assert said == f"Nachricht 1 ist wieder unterwegs an {DURABLE}.\nSie wurde bearbeitet.\n"


async def test_a_redelivery_that_fails_again_says_why(bus: Bus, clerk: Clerk) -> None:
    await given_up(bus, 1)

    status, said = await clerk.does(lambda at: at.redeliver(1))

    assert (status, "wieder unzustellbar, jetzt als Nummer 2" in said, "abgestürzt" in said) == (BLOCKED, True, True)


async def test_a_redelivery_that_takes_its_time_is_not_waited_for(bus: Bus, clerk: Clerk) -> None:
    await publish(await bus.peer("notices"), a_notice_generated())
    caretaker = await bus.caretaker()
    (_, _, body), *_ = await bus.messages("NOTICES")
    await caretaker.stream.publish(f"dlq.{DURABLE}.events.notices.notice_generated.v1", body)

    status, said = await clerk.does(lambda at: at.redeliver(1), patience=0.3)

    assert (status, "noch nicht bearbeitet" in said) == (DONE, True)


async def test_all_of_a_consumer_are_given_back(bus: Bus, clerk: Clerk) -> None:
    fussy = await given_up(bus, 12)
    again = await clerk.does(lambda at: at.redeliver_all(DURABLE, None))
    fussy.mended = True

    status, said = await clerk.does(lambda at: at.redeliver_all(DURABLE, "crashed"))

    assert (again[0], "Wieder unzustellbar: 12" in again[1]) == (BLOCKED, True)
    assert (status, len(fussy.handled), "Alles ist bearbeitet." in said) == (DONE, 12, True)


async def test_a_discarded_letter_is_gone(bus: Bus, clerk: Clerk) -> None:
    await given_up(bus, 1)

    status, said = await clerk.does(lambda at: at.discard(1, by="E. Muster", reason="doppelt"))

    assert (status, said, await bus.count("DLQ")) == (DONE, "Nachricht 1 ist verworfen.\n", 0)


async def test_a_refusal_is_shown_in_the_words_of_the_caretaker(clerk: Clerk) -> None:
    letter = await clerk.does(lambda at: at.redeliver(7))
    nobody = await clerk.does(lambda at: at.redeliver_all("nobody", None))
    past = await clerk.does(lambda at: at.replay("notices-render", None))

    assert (letter[0], "7 gibt es nicht" in letter[1]) == (REFUSED, True)
    assert (nobody[0], "accounts-notices, mailgateway-routing" in nobody[1]) == (REFUSED, True)
    assert (past[0], "noch einmal tun" in past[1]) == (REFUSED, True)


async def test_a_replay_tells_how_far_back_it_went(bus: Bus, clerk: Clerk) -> None:
    mended = Fussy()
    mended.mended = True
    await accounts_consumes(bus, mended)
    await publish(await bus.peer("notices"), *(a_notice_generated() for _ in range(3)))
    await eventually(lambda: mended.has_handled(3))
    await (await bus.caretaker()).stream.purge_stream("NOTICES", seq=2)

    status, said = await clerk.does(lambda at: at.replay(DURABLE, None))

    assert (status, len(mended.handled)) == (DONE, 5)
    assert said.startswith(f"2 Nachrichten sind noch einmal unterwegs an {DURABLE}")
    assert "enthält der Strom nicht mehr" in said


@pytest.mark.parametrize(
    ("durable", "words"), [("nobody", "Es gibt: notices-render, "), (DURABLE, f"Neu aufbauen lässt sich: {ALERTS}.")]
)
async def test_only_what_can_be_rebuilt_is_rebuilt(clerk: Clerk, durable: str, words: str) -> None:
    status, said = await clerk.does(lambda at: at.rebuild(durable))

    assert (status, words in said) == (REFUSED, True)


def an_alert(number: int) -> CloudEvent[AlertIssued]:
    now = utc_now()
    data = AlertIssued(
        alert_id=UUID(int=number),
        category="road_closed",
        headline_de=f"Straße {number} gesperrt",
        text_de="Bitte die Umleitung nehmen.",
        valid_from=now - timedelta(days=1),
        valid_until=now + timedelta(days=1),
        reported_by="ordnungsamt",
    )
    return envelope(data, source=source_of(TOWN, "intake"), aggregate=str(number), sequence=1, time=now)


@dataclass(frozen=True, slots=True)
class Alerts:
    """The projection that can be rebuilt."""

    client: httpx.AsyncClient

    async def number(self, number: int) -> bool:
        return len((await self.client.get("/alerts")).json()) == number


@pytest.fixture
async def alerts(bus: Bus, clerk: Clerk, tmp_path: Path) -> AsyncGenerator[Alerts]:
    """The real service that keeps them; it has taken in three."""
    home = clerk.hall.home
    settings = {
        "TOKENS_DIR": str(home.secrets("subscriptions")),
        "DATABASE_URL": f"sqlite+aiosqlite:///{home.database('subscriptions')}",
        "KEY_FILE": str(home.link_key),
        "VAPID_KEY_FILE": str(home.vapid_key),
        "WEATHER_URL": "http://127.0.0.1:9",
    }
    async with service_process("subscriptions", tmp_path / "subscriptions.log", bus.server, settings) as url:
        clerk.hall.state().addresses["subscriptions"] = url
        token = (home.secrets("rathaus") / "to-subscriptions").read_text().strip()
        await eventually(lambda: is_ready(url))
        async with httpx.AsyncClient(base_url=url, headers={"authorization": f"Bearer {token}"}) as client:
            kept = Alerts(client)
            await publish(await bus.peer("intake"), *(an_alert(number) for number in range(3)))
            await eventually(lambda: kept.number(3))
            yield kept


async def test_a_projection_is_emptied_and_built_again_from_the_stream(clerk: Clerk, alerts: Alerts) -> None:
    status, said = await clerk.does(lambda at: at.rebuild(ALERTS))

    assert (status, await alerts.number(3)) == (DONE, True), said
    assert "ist geleert" in said
    assert "3 Nachrichten sind noch einmal unterwegs" in said
    assert "Alles ist bearbeitet." in said


async def test_a_projection_whose_stream_has_aged_is_left_as_it_is(bus: Bus, clerk: Clerk, alerts: Alerts) -> None:
    await (await bus.caretaker()).stream.purge_stream("INTAKE", seq=2)

    status, said = await clerk.does(lambda at: at.rebuild(ALERTS))

    assert (status, "würde Daten verlieren" in said, await alerts.number(3)) == (REFUSED, True, True)


async def test_a_projection_is_not_dropped_for_a_stream_that_was_lost(bus: Bus, clerk: Clerk, alerts: Alerts) -> None:
    await (await bus.caretaker()).stream.delete_stream("INTAKE")
    await eventually(lambda: stands_again(bus))

    status, said = await clerk.does(lambda at: at.rebuild(ALERTS))

    assert (status, "Speicher verloren" in said, await alerts.number(3)) == (REFUSED, True, True)


async def stands_again(bus: Bus) -> bool:
    there = (await (await bus.caretaker()).stream.stream_info("INTAKE")).state.consumer_count
    return there == sum(each.stream == "INTAKE" for each in DURABLES)
