"""Import: every row accounted for, the same files the same run, an unreleased run set aside."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from contracts.notices import RenderChunk
from services.notices.commands.import_run import AlreadyReleasedError, ImportRefusedError
from services.notices.queries.overview import row_errors, row_errors_csv
from services.notices.queries.reconciliation import report
from services.notices.storage.tables import DebtorRow, RowErrorRow, RunRow
from tests.notices.integration.desk import NOW, OUTPUT, Desk, accounts, desk_at
from tests.notices.unit.levy_rows import a_file, a_row, demo_file, reference

TOO_SMALL = {"Flaeche_m2": "500"}


async def test_every_row_of_a_file_is_accounted_for(desk: Desk) -> None:
    nobodys = a_row(4, 5, Kassenzeichen="?", Name1="Otto Beispiel")
    levy = a_file(a_row(1, 1), a_row(1, 2), a_row(2, 3, PLZ="3951"), a_row(3, 4, **TOO_SMALL), nobodys)

    run_id = await desk.imports(levy)

    run = await desk.run(run_id)
    async with desk.database.reading() as session:
        debtors = await session.execute(
            select(DebtorRow.outcome, DebtorRow.reference, DebtorRow.rows).order_by(DebtorRow.reference)
        )
        told = [tuple(row) for row in debtors]
    assert (run.state, run.rows, run.unattributed_rows, run.imported_at) == ("rendering", 5, 1, NOW)
    assert told == [
        ("assessed", reference(1), 2),
        ("held_back", reference(2), 1),
        ("below_minimum", reference(3), 1),
    ]


async def test_the_same_files_are_the_same_run_whoever_imports_them(desk: Desk) -> None:
    first = await desk.imports(accounts(1, 2, 3))

    second = await desk.imports(accounts(1, 2, 3), by="Max Beispiel")

    assert first == second
    assert (await desk.run(first)).imported_by == "Erika Muster"
    assert len(await desk.said(RenderChunk)) == 2


async def test_the_same_files_imported_at_the_same_time_are_one_run(desk: Desk) -> None:
    found = await asyncio.gather(*(desk.imports(accounts(1, 2, 3)) for _ in range(4)))

    assert len(set(found)) == 1
    assert len(await desk.notices(found[0])) == 3
    assert len(await desk.orders(found[0])) == len(await desk.said(RenderChunk)) == 2
    assert len(desk.files()) == 2


async def test_a_newer_file_sets_an_unreleased_run_aside_with_all_it_has_in_the_store(desk: Desk) -> None:
    older = await desk.imports(accounts(1, 2, 3, 4, 5))
    recorded, late, _never = await desk.orders(older)
    await desk.record(await desk.draw(recorded))
    told_late = await desk.draw(late)

    newer = await desk.imports(accounts(1, 2))
    await desk.record(told_late)

    assert (await desk.run(older)).state == "superseded"
    assert await desk.notices(older) == []
    assert desk.files() == [(await desk.orders(newer))[0].data.chunk_input]


async def test_a_file_that_was_set_aside_may_come_again(desk: Desk) -> None:
    first = await desk.drawn(accounts(1, 2, 3))
    await desk.imports(accounts(1, 2))
    desk.at = NOW.replace(hour=10)

    again = await desk.drawn(accounts(1, 2, 3))

    run = await desk.run(again)
    assert (again, run.state) == (first, "checked")
    assert all(notice.document in desk.files() for notice in await desk.notices(again))


async def test_a_released_debtor_is_held_back_in_a_later_file_and_the_others_go_through(desk: Desk) -> None:
    desk.at = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)
    await desk.released(accounts(1, 2))

    later = await desk.drawn(accounts(1, 2, 3))
    await desk.release(later)

    async with desk.database.reading() as session:
        errors = await row_errors(session, later)
        told = await report(session, await desk.run(later), OUTPUT)
    assert [(error.row, error.code) for error in errors] == [(2, "already_released"), (3, "already_released")]
    assert all("30.11.2026" in error.message for error in errors)
    assert [notice.reference for notice in await desk.notices(later)] == [reference(3)]
    assert (told["held_back"], told["rendered"], told["differences"]) == (2, 1, [])
    assert len(await desk.generated()) == 3


async def test_a_file_with_nothing_new_is_refused_with_the_date(desk: Desk) -> None:
    await desk.released(accounts(1, 2))

    with pytest.raises(AlreadyReleasedError) as refused:
        await desk.imports(accounts(2))

    assert refused.value.released_at == NOW
    assert len(await desk.generated()) == 2


async def test_a_file_whose_new_debtors_are_all_wrong_shows_what_is_wrong(small_desk: Desk) -> None:
    await small_desk.released(accounts(1))

    run_id = await small_desk.imports(a_file(a_row(1, 1), a_row(2, 2, PLZ="1")))

    async with small_desk.database.reading() as session:
        codes = [error.code for error in await row_errors(session, run_id)]
    assert codes == ["already_released", "postcode"]


async def test_an_import_waits_for_a_release_that_is_under_way_and_takes_nothing_from_it(desk: Desk) -> None:
    run_id = await desk.drawn(accounts(1, 2))

    async with asyncio.TaskGroup() as group, desk.database.transaction() as session:
        run = await session.get(RunRow, run_id)
        assert run is not None
        run.state = "released"
        await session.flush()
        group.create_task(desk.imports(accounts(3)))
        await asyncio.sleep(0.5)

    assert (await desk.run(run_id)).state == "released"
    assert len(await desk.notices(run_id)) == 2


async def test_what_is_no_levy_file_or_statute_stores_nothing(small_desk: Desk) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        await small_desk.imports(b"PK\x03\x04 a workbook")

    async with small_desk.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(RunRow)) == 0
    assert "Excel" in refused.value.sentences[0]
    assert small_desk.files() == []


async def test_the_published_file_of_defects_gives_the_documented_numbers(tmp_path: Path) -> None:
    async with desk_at(f"sqlite+aiosqlite:///{tmp_path}/notices.sqlite", tmp_path, chunk_letters=100) as desk:
        run_id = await desk.drawn(demo_file("umlage-2026-defects.csv"))

        async with desk.database.reading() as session:
            told = await report(session, await desk.run(run_id), OUTPUT)
            errors = await session.scalar(select(func.count()).select_from(RowErrorRow))
    names = ("rows", "assessed", "below_minimum", "held_back", "unattributed_rows", "rendered")
    assert {name: told[name] for name in names} == {
        "rows": 1518,
        "assessed": 380,
        "below_minimum": 126,
        "held_back": 21,
        "unattributed_rows": 1,
        "rendered": 380,
    }
    assert (errors, len(told["row_errors"]), told["differences"]) == (22, 22, [])


async def test_the_list_of_errors_opens_in_excel(small_desk: Desk) -> None:
    run_id = await small_desk.imports(a_file(a_row(1, 1), a_row(2, 2, PLZ="1")))

    async with small_desk.database.reading() as session:
        table = await row_errors_csv(session, run_id)

    lines = table.decode("utf-8-sig").split("\r\n")
    assert table.startswith(b"\xef\xbb\xbf")
    assert lines[0] == "Zeile;Spalte;Fehler;Was ist zu tun"
    assert lines[1].startswith("3;PLZ;postcode;")


async def test_a_release_during_the_import_holds_its_debtors_back(desk: Desk) -> None:
    first = await desk.drawn(accounts(1, 2))

    second, _ = await asyncio.gather(desk.imports(accounts(1, 2, 3)), desk.release(first), return_exceptions=True)

    assert isinstance(second, UUID)
    drawn = await desk.notices(second)
    assert reference(3) in {notice.reference for notice in drawn}
    released = {notice.notice_id for notice in await desk.generated()}
    assert released.isdisjoint(notice.notice_id for notice in drawn)
