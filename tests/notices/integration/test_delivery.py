"""What accounts and the mail gateway tell, in any order and any number of times, and the numbers that follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import permutations
from uuid import UUID

from sqlalchemy import update

from contracts.accounts import DeliveryRouted
from contracts.base import CloudEvent, Message, envelope, source_of
from contracts.mailgateway import LetterFailed, LetterPosted, LettersDispatched, LetterUnclear
from services.notices.commands.record_delivery import (
    record_dispatch,
    record_failed,
    record_posted,
    record_routing,
    record_unclear,
)
from services.notices.queries.overview import Json, samples
from services.notices.queries.reconciliation import report
from services.notices.storage.tables import NoticeRow
from tests.notices.integration.desk import NOW, OUTPUT, TOWN, Desk, Fact, accounts
from tests.notices.unit.levy_rows import a_file, a_row, reference

POSTED_AT = datetime(2026, 12, 1, 13, 30, tzinfo=UTC)
ABROAD = {"PLZ": "1010", "Ort": "Wien", "Land": "ÖSTERREICH"}


def told(data: Message, aggregate: object, sequence: int = 1) -> CloudEvent[Message]:
    return envelope(data, source=source_of(TOWN, "mailgateway"), aggregate=str(aggregate), sequence=sequence, time=NOW)


def routed(notice: NoticeRow) -> CloudEvent[DeliveryRouted]:
    data = DeliveryRouted(
        notice_id=notice.notice_id,
        letter_id=notice.letter_id,
        run_id=notice.run_id,
        channel="paper",
        reason="no_account",
        legal_basis="§ 122 (2) Nr. 1 AO",
        kind="umlage",
        year=2026,
        pages=2,
        duplex=True,
        colour=False,
    )
    return envelope(data, source=source_of(TOWN, "accounts"), aggregate=str(notice.notice_id), sequence=1, time=NOW)


def read(event: CloudEvent[Message], fact: type[Fact]) -> CloudEvent[Fact]:
    return CloudEvent[fact].model_validate_json(event.model_dump_json())


async def hear(desk: Desk, *events: CloudEvent[Message]) -> None:
    database = desk.database
    for event in events:
        match event.data:
            case DeliveryRouted():
                await record_routing(read(event, DeliveryRouted), database=database)
            case LettersDispatched():
                await record_dispatch(read(event, LettersDispatched), database=database, now=desk.now)
            case LetterPosted():
                await record_posted(read(event, LetterPosted), database=database)
            case LetterFailed():
                await record_failed(read(event, LetterFailed), database=database)
            case _:
                await record_unclear(read(event, LetterUnclear), database=database)


async def numbers(desk: Desk, run_id: UUID) -> Json:
    async with desk.database.reading() as session:
        return await report(session, await desk.run(run_id), OUTPUT)


def dispatched(notices: Sequence[NoticeRow], sequence: int = 1) -> CloudEvent[LettersDispatched]:
    ids = tuple(notice.letter_id for notice in notices)
    data = LettersDispatched(batch_id=7, letter_ids=ids)
    return envelope(data, source=source_of(TOWN, "mailgateway"), aggregate="7", sequence=sequence, time=NOW)


async def test_the_chain_closes_at_each_stage_from_release_to_posting(desk: Desk) -> None:
    run_id = await desk.released(accounts(1, 2, 3, 4))
    notices = await desk.notices(run_id)
    posted, failed, unclear, _open = notices

    stages = [await numbers(desk, run_id)]
    await hear(desk, *(routed(notice) for notice in notices))
    stages.append(await numbers(desk, run_id))
    await hear(desk, dispatched(notices))
    stages.append(await numbers(desk, run_id))
    await hear(
        desk,
        told(LetterPosted(letter_id=posted.letter_id, run_id=run_id, posted_at=POSTED_AT), posted.letter_id),
        told(LetterFailed(letter_id=failed.letter_id, run_id=run_id, code="E302"), failed.letter_id),
        told(LetterUnclear(letter_id=unclear.letter_id, run_id=run_id, reason="window_passed"), unclear.letter_id),
    )
    stages.append(await numbers(desk, run_id))

    columns = ("unrouted", "routed_paper", "submitted", "posted", "failed", "unclear", "open")
    assert [tuple(stage[column] for column in columns) for stage in stages] == [
        (4, 0, 0, 0, 0, 0, 0),
        (0, 4, 0, 0, 0, 0, 4),
        (0, 4, 4, 0, 0, 0, 4),
        (0, 4, 4, 1, 1, 1, 1),
    ]
    assert all(stage["chain_closed"] and stage["differences"] == [] for stage in stages)
    assert (await desk.notices(run_id))[0].posted_at == POSTED_AT
    assert stages[-1]["amount_assessed"] == "78.96"
    assert stages[-1]["amount_posted"] == "19.74"


async def test_events_in_any_order_and_twice_leave_the_last_state(small_desk: Desk) -> None:
    run_id = await small_desk.released(accounts(*range(1, 7)))
    notices = await small_desk.notices(run_id)
    await hear(small_desk, *(routed(notice) for notice in notices))

    for notice, order in zip(notices, permutations(range(3)), strict=True):
        letter = notice.letter_id
        events = [
            told(LetterUnclear(letter_id=letter, run_id=run_id, reason="window_passed"), letter, 1),
            told(LetterFailed(letter_id=letter, run_id=run_id, code="E324"), letter, 2),
            told(LetterPosted(letter_id=letter, run_id=run_id, posted_at=POSTED_AT), letter, 3),
        ]
        await hear(small_desk, *(events[number] for number in order), *events)

    assert {(notice.letter_state, notice.posted_at) for notice in await small_desk.notices(run_id)} == {
        ("posted", POSTED_AT)
    }
    assert (await numbers(small_desk, run_id))["posted"] == 6


async def test_facts_about_letters_that_are_not_released_change_nothing(small_desk: Desk) -> None:
    run_id = await small_desk.drawn(accounts(1))
    notice = (await small_desk.notices(run_id))[0]

    await hear(small_desk, routed(notice), dispatched([notice]))

    told_of = await numbers(small_desk, run_id)
    assert (told_of["routed_paper"], told_of["submitted"]) == (0, 0)


async def test_a_tampered_row_breaks_the_chain_and_is_named(desk: Desk) -> None:
    run_id = await desk.released(accounts(1, 2))
    async with desk.database.transaction() as session:
        await session.execute(
            update(NoticeRow).where(NoticeRow.reference == reference(2)).values(cents=NoticeRow.cents - 100)
        )

    changed = await numbers(desk, run_id)
    async with desk.database.transaction() as session:
        await session.execute(update(NoticeRow).where(NoticeRow.reference == reference(2)).values(render_state="lost"))
    lost = await numbers(desk, run_id)

    assert not changed["chain_closed"]
    assert not lost["chain_closed"]
    assert changed["differences"] == [
        "Betrag: 39,48 € festgesetzt sind nicht 38,48 € erzeugt + 0,00 € nicht erzeugbar (Differenz 1,00 €)."
    ]
    assert lost["differences"][0] == ("Anzahl: 2 festgesetzt sind nicht 1 erzeugt + 0 nicht erzeugbar (Differenz 1).")


async def test_the_samples_are_the_letters_where_mistakes_would_show(small_desk: Desk) -> None:
    heirs = {"Schuldner": "Änne Kühne | Otto Kühne | Ida Kühne"}
    levy = a_file(
        a_row(1, 1),
        a_row(2, 2, Flaeche_m2="900000"),
        a_row(3, 3, **heirs),
        a_row(4, 4, **ABROAD),
        a_row(5, 5, Strasse="Straße der Freundschaft zwischen den Völkern 118a"),
        a_row(6, 6),
        a_row(6, 7, Unterhaltungsverband="Uchte"),
    )
    run_id = await small_desk.drawn(levy)

    async with small_desk.database.reading() as session:
        chosen = {each["why"]: each["reference"] for each in await samples(session, run_id)}

    assert chosen == {
        "höchster Betrag": reference(2),
        "meiste Seiten": reference(1),
        "längste Anschrift": reference(5),
        "meiste Schuldner": reference(3),
        "ins Ausland": reference(4),
        "meiste Verbände": reference(6),
    }


async def test_no_sample_is_called_abroad_that_stays_at_home(small_desk: Desk) -> None:
    run_id = await small_desk.drawn(accounts(1, 2))

    async with small_desk.database.reading() as session:
        chosen = [each["why"] for each in await samples(session, run_id)]

    assert "ins Ausland" not in chosen
