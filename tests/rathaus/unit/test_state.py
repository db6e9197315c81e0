from __future__ import annotations

import os
from pathlib import Path

import pytest

from rathaus.embedded.home import Home
from rathaus.embedded.state import birth_of, hall_lock, read_state, write_state
from tests.rathaus.unit.states import a_state


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home.at(tmp_path)
    made.provision()
    return made


def test_the_state_comes_back_as_it_was_written(home: Home) -> None:
    state = a_state(pid=os.getpid(), birth=birth_of(os.getpid()) or "")

    write_state(home, state)

    assert read_state(home) == state
    assert state.is_alive()


def test_a_process_id_that_went_to_somebody_else_is_not_the_supervisor() -> None:
    assert not a_state(pid=os.getpid(), birth="1").is_alive()


def test_a_dead_supervisor_is_not_alive() -> None:
    assert not a_state(pid=2**22, birth="1").is_alive()


def test_a_state_that_cannot_be_read_is_none(home: Home) -> None:
    (home.run / "state.json").write_text('{"pid": 1', "utf-8")

    assert read_state(home) is None


def test_a_folder_belongs_to_one_at_a_time(home: Home) -> None:
    first, second = hall_lock(home), hall_lock(home)

    assert first.take()
    assert not second.take()

    first.close()
    assert second.take()
    second.close()
