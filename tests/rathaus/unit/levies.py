"""Answers of the services, made for tests; nothing in them is about a real person."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from rathaus.levy.models import Notice, Reconciliation, Run

RUN_ID = UUID("3f1c2b1a-0000-4000-8000-000000000001")


def a_reconciliation(**changes: Any) -> Reconciliation:
    counts = dict.fromkeys(
        (
            *("below_minimum", "held_back", "unattributed_rows", "render_failed", "routed_mailbox", "unrouted"),
            *("failed", "unclear", "open"),
        ),
        0,
    )
    done = dict.fromkeys(("debtors", "assessed", "rendered", "routed_paper", "submitted", "posted"), 2100)
    amounts = dict.fromkeys(
        (
            *("amount_assessed", "amount_below_minimum", "amount_held_back", "amount_posted"),
            *("administration_charged", "administration_actual"),
        ),
        "10.00",
    )
    answer: dict[str, Any] = {
        "run_id": str(RUN_ID),
        "kind": "Umlage",
        "year": 2026,
        "state": "released",
        "rows": 8351,
        "row_errors": [],
        "pages": 4200,
        "sheets": 2100,
        "postage_net": "1701.00",
        "seconds": {"import": 0.3, "assess": 0.2, "render": 21.0, "release": None, "submit": None},
        "chain_closed": True,
        "differences": [],
    }
    return Reconciliation.model_validate({**answer, **counts, **done, **amounts, **changes})


def a_run() -> Run:
    return Run.model_validate(
        {
            "run_id": str(RUN_ID),
            "state": "released",
            "kind": "Umlage <der> Verbände",
            "year": 2026,
            "imported_by": "Vorführung A",
            "approved_by": "Vorführung B",
            "released_at": "2026-11-30T10:00:00+00:00",
            "root_hash": "ab" * 32,
            "progress": dict.fromkeys(
                ("notices", "rendered", "render_failed", "routed", "submitted", "posted", "failed", "unclear"), 2
            ),
            "findings": [],
            "forecast": {"letters": 2, "pages": 4, "sheets": 2, "net": "1.62"},
            "sum": "1234.50",
        }
    )


def a_notice(number: int, *, state: str = "posted") -> Notice:
    return Notice(
        notice_id=UUID(int=number),
        reference=f"5520.26000{number}.11",
        sha256="0" * 64,
        total=Decimal("617.25"),
        state=state,
    )
