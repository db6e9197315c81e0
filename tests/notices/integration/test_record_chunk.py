"""Recording what render workers made: once each, in any order, and the last chunk closes the run."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from contracts.notices import RenderChunk
from services.notices.domain.identity import root_hash
from services.notices.letters.chunk import ChunkPrinter
from services.notices.queries.overview import overview, progress
from services.notices.queries.reconciliation import report
from tests.notices.integration.desk import OUTPUT, Desk, accounts
from tests.notices.unit.levy_rows import reference


async def test_a_chunk_told_twice_counts_once(desk: Desk) -> None:
    run_id = await desk.imports(accounts(1, 2, 3))
    first, _second = await desk.orders(run_id)
    told = await desk.draw(first)

    await desk.record(told)
    await desk.record(told)

    async with desk.database.reading() as session:
        counted = await progress(session, run_id)
    assert (counted["notices"], counted["rendered"]) == (3, 2)
    assert (await desk.run(run_id)).state == "rendering"


async def test_a_chunk_drawn_twice_counts_once(desk: Desk) -> None:
    run_id = await desk.imports(accounts(1, 2, 3))
    first, _second = await desk.orders(run_id)
    told = await desk.draw(first)
    told_again = told.model_copy(update={"id": "of another worker"})

    await desk.record(told)
    await desk.record(told_again)

    async with desk.database.reading() as session:
        assert (await progress(session, run_id))["rendered"] == 2


async def test_the_last_chunk_closes_the_run_with_the_root_hash_of_its_documents(desk: Desk) -> None:
    run_id = await desk.imports(accounts(1, 2, 3, 4, 5))
    orders = await desk.orders(run_id)

    for order in reversed(orders):
        assert (await desk.run(run_id)).state == "rendering"
        await desk.record(await desk.draw(order))

    run, notices = await desk.run(run_id), await desk.notices(run_id)
    assert (run.state, run.checked_at) == ("checked", desk.at)
    assert run.root_hash == root_hash((notice.notice_id, notice.sha256 or "") for notice in notices)
    assert desk.files() == sorted(notice.document or "" for notice in notices)


async def test_chunks_recorded_at_the_same_time_close_the_run(desk: Desk) -> None:
    run_id = await desk.imports(accounts(*range(1, 13)))
    told = [await desk.draw(order) for order in await desk.orders(run_id)]

    await asyncio.gather(*(desk.record(event) for event in told))

    assert (await desk.run(run_id)).state == "checked"
    assert all(notice.render_state == "rendered" for notice in await desk.notices(run_id))


async def test_a_letter_with_a_finding_is_no_letter_and_nobody_else_suffers(desk: Desk) -> None:
    run_id = await desk.imports(accounts(1, 2, 3))

    for order in await desk.orders(run_id):
        await desk.record(await desk.draw(order, unfit=[reference(2)]))
    await desk.release(run_id)

    async with desk.database.reading() as session:
        run = await desk.run(run_id)
        seen, told = await overview(session, run, OUTPUT), await report(session, run, OUTPUT)
    assert [(each["reference"], each["code"]) for each in seen["findings"]] == [(reference(2), "ink_in_zone")]
    assert (told["assessed"], told["rendered"], told["render_failed"]) == (3, 2, 1)
    assert (told["chain_closed"], told["differences"]) == (True, [])
    assert len(await desk.generated()) == 2


async def test_a_chunk_of_the_real_printer_is_recorded(small_desk: Desk) -> None:
    run_id = await small_desk.imports(accounts(1, 2))
    (order,) = await small_desk.orders(run_id)
    told = await small_desk.draw(order)
    printed = ChunkPrinter(small_desk.documents.reference).print(await small_desk.documents.get(order.data.chunk_input))
    for letter in printed.letters:
        await small_desk.documents.put(letter.reference, letter.pdf)
    await small_desk.documents.put(told.data.manifest, printed.manifest)

    await small_desk.record(told)

    notices = await small_desk.notices(run_id)
    assert (printed.failed, [notice.render_state for notice in notices]) == (0, ["rendered", "rendered"])
    for notice in notices:
        pdf = await small_desk.documents.get(notice.document or "")
        assert pdf.startswith(b"%PDF-")


async def test_a_drawing_that_stands_still_is_ordered_again_and_ends(desk: Desk) -> None:
    run_id = await desk.imports(accounts(1, 2, 3))
    first, second = await desk.orders(run_id)
    await desk.record(await desk.draw(first))
    await desk.documents.delete([second.data.chunk_input])
    assert await desk.order_again() == []

    desk.at += desk.settings.redraw_after + timedelta(seconds=1)
    assert await desk.order_again() == [run_id]
    assert await desk.order_again() == []

    *_, newest = await desk.said(RenderChunk)
    assert (newest.data.chunk, newest.data.chunk_input) == (second.data.chunk, second.data.chunk_input)
    await desk.record(await desk.draw(newest))
    assert (await desk.run(run_id)).state == "checked"


async def test_a_chunk_of_an_earlier_import_of_the_same_files_is_thrown_away(desk: Desk) -> None:
    run_id = await desk.imports(accounts(1, 2))
    (early,) = await desk.orders(run_id)
    late = await desk.draw(early)
    desk.at += timedelta(minutes=1)
    await desk.imports(accounts(3))
    desk.at += timedelta(minutes=1)
    await desk.imports(accounts(1, 2))
    (order,) = await desk.orders(run_id)

    await desk.record(late)
    assert (await desk.run(run_id)).state == "rendering"
    await desk.record(await desk.draw(order))

    assert (await desk.run(run_id)).state == "checked"
    assert desk.files() == sorted(notice.document or "" for notice in await desk.notices(run_id))
