"""Errors sorted by what to do about them."""

from __future__ import annotations


class NeverAgain(Exception):  # noqa: N818 - says what to do
    """The message can never be handled: straight to the dead letters. `reason` holds no personal data."""

    def __init__(self, reason: str) -> None:
        """Keep the reason, a stable code in our own words."""
        super().__init__(reason)
        self.reason = reason


class DependencyDown(Exception):  # noqa: N818 - says what to do
    """Something that handling needs is away. Not a failure of the message: wait, count nothing."""

    def __init__(self, dependency: str) -> None:
        """Name the dependency, for readiness and logs."""
        super().__init__(dependency)
        self.dependency = dependency
