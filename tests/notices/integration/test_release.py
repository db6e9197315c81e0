"""Release: by a second person, of exactly these documents, once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from chassis.errors import DependencyDown
from contracts.notices import NoticeGenerated
from services.notices.commands.release_run import ReleaseRefusedError
from services.notices.queries.reconciliation import report
from services.notices.storage import runs
from tests.notices.integration.desk import IMPORTER, NOW, OUTPUT, Desk, accounts
from tests.notices.unit.levy_rows import a_file, a_row


async def test_every_notice_is_told_exactly_once(desk: Desk) -> None:
    run_id = await desk.drawn(accounts(1, 2, 3))

    await desk.release(run_id)

    run, notices, told = await desk.run(run_id), await desk.notices(run_id), await desk.said(NoticeGenerated)
    assert (run.state, run.approved_by, run.released_at) == ("released", "Max Beispiel", NOW)
    assert {(event.data.notice_id, event.data.letter_id) for event in told} == {
        (notice.notice_id, notice.letter_id) for notice in notices
    }
    assert len({event.key() for event in told}) == len(told) == 3
    assert {event.data.pages for event in told} == {2}


async def test_the_hash_of_another_state_releases_nothing(desk: Desk) -> None:
    run_id = await desk.drawn(accounts(1))

    with pytest.raises(ReleaseRefusedError, match="Prüfsumme"):
        await desk.release(run_id, root_hash="0" * 64)

    assert await desk.generated() == []


@pytest.mark.parametrize(
    "name", [IMPORTER, "erika MUSTER", " Erika  Muster ", "Erika\u00a0Muster", "Erika\u200bMuster", "ErikaMuster"]
)
async def test_the_same_person_cannot_approve_whatever_the_spelling(small_desk: Desk, name: str) -> None:
    run_id = await small_desk.drawn(accounts(1))

    with pytest.raises(ReleaseRefusedError, match="zweite Person"):
        await small_desk.release(run_id, by=name)

    assert await small_desk.generated() == []


async def test_one_name_in_two_encodings_is_one_person(small_desk: Desk) -> None:
    run_id = await small_desk.imports(accounts(1), by="J\u00fcrgen Wei\u00df")
    await small_desk.record(await small_desk.draw((await small_desk.orders(run_id))[0]))

    with pytest.raises(ReleaseRefusedError, match="zweite Person"):
        await small_desk.release(run_id, by="Ju\u0308rgen WEISS")


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "-"])
async def test_nobody_cannot_approve(small_desk: Desk, name: str) -> None:
    run_id = await small_desk.drawn(accounts(1))

    with pytest.raises(ReleaseRefusedError, match="Name"):
        await small_desk.release(run_id, by=name)


async def test_a_run_that_is_not_drawn_yet_waits(small_desk: Desk) -> None:
    run_id = await small_desk.imports(accounts(1))

    with pytest.raises(ReleaseRefusedError, match="noch nicht fertig"):
        await small_desk.release(run_id)


async def test_a_run_that_was_set_aside_is_not_released(small_desk: Desk) -> None:
    older = await small_desk.drawn(accounts(1, 2))
    await small_desk.imports(accounts(1))

    with pytest.raises(ReleaseRefusedError, match="durch einen neueren ersetzt"):
        await small_desk.release(older)


async def test_a_run_without_a_letter_has_nothing_to_release(small_desk: Desk) -> None:
    run_id = await small_desk.imports(a_file(a_row(1, 1, PLZ="1")))

    with pytest.raises(ReleaseRefusedError):
        await small_desk.release(run_id)

    assert (await small_desk.run(run_id)).state == "checked"


async def test_a_released_run_says_when_it_was_released(desk: Desk) -> None:
    run_id = await desk.released(accounts(1))

    with pytest.raises(ReleaseRefusedError, match=r"schon am 30\.11\.2026 freigegeben") as refused:
        await desk.release(run_id)

    assert refused.value.released_at == NOW
    assert len(await desk.generated()) == 1


async def test_letters_that_the_provider_has_already_are_not_released_again(desk: Desk) -> None:
    run_id = await desk.drawn(accounts(1, 2))
    known = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)
    desk.mailgateway.submitted = {notice.letter_id: known for notice in await desk.notices(run_id)}

    with pytest.raises(ReleaseRefusedError, match=r"schon am 02\.11\.2026 freigegeben") as refused:
        await desk.release(run_id)

    assert refused.value.released_at == known
    assert (await desk.run(run_id)).state == "checked"
    assert await desk.generated() == []


async def test_if_the_provider_has_some_letters_only_the_rest_can_be_approved_anew(desk: Desk) -> None:
    run_id = await desk.drawn(accounts(1, 2, 3))
    there, *rest = await desk.notices(run_id)
    desk.mailgateway.submitted = {there.letter_id: datetime(2026, 11, 2, 8, 0, tzinfo=UTC)}
    first_hash = (await desk.run(run_id)).root_hash

    with pytest.raises(ReleaseRefusedError, match=r"1 der 3 Briefe liegen schon seit dem 02\.11\.2026"):
        await desk.release(run_id)
    with pytest.raises(ReleaseRefusedError, match="Prüfsumme"):
        await desk.release(run_id, root_hash=first_hash)
    await desk.release(run_id)

    assert {notice.notice_id for notice in await desk.generated()} == {notice.notice_id for notice in rest}
    async with desk.database.reading() as session:
        told = await report(session, await desk.run(run_id), OUTPUT)
    assert (told["rendered"], told["render_failed"], told["chain_closed"]) == (2, 1, True)


async def test_without_an_answer_of_the_provider_nothing_is_released(small_desk: Desk) -> None:
    run_id = await small_desk.drawn(accounts(1))
    small_desk.mailgateway.away = True

    with pytest.raises(DependencyDown):
        await small_desk.release(run_id)

    assert (await small_desk.run(run_id)).state == "checked"
    assert await small_desk.generated() == []


async def test_releases_at_the_same_time_release_once(desk: Desk) -> None:
    run_id = await desk.drawn(accounts(*range(1, 9)))

    ends = await asyncio.gather(*(desk.release(run_id) for _ in range(5)), return_exceptions=True)

    assert [type(end) for end in ends if end is not None] == [ReleaseRefusedError] * 4
    assert len(await desk.generated()) == 8


async def test_a_notice_that_was_released_meanwhile_cannot_be_released_again(desk: Desk) -> None:
    run_id = await desk.drawn(accounts(1, 2))
    notice = (await desk.notices(run_id))[0]
    async with desk.database.transaction() as session:
        await runs.release(session, [notice], released_at=NOW)

    with pytest.raises(ReleaseRefusedError, match="anderen Lauf"):
        await desk.release(run_id)

    assert (await desk.run(run_id)).state == "superseded"
    assert await desk.generated() == []
