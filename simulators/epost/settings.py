"""How one simulator process is set up."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

DEFAULT_STAGES = (120.0, 7_200.0, 129_600.0)
DuplicateMode = Literal["letter", "request"]


@dataclass(frozen=True)
class Credentials:
    """What a login must carry; kept out of every repr."""

    vendor_id: str = "SIM"
    ekp: str = "1234567890"
    secret: str = field(default="secret", repr=False)
    password: str = field(default="password", repr=False)


@dataclass(frozen=True)
class Settings:
    """The command line, parsed."""

    data: Path
    speed: float = 1.0
    stage_seconds: tuple[float, float, float] = DEFAULT_STAGES
    test_letters_per_day: int = 500
    duplicate_mode: DuplicateMode = "letter"
    credentials: Credentials = field(default_factory=Credentials)

    @property
    def posts_on_working_days(self) -> bool:
        """Whoever names own stages wants them to the second."""
        return self.stage_seconds == DEFAULT_STAGES
