"""What the door of a running town hall counts: per system, what came today and which reports wait."""

from __future__ import annotations

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from chassis.tokens import token_for
from rathaus.embedded.home import Home
from rathaus.embedded.state import HallState, read_state

_DOOR = "intake"
_TIMEOUT_SECONDS = 5.0


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class SystemToday(_Answer):
    """One system, as the door counts."""

    name: str
    accepted_today: int
    waiting_reports: int


class _Overview(_Answer):
    systems: tuple[SystemToday, ...]


def running_hall(home: Home) -> HallState | None:
    """Return the state of the town hall of a folder when it runs and its door has an address."""
    state = read_state(home)
    return state if state is not None and state.is_alive() and _DOOR in state.addresses else None


def today_of(home: Home, state: HallState) -> dict[str, SystemToday] | None:
    """Return what the door counts, by system; None when it does not answer at once."""
    try:
        headers = {"authorization": f"Bearer {token_for(home.secrets('rathaus'), _DOOR)}"}
        answer = httpx.get(f"{state.addresses[_DOOR]}/systems", headers=headers, timeout=_TIMEOUT_SECONDS)
        overview = _Overview.model_validate_json(answer.raise_for_status().content)
    except (httpx.HTTPError, ValidationError, OSError):
        return None
    return {each.name: each for each in overview.systems}
