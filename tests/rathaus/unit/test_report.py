from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from rathaus.embedded.home import Home
from rathaus.levy.costs import OldWay, manual_steps
from rathaus.levy.report import make_report, write_report
from tests.rathaus.unit.levies import a_reconciliation

PROMISED = {
    *("rows", "debtors", "assessed", "below_minimum", "held_back", "unattributed_rows", "row_errors", "rendered"),
    *("render_failed", "routed_paper", "routed_mailbox", "unrouted", "submitted", "posted", "failed", "unclear"),
    *("open", "amount_assessed", "amount_below_minimum", "amount_held_back", "amount_posted"),
    *("administration_charged", "administration_actual", "pages", "sheets", "postage_net", "old_way_cost"),
    *("manual_steps", "seconds", "chain_closed"),
}


def test_the_old_way_counts_postage_envelope_paper_ink_and_work() -> None:
    cost = OldWay().cost(letters=2100, pages=4200, sheets=2100)

    # 2100 x (0.81 + 0.05) + 2100 x 0.015 + 4200 x 0.03 + 2100 x 2 min at 38 EUR an hour
    assert cost == Decimal("1806.00") + Decimal("31.50") + Decimal("126.00") + Decimal("2660.00")


def test_the_town_sets_its_own_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATHAUS_OLD_WAY_POSTAGE", "0.95")
    monkeypatch.setenv("RATHAUS_OLD_WAY_MINUTES_PER_LETTER", "0")

    cost = OldWay().cost(letters=10, pages=10, sheets=10)

    assert cost == Decimal("10.45")


def test_whatever_needs_a_decision_is_a_manual_step() -> None:
    steps = manual_steps(a_reconciliation(held_back=3, failed=2, unclear=1, render_failed=1))

    assert steps.new == 3 + 3 + 4
    assert steps.old == 2 + 4 * 2100 + 3


def test_the_report_has_every_promised_figure_and_money_as_text(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    home.provision()
    report = make_report(a_reconciliation(), old_way=OldWay(), total_seconds=42.1234)

    files = write_report(home, report, b"\xef\xbb\xbfZeile;Spalte\r\n", more=[tmp_path / "out.json"])

    written = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert written.keys() >= PROMISED
    assert written["seconds"] == {
        "import": 0.3, "assess": 0.2, "render": 21.0, "release": None, "submit": None, "total": 42.123,
    }  # fmt: skip
    assert (written["postage_net"], written["old_way_cost"]) == ("1701.00", "4623.50")
    assert files.report.read_text("utf-8") == (tmp_path / "out.json").read_text("utf-8")
    assert files.row_errors.read_bytes().startswith(b"\xef\xbb\xbf")
