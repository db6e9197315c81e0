from __future__ import annotations

import base64
from dataclasses import replace

import httpx
import pytest

from services.mailgateway.domain.letters import Accepted, Letter, LetterAddress
from services.mailgateway.gateways.provider import (
    AlreadyThere,
    InDoubt,
    Refused,
    Throttled,
    Unauthorised,
    Unreachable,
)
from tests.mailgateway.unit.letters import ADDRESS, LETTER_ID, SENDER, a_letter
from tests.mailgateway.unit.scripted_provider import Answer, Script, a_provider, problem, receipts, reply

PATH = "/api/Letter"


async def submit(*letters: Letter, answer: Answer | None = None) -> tuple[Script, tuple[Accepted, ...]]:
    script = Script({PATH: [answer]} if answer else {})
    async with a_provider(script) as provider:
        return script, await provider.submit(letters or (a_letter(),), batch_id=7, test=False)


def abroad(postcode: str) -> Letter:
    address = LetterAddress(("Jan Voorbeeld", "Dam 1"), postcode, "Amsterdam", SENDER, country="Niederlande")
    return replace(a_letter(), address=address)


async def test_a_letter_goes_out_with_its_reference_and_always_under_the_failsafe() -> None:
    script, accepted = await submit(replace(a_letter(), cost_centre="Gewaess1"))

    assert accepted == (Accepted(LETTER_ID, 1, 9_000),)
    assert script.body() == [
        {
            "fileName": f"{LETTER_ID.hex}-1.pdf",
            "data": base64.b64encode(b"%PDF-1.7 synthetic").decode(),
            "isColor": False,
            "isDuplex": True,
            "batchID": 7,
            "testFlag": False,
            "custom1": f"{LETTER_ID}.1",
            "activateDuplicateFailsafe": True,
            "costCenter": "Gewaess1",
            "addressLine1": "Erika Beispiel",
            "addressLine2": "Am Teich 7",
            "zipCode": "39999",
            "city": "Musterhütte",
            "senderAdressLineComplete": SENDER,
        }
    ]


async def test_a_letter_abroad_names_its_country_in_capitals_and_blanks_for_no_postcode() -> None:
    script, _ = await submit(abroad(""))

    assert (script.body()[0]["country"], script.body()[0]["zipCode"]) == ("NIEDERLANDE", "   ")


async def test_germany_is_not_a_country_to_the_provider() -> None:
    script, _ = await submit(replace(a_letter(), address=replace(ADDRESS, country="Deutschland")))

    assert "country" not in script.body()[0]


@pytest.mark.parametrize(
    ("letter", "code"),
    [
        (a_letter(pdf=b"<html>"), "E301"),
        (a_letter(pdf=b"%PDF-" + b"x" * 20_000_000), "E303"),
        (replace(a_letter(), cost_centre="Gewässer"), "E313"),
        (replace(a_letter(), address=replace(ADDRESS, lines=())), "E306"),
        (replace(a_letter(), address=replace(ADDRESS, lines=("Erika Beispiel", " "))), "E306"),
        (replace(a_letter(), address=replace(ADDRESS, lines=("x" * 81,))), "E306"),
        (replace(a_letter(), address=replace(ADDRESS, postcode="3999")), "E306"),
        (replace(a_letter(), address=replace(ADDRESS, sender_line="")), "E306"),
        (abroad("1"), "E306"),
    ],
)
async def test_a_letter_that_would_spoil_its_array_is_refused_by_name_before_sending(letter: Letter, code: str) -> None:
    script = Script()

    async with a_provider(script) as provider:
        with pytest.raises(Refused) as refused:
            await provider.submit([a_letter(2), letter], batch_id=7, test=False)

    assert (refused.value.error.code, refused.value.letter_ids) == (code, (letter.letter_id,))
    assert script.requests == []


async def test_the_same_attempt_twice_or_too_many_letters_are_no_request() -> None:
    async with a_provider(Script()) as provider:
        for letters in ([], [a_letter(), a_letter()], [a_letter(n) for n in range(1, 52)]):
            with pytest.raises(ValueError, match="request"):
                await provider.submit(letters, batch_id=7, test=False)


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("x"), httpx.ConnectTimeout("x"), httpx.PoolTimeout("x"), httpx.ProxyError("x")]
)
async def test_what_never_left_is_unreachable(error: Exception) -> None:
    with pytest.raises(Unreachable):
        await submit(answer=error)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.WriteTimeout("x"),
        httpx.WriteError("x"),
        httpx.ReadTimeout("x"),
        httpx.ReadError("x"),
        httpx.RemoteProtocolError("x"),
        httpx.DecodingError("x"),
        reply(500),
        problem(503, "E501"),
        reply(302),
        reply(408),
        problem(400, "E900"),
        problem(400, "E399"),
        reply(200, {"not": "a receipt"}),
        reply(204),
    ],
    ids=repr,
)
async def test_whatever_happens_after_sending_began_is_in_doubt(answer: Answer) -> None:
    with pytest.raises(InDoubt):
        await submit(answer=answer)


async def test_an_incomplete_receipt_is_in_doubt_and_keeps_what_was_acknowledged() -> None:
    first = a_letter(1)
    receipt = reply(200, [{"fileName": first.file_name, "letterID": 11}])

    with pytest.raises(InDoubt) as doubt:
        await submit(first, a_letter(2), answer=receipt)

    assert doubt.value.accepted == (Accepted(first.letter_id, 1, 11),)


@pytest.mark.parametrize("answer", [problem(400, "E302"), problem(400, "E313"), problem(413, "E303")], ids=repr)
async def test_a_refusal_accepts_nothing_and_accuses_nobody(answer: httpx.Response) -> None:
    with pytest.raises(Refused) as refused:
        await submit(answer=answer)

    assert refused.value.letter_ids == ()


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, html="<h1>Not Found</h1>"),
        httpx.Response(400, html="<h1>Bad Request</h1>"),
        reply(413),
        reply(400, {"type": "about:blank", "title": "Bad Request", "status": 400}),
        problem(400, "rate_limited"),
    ],
    ids=repr,
)
async def test_a_refusal_in_another_words_than_the_providers_is_no_verdict(answer: httpx.Response) -> None:
    with pytest.raises(Unreachable) as refusal:
        await submit(answer=answer)

    assert refusal.value.reason == f"HTTP{answer.status_code}"


async def test_a_duplicate_names_the_first_submission() -> None:
    words = (
        "Duplikatsprüfung: Diese Sendung wurde bereits innerhalb der letzten Stunde über LetterID 43556780 eingeliefert"
    )

    with pytest.raises(AlreadyThere) as known:
        await submit(answer=problem(400, "E324", words))

    assert known.value.first_id == 43556780


async def test_a_file_name_that_is_already_known_is_no_refusal() -> None:
    with pytest.raises(AlreadyThere) as known:
        await submit(answer=problem(400, "E309"))

    assert known.value.first_id is None


async def test_a_throttled_upload_says_how_long_to_wait() -> None:
    with pytest.raises(Throttled) as throttled:
        await submit(answer=problem(429, "E322", Retry_After="17"))

    assert throttled.value.retry_after == 17


@pytest.mark.parametrize("answer", [problem(401, "E001"), problem(400, "E319"), problem(401, "E004"), reply(403)])
async def test_credentials_that_do_not_open_are_a_persons_work(answer: httpx.Response) -> None:
    with pytest.raises(Unauthorised):
        await submit(answer=answer)


async def test_no_failure_tells_an_address() -> None:
    with pytest.raises(Refused) as refused:
        await submit(answer=problem(400, "E306", "Erika Beispiel, 39999 Musterhütte"))

    shown = f"{refused.value!s} {refused.value!r} {refused.value.error!r} {a_letter()!r} {ADDRESS!r}"
    assert "Erika" not in shown
    assert "Muster" not in shown


async def test_an_upload_answered_with_an_expired_token_is_repeated_once_under_a_new_one() -> None:
    script = Script({PATH: [problem(401, "E101"), receipts]})

    async with a_provider(script) as provider:
        accepted = await provider.submit([a_letter()], batch_id=7, test=True)

    tokens = [request.headers["Authorization"] for request in script.calls(PATH)]
    assert len(accepted) == 1
    assert len(script.calls("/api/Login")) == 2
    assert tokens[-1] == "Bearer token-2"
    assert script.body()[0]["testFlag"] is True
