from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from services.mailgateway.domain.letter_state import LetterState, Progress, advance, best_of, posted_twice
from services.mailgateway.domain.provider_status import ProviderStatus
from services.mailgateway.gateways.epost import EpostProvider
from services.mailgateway.gateways.provider import (
    AlreadyThere,
    InDoubt,
    Refused,
    Throttled,
    Unauthorised,
    Unreachable,
)
from tests.mailgateway.integration.simulated_post import (
    WRONG_CREDENTIALS,
    Post,
    letters_of_a_wave,
    next_attempt,
    simulated_post,
)

WAVE = 4_711


@pytest.fixture
async def post(tmp_path: Path) -> AsyncGenerator[Post]:
    async with simulated_post(tmp_path) as running:
        yield running


async def wave_once_all_are(provider: EpostProvider, *stages: str) -> tuple[ProviderStatus, ...]:
    async with asyncio.timeout(30):
        while True:
            statuses = await provider.batch_status(WAVE)
            if all(status.status in stages for status in statuses):
                return statuses


async def test_a_wave_is_followed_until_the_provider_says_when_it_was_posted(post: Post) -> None:
    letters = letters_of_a_wave(3)

    async with post.provider() as provider:
        accepted = await provider.submit(letters, batch_id=WAVE, test=False)
        statuses = await wave_once_all_are(provider, "posted", "failed")

    assert [each.letter_id for each in accepted] == [letter.letter_id for letter in letters]
    assert {status.status for status in statuses} == {"posted"}
    assert {(s.provider_id, s.letter_id, s.attempt) for s in statuses} == {
        (each.provider_id, each.letter_id, 1) for each in accepted
    }
    assert all(s.posted_at and s.created_at and s.posted_at > s.created_at and s.pages == 1 for s in statuses)


async def test_a_test_letter_ends_once_it_is_checked(post: Post) -> None:
    async with post.provider() as provider:
        await provider.submit(letters_of_a_wave(1), batch_id=WAVE, test=True)
        (checked,) = await wave_once_all_are(provider, "checked", "failed")
        await asyncio.sleep(0.3)
        (later,) = await provider.batch_status(WAVE)

    assert (checked.status, later.status, later.test) == ("checked", "checked", True)


async def test_what_was_dropped_before_is_not_there_and_may_be_sent_again(post: Post) -> None:
    letters = letters_of_a_wave(2)
    await post.fault("drop_before")

    async with post.provider() as provider:
        with pytest.raises(InDoubt):
            await provider.submit(letters, batch_id=WAVE, test=False)
        in_batch = await provider.batch_status(WAVE)
        by_reference = await provider.find(letters[0].letter_id, 1)
        await provider.submit(letters, batch_id=WAVE, test=False)

    assert (in_batch, by_reference) == ((), ())
    assert (await post.summary())["received"] == 2


async def test_what_was_dropped_after_is_found_by_wave_and_by_reference(post: Post) -> None:
    letters = letters_of_a_wave(2)
    await post.fault("drop_after")

    async with post.provider() as provider:
        with pytest.raises(InDoubt):
            await provider.submit(letters, batch_id=WAVE, test=False)
        in_batch = await provider.batch_status(WAVE)
        by_reference = await provider.find(letters[1].letter_id, 1)

    assert {status.letter_id for status in in_batch} == {letter.letter_id for letter in letters}
    assert [status.provider_id for status in by_reference] == [in_batch[1].provider_id]


async def test_of_an_array_taken_in_part_only_the_missing_letters_go_again(post: Post) -> None:
    letters = letters_of_a_wave(5)
    await post.fault("partial", count=2)

    async with post.provider() as provider:
        with pytest.raises(InDoubt):
            await provider.submit(letters, batch_id=WAVE, test=False)
        there = {status.letter_id for status in await provider.batch_status(WAVE)}
        missing = [letter for letter in letters if letter.letter_id not in there]
        await provider.submit(missing, batch_id=WAVE, test=False)

    summary = await post.summary()
    assert len(missing) == 3
    assert (summary["received"], summary["lettersWithMoreThanOne"]) == (5, 0)


async def test_a_letter_nobody_could_see_is_caught_by_the_failsafe_and_its_first_submission_followed(
    post: Post,
) -> None:
    (letter,) = letters_of_a_wave(1)
    await post.fault("invisible", seconds=3)
    await post.fault("drop_after")

    async with post.provider() as provider:
        with pytest.raises(InDoubt):
            await provider.submit([letter], batch_id=WAVE, test=False)
        assert await provider.batch_status(WAVE) == ()
        assert await provider.find(letter.letter_id, 1) == ()
        (again,) = await provider.submit([letter], batch_id=WAVE, test=False)
        (refused,) = await provider.find(letter.letter_id, 1)
        followed = advance(Progress(letter.letter_id, LetterState.SUBMITTED, 1, again.provider_id), refused)
        await asyncio.sleep(3)
        statuses = await wave_once_all_are(provider, "posted", "failed")

    first = best_of(statuses)
    assert first is not None
    assert (refused.status, refused.duplicate_of) == ("failed", first.provider_id)
    assert (followed.state, followed.provider_id) == (LetterState.SUBMITTED, first.provider_id)
    assert advance(followed, first).state is LetterState.POSTED
    assert posted_twice(statuses) == {}
    assert (await post.summary())["lettersWithMoreThanOne"] == 0


async def test_a_provider_that_refuses_duplicates_at_the_door_names_the_first(tmp_path: Path) -> None:
    letters = letters_of_a_wave(1)

    async with simulated_post(tmp_path, "--duplicate-mode", "request") as post, post.provider() as provider:
        (first,) = await provider.submit(letters, batch_id=WAVE, test=False)
        with pytest.raises(AlreadyThere) as known:
            await provider.submit([next_attempt(letters[0])], batch_id=WAVE, test=False)

    assert known.value.first_id == first.provider_id


async def test_an_expired_token_is_nobodys_trouble(post: Post) -> None:
    async with post.provider() as provider:
        await provider.batch_status(WAVE)
        await post.fault("expire_tokens")
        accepted = await provider.submit(letters_of_a_wave(1), batch_id=WAVE, test=False)

    assert len(accepted) == 1
    assert (await post.summary())["received"] == 1


async def test_ten_look_ups_in_a_row_never_offend_the_provider(post: Post) -> None:
    async with post.provider() as provider:
        for _ in range(10):
            assert await provider.batch_status(WAVE) == ()


@pytest.mark.parametrize(("kind", "failure"), [("throttle", Throttled), ("http_error", Unreachable)])
async def test_a_look_up_without_an_answer_says_so_and_the_next_one_works(
    post: Post, kind: str, failure: type[Exception]
) -> None:
    await post.fault(kind, on="GET /api/Letter/Batch", status=503)

    async with post.provider() as provider:
        with pytest.raises(failure):
            await provider.batch_status(WAVE)
        assert await provider.batch_status(WAVE) == ()


async def test_a_server_error_to_an_upload_is_in_doubt_and_a_throttled_one_is_not(post: Post) -> None:
    letters = letters_of_a_wave(1)
    await post.fault("http_error", status=503)
    await post.fault("throttle", skip=1)

    async with post.provider() as provider:
        with pytest.raises(InDoubt):
            await provider.submit(letters, batch_id=WAVE, test=False)
        with pytest.raises(Throttled):
            await provider.submit(letters, batch_id=WAVE, test=False)

    assert (await post.summary())["received"] == 0


async def test_a_wrong_password_and_a_customer_not_released_are_a_persons_work(post: Post) -> None:
    letters = letters_of_a_wave(1)
    await post.release(released=False)

    async with post.provider(WRONG_CREDENTIALS) as stranger, post.provider() as provider:
        with pytest.raises(Unauthorised) as wrong:
            await stranger.batch_status(WAVE)
        with pytest.raises(Unauthorised) as not_released:
            await provider.submit(letters, batch_id=WAVE, test=False)

    assert (wrong.value.error.code, not_released.value.error.code) == ("E001", "E319")


async def test_an_upload_that_takes_too_long_or_loses_its_provider_is_in_doubt(post: Post) -> None:
    await post.fault("delay", seconds=3, times=2)

    async with post.provider(upload_timeout=0.3) as hasty, post.provider() as provider:
        with pytest.raises(InDoubt):
            await hasty.submit(letters_of_a_wave(1), batch_id=WAVE, test=False)
        async with asyncio.TaskGroup() as group:
            doubt = group.create_task(_failure_of(provider))
            await asyncio.sleep(0.3)
            await post.kill()
        with pytest.raises(Unreachable):
            await provider.submit(letters_of_a_wave(1), batch_id=WAVE, test=False)
        health = await provider.health()

    assert isinstance(doubt.result(), InDoubt)
    assert health.state == "down"


async def test_a_letter_refused_by_the_print_centre_fails_with_its_reason(post: Post) -> None:
    await post.fault("reject_letter", code="E318")

    async with post.provider() as provider:
        await provider.submit(letters_of_a_wave(1), batch_id=WAVE, test=False)
        (failed,) = await wave_once_all_are(provider, "failed", "posted")

    assert failed.status == "failed"
    assert "E318" in [error.code for error in failed.errors]


async def test_a_country_the_provider_does_not_know_refuses_the_array(post: Post) -> None:
    good, bad = letters_of_a_wave(2)
    bad = replace(bad, address=replace(bad.address, country="Mittelerde"))

    async with post.provider() as provider:
        with pytest.raises(Refused) as refused:
            await provider.submit([good, bad], batch_id=WAVE, test=False)

    assert refused.value.error.code == "E305"
    assert (await post.summary())["received"] == 0


async def test_the_simulator_is_recognised(post: Post) -> None:
    async with post.provider() as provider:
        health = await provider.health()

    assert (health.state, health.simulator) == ("ok", True)


async def _failure_of(provider: EpostProvider) -> Exception | None:
    try:
        await provider.submit(letters_of_a_wave(1), batch_id=WAVE, test=False)
    except (InDoubt, Unreachable) as failure:
        return failure
    return None
