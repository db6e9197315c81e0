"""How a whole run uses a small machine: folders in memory, long tests first, one town hall at a time."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import psutil
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it
_ROOM = 4 * 1024**3
_LONG = ("tests/end_to_end/", "tests/rathaus/integration/", "tests/browser/", "tests/chassis/", "tests/subscriptions/")
"""What begins first: a file that begins last would keep one worker busy and the others idle."""
_ALONE = ("tests/end_to_end/", "tests/rathaus/integration/test_hall.py")
"""Whole town halls, which need all of a small machine: one worker starts them one after the other."""


class _Workers(LoadFileScheduling):
    """Each file goes to one worker, which gets to the next of the same folder before others begin with it."""

    def _split_scope(self, nodeid: str) -> str:
        return _ALONE[0] if nodeid.startswith(_ALONE) else nodeid.partition("::")[0]


def pytest_configure(config: pytest.Config) -> None:
    """Let temporary folders lie in memory if there is room for them: no test cuts the power, so none needs a disk."""
    if "PYTEST_DEBUG_TEMPROOT" not in os.environ and _has_room():
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(_MEMORY)
    config.option.loadscopereorder = False


def _has_room() -> bool:
    try:
        may_run = not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC
        return may_run and min(shutil.disk_usage(_MEMORY).free, psutil.virtual_memory().available) > _ROOM
    except OSError:
        return False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long ones first and keep the files of a folder together: they share what they start."""
    items.sort(key=lambda item: next((at for at, each in enumerate(_LONG) if item.nodeid.startswith(each)), len(_LONG)))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _Workers:
    return _Workers(config, log)
