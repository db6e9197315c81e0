"""Providers for the tests: a shared fast one, and fresh ones on request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.simulators.provider import FAST, Provider

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@pytest.fixture
def provider(tmp_path: Path) -> Generator[Provider]:
    """Run a fresh provider a thousand times faster than life, logged in."""
    with Provider(tmp_path / "provider", *FAST) as running:
        running.login()
        yield running


@pytest.fixture(scope="module")
def shared_provider(tmp_path_factory: pytest.TempPathFactory) -> Generator[Provider]:
    """Run one provider for the tests of a module that do not disturb each other."""
    with Provider(tmp_path_factory.mktemp("shared") / "provider", *FAST) as running:
        running.login()
        yield running
