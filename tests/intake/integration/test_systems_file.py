"""The systems file is read anew when it changes; a broken or missing one refuses nobody for good."""

from __future__ import annotations

import resource
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chassis.errors import DependencyDown
from services.intake.storage.systems_file import SystemsFile
from tests.intake.offices import POOLS, TREASURY, write_systems

BROKEN = '{"systems": [{"name": "x"}]}'


def names(systems: SystemsFile) -> list[str]:
    return [each.name for each in systems.current().systems]


async def test_a_change_is_seen_at_the_next_look(tmp_path: Path) -> None:
    path = tmp_path / "systems.json"
    write_systems(path, POOLS)
    systems = SystemsFile(path)

    seen = [names(systems)]
    write_systems(path, TREASURY)
    seen.append(names(systems))
    write_systems(path)
    seen.append(names(systems))

    assert seen == [["baederamt"], ["stadtkasse"], []]
    assert await systems.problem() is None


async def test_a_broken_file_leaves_the_last_good_one_in_force_until_it_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "systems.json"
    write_systems(path, POOLS)
    systems = SystemsFile(path)
    names(systems)

    path.write_text(BROKEN)
    broken = (names(systems), await systems.problem())
    write_systems(path, TREASURY)

    assert broken == (["baederamt"], "cannot be read; the last good one is in force")
    assert (names(systems), await systems.problem()) == (["stadtkasse"], None)


@pytest.mark.parametrize("content", [None, BROKEN, ""])
async def test_nobody_is_a_stranger_before_a_good_file_was_read(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "systems.json"
    if content is not None:
        path.write_text(content)
    systems = SystemsFile(path)

    with pytest.raises(DependencyDown, match="systems file"):
        names(systems)
    problem = await systems.problem()
    write_systems(path, POOLS)

    assert problem in {"is missing", "cannot be read; there is none before it"}
    assert (names(systems), await systems.problem()) == (["baederamt"], None)


async def test_a_file_that_vanishes_makes_nobody_a_stranger_and_keeps_nobody_in(tmp_path: Path) -> None:
    path = tmp_path / "systems.json"
    write_systems(path, POOLS)
    systems = SystemsFile(path)
    names(systems)
    hidden = path.rename(tmp_path / "hidden")

    with pytest.raises(DependencyDown, match="systems file"):
        names(systems)
    problem = await systems.problem()
    hidden.rename(path)

    assert problem == "is missing"
    assert (names(systems), await systems.problem()) == (["baederamt"], None)


async def test_a_revocation_that_could_not_be_read_at_once_is_read_later(tmp_path: Path) -> None:
    path = tmp_path / "systems.json"
    write_systems(path, POOLS, TREASURY)
    systems = SystemsFile(path)
    names(systems)
    write_systems(path, POOLS)

    with no_more_files():
        unreadable = (names(systems), await systems.problem())

    assert unreadable == (["baederamt", "stadtkasse"], "cannot be read; the last good one is in force")
    assert (names(systems), await systems.problem()) == (["baederamt"], None)


@contextmanager
def no_more_files() -> Generator[None]:
    """The file is there and tells its version, and cannot be opened: the process has too many files open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_without_a_configured_file_nobody_may_send() -> None:
    assert names(SystemsFile(None)) == []
