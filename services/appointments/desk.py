"""What every command of this service works with; built once in `main`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from chassis.clock import Clock
from chassis.database import Database
from services.appointments.domain.master_data import MasterData
from services.appointments.planner import Planner
from services.appointments.settings import AppointmentsSettings
from services.appointments.together import Together


@dataclass(frozen=True, slots=True)
class Desk:
    """Database, calendar, rules and clock."""

    database: Database
    master: MasterData
    planner: Planner
    settings: AppointmentsSettings
    key: bytes
    """Signs links, challenges and hashes of client addresses."""
    now: Clock
    freed: Callable[[], None]
    """Call after the commit that freed a time: the waiting list looks at once."""
    together: Together = field(default_factory=Together)
    """Holds that arrive at once share a transaction."""
