"""The claim check of the mail gateway: released letters only, and only the documents that were approved."""

from __future__ import annotations

import base64

from services.notices.queries.letters import letters
from tests.notices.integration.desk import OUTPUT, Desk, accounts
from tests.notices.unit.levy_rows import a_file, a_row


async def test_only_released_letters_are_handed_out(desk: Desk) -> None:
    released = await desk.notices(await desk.released(accounts(1, 2)))
    drawn = await desk.notices(await desk.drawn(accounts(3)))
    wanted = [notice.letter_id for notice in (*released, *drawn)]

    found = await letters(wanted, database=desk.database, documents=desk.documents, profile=OUTPUT.profile)

    assert {each["letter_id"] for each in found} == {str(notice.letter_id) for notice in released}


async def test_a_letter_comes_with_its_address_and_its_approved_document(small_desk: Desk) -> None:
    levy = a_file(a_row(1, 1, PLZ="1010", Ort="Wien", Land="ÖSTERREICH"))
    (notice,) = await small_desk.notices(await small_desk.released(levy))

    (found,) = await letters(
        [notice.letter_id], database=small_desk.database, documents=small_desk.documents, profile=OUTPUT.profile
    )

    assert tuple(found["recipient_lines"]) == ("Frau Änne Kühne", "Bismarckstraße 33a")
    assert (found["postcode"], found["city"], found["country"]) == ("1010", "Wien", "ÖSTERREICH")
    assert found["sha256"] == notice.sha256
    assert base64.b64decode(found["pdf"]) == await small_desk.documents.get(notice.document or "")


async def test_a_damaged_or_lost_document_is_not_handed_out_and_holds_nobody_up(small_desk: Desk) -> None:
    good, damaged, lost = await small_desk.notices(await small_desk.released(accounts(1, 2, 3)))
    await small_desk.documents.put(damaged.document or "", b"%PDF-1.7 of somebody else")
    await small_desk.documents.delete([lost.document or ""])

    found = await letters(
        [notice.letter_id for notice in (damaged, lost, good)],
        database=small_desk.database,
        documents=small_desk.documents,
        profile=OUTPUT.profile,
    )

    assert [each["letter_id"] for each in found] == [str(good.letter_id)]
