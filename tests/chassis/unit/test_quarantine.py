"""Messages that may be killing their process: alone, in random order, and nobody waits for ever."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from chassis.failures import ALONE_DELIVERY, GIVEN_BACK_REMEMBERED, SETTLE_SECONDS, SUSPECT_DELIVERY, Quarantine


class Room:
    """Notes who is in it together."""

    def __init__(self) -> None:
        self.inside: set[str] = set()
        self.entered: list[str] = []
        self.met: list[frozenset[str]] = []

    async def stay(self, quarantine: Quarantine, name: str, *, delivery: int = 1, seconds: float = 0.02) -> None:
        async with quarantine.admit(name, delivery=delivery):
            self.inside.add(name)
            self.entered.append(name)
            self.met.append(frozenset(self.inside))
            await asyncio.sleep(seconds)
            self.inside.remove(name)


async def test_messages_of_good_repute_are_handled_side_by_side() -> None:
    room, quarantine = Room(), Quarantine()

    await asyncio.gather(*(room.stay(quarantine, str(number)) for number in range(8)))

    assert max(len(each) for each in room.met) == 8


async def test_a_young_suspect_is_parted_in_time_only() -> None:
    room, quarantine = Room(), Quarantine()

    suspects = (room.stay(quarantine, str(number), delivery=SUSPECT_DELIVERY, seconds=0.5) for number in range(8))
    await asyncio.gather(*suspects)

    assert max(len(each) for each in room.met) == 8


async def test_an_old_suspect_meets_nobody() -> None:
    room, quarantine = Room(), Quarantine()
    suspects = [room.stay(quarantine, f"suspect {number}", delivery=ALONE_DELIVERY) for number in range(4)]

    await asyncio.gather(*suspects, *(room.stay(quarantine, f"{number}", seconds=0.4) for number in range(4)))

    assert [each for each in room.met if any("suspect" in name for name in each) and len(each) > 1] == []
    assert len(room.entered) == 8


@pytest.mark.parametrize("delivery", [SUSPECT_DELIVERY, ALONE_DELIVERY])
async def test_chance_decides_which_suspect_goes_first(delivery: int) -> None:
    first: Counter[str] = Counter()

    async def once() -> None:
        room, quarantine = Room(), Quarantine()
        suspects = (room.stay(quarantine, name, delivery=delivery, seconds=0) for name in ("a", "b", "c", "d"))
        await asyncio.gather(*suspects)
        first[room.entered[0]] += 1

    await asyncio.gather(*(once() for _ in range(100)))

    assert len(first) == 4


async def test_an_old_suspect_does_not_wait_for_ever_in_a_busy_process() -> None:
    room, quarantine = Room(), Quarantine()

    async def busy(name: str) -> None:
        while "suspect" not in room.entered:
            await room.stay(quarantine, name, seconds=0.01)

    async with asyncio.timeout(5):
        await asyncio.gather(busy("one"), busy("two"), room.stay(quarantine, "suspect", delivery=ALONE_DELIVERY))

    assert frozenset({"suspect"}) in room.met


async def test_what_the_process_gave_back_itself_is_no_suspect() -> None:
    room, quarantine = Room(), Quarantine()
    quarantine.given_back("failing", delivery=ALONE_DELIVERY)
    quarantine.given_back("failed before a crash", delivery=ALONE_DELIVERY)

    await asyncio.gather(
        room.stay(quarantine, "another", seconds=1),
        room.stay(quarantine, "failing", delivery=ALONE_DELIVERY + 1),
        room.stay(quarantine, "failed before a crash", delivery=ALONE_DELIVERY + 2),
    )

    assert room.met == [
        frozenset({"another"}),
        frozenset({"another", "failing"}),
        frozenset({"failed before a crash"}),
    ]


async def test_an_error_or_the_end_of_a_task_leaves_the_door_open() -> None:
    room, quarantine = Room(), Quarantine()
    holding = asyncio.ensure_future(room.stay(quarantine, "holding", seconds=60))
    waiting = asyncio.ensure_future(room.stay(quarantine, "waiting", delivery=ALONE_DELIVERY))
    await asyncio.sleep(2 * SETTLE_SECONDS)

    for task in (waiting, holding):
        task.cancel()
    await asyncio.gather(waiting, holding, return_exceptions=True)

    async with asyncio.timeout(2):
        await room.stay(quarantine, "next")
        await room.stay(quarantine, "next suspect", delivery=ALONE_DELIVERY)


def test_memory_of_what_was_given_back_is_bounded() -> None:
    quarantine = Quarantine()

    for number in range(2 * GIVEN_BACK_REMEMBERED):
        quarantine.given_back(str(number), delivery=1)

    assert len(vars(quarantine)["_given_back"]) == GIVEN_BACK_REMEMBERED
