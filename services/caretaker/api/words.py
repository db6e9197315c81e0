"""Plain German for what was not done."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from chassis.http import Problem
from contracts.topology import DURABLES
from services.caretaker.domain.errors import (
    BodyGoneError,
    HistoryGoneError,
    NoSuchDurableError,
    NoSuchLetterError,
    NotReplayableError,
)
from services.caretaker.gateways.redelivery import StreamFullError

_NOT_REPLAYABLE = {
    "work_queue": "Der Eingang von Fachverfahren behält nichts, was schon bearbeitet ist. "
    "Was nicht bearbeitet werden konnte, steht bei den unzustellbaren Nachrichten.",
    "no_claims": "Er merkt sich nicht, was er schon bearbeitet hat, und würde alles noch einmal tun.",
}


@asynccontextmanager
async def in_words() -> AsyncGenerator[None]:
    """Say in plain German why something was not done."""
    try:
        yield
    except NoSuchLetterError as error:
        raise Problem(
            404, f"Eine unzustellbare Nachricht {error} gibt es nicht (mehr).", "Die Nummern zeigt „rathaus dlq list“."
        ) from None
    except NoSuchDurableError as error:
        names = ", ".join(each.name for each in DURABLES)
        raise Problem(404, f"Einen Empfänger „{error}“ gibt es nicht.", f"Es gibt: {names}.") from None
    except BodyGoneError:
        raise Problem(
            409,
            "Der Inhalt dieser Nachricht ist nicht mehr da.",
            "Er war getrennt verwahrt und ist gelöscht. Bitte das Fachverfahren bitten, sie neu zu senden, "
            "und diese hier verwerfen.",
        ) from None
    except StreamFullError:
        raise Problem(
            409,
            "Der Eingang dieses Empfängers ist voll.",
            "Bitte warten, bis er den Rückstand abgearbeitet hat; nichts ist verloren.",
        ) from None
    except NotReplayableError as error:
        why = _NOT_REPLAYABLE[error.why]
        raise Problem(409, "Diesem Empfänger lässt sich nichts noch einmal zustellen.", why) from None
    except HistoryGoneError as error:
        raise Problem(409, "So weit reicht der Strom nicht mehr zurück.", _reach(error)) from None


def _reach(error: HistoryGoneError) -> str:
    instant = f"{error.complete_from:%d.%m.%Y %H:%M:%S} (UTC): {error.complete_from.isoformat()}"
    if error.empty:
        return f"Er enthält nichts mehr; vollständig ist er nur für die Zeit nach dem {instant}"
    return f"Vollständig ist er ab {instant}"
