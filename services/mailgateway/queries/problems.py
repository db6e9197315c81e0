"""Letters that need somebody: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mailgateway.domain.decision import WITHDRAWN
from services.mailgateway.domain.letter_state import LetterState
from services.mailgateway.domain.letters import reference_of
from services.mailgateway.gateways.epost_errors import explain
from services.mailgateway.storage.letters import NOT_HANDED_OUT
from services.mailgateway.storage.tables import LetterRow

WITHOUT_DOCUMENT = and_(
    LetterRow.state.in_([LetterState.WAITING, LetterState.INTENT]), LetterRow.reason == NOT_HANDED_OUT
)
_DECIDED_BY_PEOPLE = (LetterState.FAILED, LetterState.UNCLEAR)
STANDING = {
    LetterState.WAITING: "wartet auf den Versand",
    LetterState.INTENT: "wird gerade versandt oder geprüft",
    LetterState.SUBMITTED: "ist bei der Post",
    LetterState.CHECKED: "ist bei der Post geprüft",
    LetterState.PRINTING: "ist bei der Post im Druck",
    LetterState.POSTED: "ist zur Post gegeben",
    LetterState.FAILED: "wird nicht versandt",
    LetterState.UNCLEAR: "ist ungeklärt",
}
_DECIDE = (
    "Bitte im Kundenportal der Post nach der Kennung des Briefs suchen und dann mit „rathaus letter decide“ "
    "entscheiden: --posted DATUM, wenn er dort versandt ist; --send-again, wenn er dort fehlt; --withdraw, wenn er "
    "nicht mehr versandt werden soll."
)
_WHY_UNCLEAR = {
    "window_passed": "Ob die Post den Brief hat, ist nicht sicher: Ihre Empfangsbestätigung fehlt.",
    "clock_went_back": "Ob die Post den Brief hat, ist nicht sicher: Die Uhr dieses Rechners wurde zurückgestellt.",
    "first_submission_unknown": "Die Post hält den Brief für doppelt, nennt aber die erste Einlieferung nicht.",
}
_AFTER_FAILURE = (
    " Danach mit „rathaus letter decide“ entscheiden: --send-again, um ihn noch einmal zu versenden, oder --withdraw."
)


async def troubled_of_run(session: AsyncSession, run_id: UUID) -> Sequence[LetterRow]:
    """Return the letters of a run about which a person must know."""
    rows = await session.scalars(
        select(LetterRow)
        .where(LetterRow.run_id == run_id, or_(LetterRow.state.in_(_DECIDED_BY_PEOPLE), WITHOUT_DOCUMENT))
        .order_by(LetterRow.letter_id)
    )
    return rows.all()


def problem_of(row: LetterRow) -> dict[str, str | None]:
    """Explain a letter that needs somebody; `reference` is what the provider's portal finds it by."""
    title, action = _explained(LetterState(row.state), row.reason or "")
    return {
        "letter_id": str(row.letter_id),
        "reference": reference_of(row.letter_id, row.attempt),
        # In doubt and unable to be sent again for want of its document, it waits too.
        "state": row.state if row.state in _DECIDED_BY_PEOPLE else LetterState.WAITING,
        "code": row.reason,
        "title": title,
        "action": action,
    }


def _explained(state: LetterState, reason: str) -> tuple[str, str]:
    if state is LetterState.UNCLEAR:
        return "Versand ungeklärt", f"{_WHY_UNCLEAR.get(reason, _WHY_UNCLEAR['window_passed'])} {_DECIDE}"
    if state is not LetterState.FAILED:
        return "Dokument fehlt", (
            "Der Bescheid ist in der Ablage nicht zu finden oder dort verändert worden. Bitte die Ablage der Bescheide "
            "aus der Sicherung wiederherstellen; der Brief geht dann von selbst hinaus."
        )
    if reason == WITHDRAWN:
        return "Zurückgezogen", "Nichts zu tun: Es wurde entschieden, den Brief nicht zu versenden."
    text = explain(reason)
    return text.title, text.action + _AFTER_FAILURE
