from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from services.mailgateway.domain.batching import batch_id, chunks, upload_bytes, waves_of_levy
from services.mailgateway.domain.letters import read_reference, reference_of
from services.mailgateway.gateways.epost_models import upload_body
from tests.mailgateway.unit.letters import a_letter


def test_a_wave_has_the_same_number_on_every_installation_and_for_ever() -> None:
    number = batch_id("15090546", "levy", 2026, duplex=True, colour=False, test=False)

    assert number == 1_074_864_698


def test_every_combination_of_options_is_a_wave_of_its_own() -> None:
    switches = list(itertools.product((True, False), repeat=3))

    numbers = {batch_id("15090546", "levy", 2026, duplex=d, colour=c, test=t) for d, c, t in switches}

    assert len(numbers) == 8


def test_a_levy_has_a_wave_for_every_combination_of_options_in_one_mode() -> None:
    live = waves_of_levy("15090546", "levy", 2026, test=False)
    tests = waves_of_levy("15090546", "levy", 2026, test=True)

    assert {(wave.duplex, wave.colour) for wave in live} == set(itertools.product((True, False), repeat=2))
    assert 1_074_864_698 in {wave.batch_id for wave in live}
    assert len({wave.batch_id for wave in (*live, *tests)}) == 8


@given(st.text(), st.text(), st.integers(1900, 3000), st.booleans(), st.booleans(), st.booleans())
def test_the_number_of_a_wave_is_a_positive_int32(
    town: str, kind: str, year: int, duplex: bool, colour: bool, test: bool
) -> None:
    assert 0 < batch_id(town, kind, year, duplex=duplex, colour=colour, test=test) < 2**31


@given(st.lists(st.integers(1, 400)), st.integers(1, 60), st.integers(1, 1000))
def test_chunks_lose_double_and_reorder_nothing_and_keep_both_bounds(
    sizes: list[int], most: int, most_bytes: int
) -> None:
    cut = list(chunks(sizes, size=lambda size: size, most=most, most_bytes=most_bytes))

    assert [size for chunk in cut for size in chunk] == sizes
    assert all(1 <= len(chunk) <= most for chunk in cut)
    assert all(len(chunk) == 1 or sum(chunk) <= most_bytes for chunk in cut)


def test_two_thousand_one_hundred_letters_make_forty_two_uploads() -> None:
    cut = list(chunks([60_000] * 2_100, size=upload_bytes, most_bytes=300_000_000))

    assert len(cut) == 42


@given(st.binary(max_size=4_000), st.integers(1, 99))
def test_the_estimate_of_a_letter_in_a_request_is_an_upper_bound(pdf: bytes, attempt: int) -> None:
    letter = a_letter(attempt=attempt, pdf=pdf)

    assert len(upload_body([letter], batch_id=2**31 - 1, test=False)) <= upload_bytes(len(pdf))


def test_a_reference_is_read_back_and_a_foreign_one_is_nobodys() -> None:
    letter = a_letter(attempt=3)

    assert read_reference(reference_of(letter.letter_id, 3)) == (letter.letter_id, 3)
    assert [read_reference(text) for text in (None, "", "RE0136645", "a.b", "x.1", f"{letter.letter_id}.")] == [
        None
    ] * 6
