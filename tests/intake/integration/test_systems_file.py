"""The systems file is read anew when it changes, and a broken one does no harm."""

from __future__ import annotations

from pathlib import Path

from services.intake.storage.systems_file import SystemsFile
from tests.intake.offices import POOLS, TREASURY, write_systems


def names(systems: SystemsFile) -> list[str]:
    return [each.name for each in systems.current().systems]


async def test_a_change_is_seen_at_the_next_look(tmp_path: Path) -> None:
    path = tmp_path / "systems.json"
    systems = SystemsFile(path)

    seen = [names(systems)]
    write_systems(path, POOLS)
    seen.append(names(systems))
    write_systems(path, TREASURY)
    seen.append(names(systems))
    path.unlink()
    seen.append(names(systems))

    assert seen == [[], ["baederamt"], ["stadtkasse"], []]
    assert await systems.problem() is None


async def test_a_broken_file_leaves_the_last_good_one_in_force_until_it_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "systems.json"
    write_systems(path, POOLS)
    systems = SystemsFile(path)
    names(systems)

    path.write_text('{"systems": [{"name": "x"}]}')
    broken = (names(systems), await systems.problem())
    write_systems(path, TREASURY)

    assert broken == (["baederamt"], "cannot be read; the last good one is in force")
    assert (names(systems), await systems.problem()) == (["stadtkasse"], None)


def test_without_a_file_nobody_may_send() -> None:
    assert names(SystemsFile(None)) == []
