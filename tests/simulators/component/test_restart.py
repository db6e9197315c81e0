"""Killed at any moment, the provider loses nothing it has confirmed and doubles nothing."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.simulators.paper import letter
from tests.simulators.provider import FAST, Provider, a_letter

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 10


@pytest.mark.parametrize("delay", [0.05, 0.2, 0.45])
def test_a_kill_during_uploads_leaves_whole_arrays(tmp_path: Path, delay: float) -> None:
    with Provider(tmp_path / "provider", *FAST) as provider:
        provider.login()
        confirmed: set[int] = set()
        uploads = threading.Thread(target=_upload_until_cut_off, args=(provider, confirmed))
        uploads.start()
        threading.Event().wait(delay)
        provider.kill()
        uploads.join()
        provider.restart()

        received = provider.received()

        assert confirmed <= {each["letterID"] for each in received}
        assert set(Counter(each["batchID"] for each in received).values()) <= {SIZE}
        assert len({each["custom1"] for each in received}) == len(received)
        for each in received[-SIZE:]:
            document = provider.http.get(f"/_control/letters/{each['letterID']}.pdf").content
            assert hashlib.sha256(document).hexdigest() == each["sha256"]


def test_letters_not_yet_examined_are_taken_up_again(tmp_path: Path) -> None:
    with Provider(tmp_path / "provider", *FAST) as provider:
        provider.login()
        numbers = provider.submit(*(a_letter(f"brief-{n}", pdf=letter(pages=9)) for n in range(60)))
        provider.kill()
        provider.restart()

        statuses = [provider.settled(number)["statusID"] for number in numbers]

        assert 99 not in statuses


def test_the_clock_and_the_ordered_faults_survive(tmp_path: Path) -> None:
    with Provider(tmp_path / "provider", "--speed", "50") as provider:
        provider.order(kind="drop_after", times=3, skip=1)
        provider.advance(1_000_000)
        before = provider.http.get("/_control/clock").json()["epoch"]
        provider.kill()
        provider.restart("--speed", "1")

        after = provider.http.get("/_control/clock").json()
        (rule,) = provider.http.get("/_control/faults").json()

    assert 0 < after["epoch"] - before < 50 * 30
    assert after["speed"] == 1
    assert (rule["kind"], rule["times"], rule["skip"]) == ("drop_after", 3, 1)


def test_a_login_outlives_the_process(tmp_path: Path) -> None:
    with Provider(tmp_path / "provider", *FAST) as provider:
        provider.login()
        token = provider.http.headers["Authorization"]
        provider.kill()
        provider.restart()

        answer = provider.http.get("/api/Letter/Open", headers={"Authorization": token})

    assert answer.json()["code"] == "E201"


def _upload_until_cut_off(provider: Provider, confirmed: set[int]) -> None:
    pdf = letter()
    for batch in range(1, 1000):
        letters = [a_letter(f"brief-{batch}-{number}", pdf=pdf, batchID=batch) for number in range(SIZE)]
        try:
            confirmed |= set(provider.submit(*letters))
        except httpx.TransportError:
            return
