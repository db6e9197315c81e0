"""Metrics of the doors: what comes in, and what nobody fetches."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

from chassis.metrics import REGISTRY

EVENTS = Counter(
    "rathaus_intake_events_total",
    "Events of other systems by door and outcome: accepted, duplicate, or the code of the refusal",
    ["system", "door", "outcome"],
    registry=REGISTRY,
)
REPORTS = Gauge("rathaus_intake_reports", "Bodies of reports that are kept", registry=REGISTRY)
REPORTS_OVERDUE = Gauge(
    "rathaus_intake_reports_overdue", "Reports that nobody has fetched for two days: an alarm", registry=REGISTRY
)
SYSTEMS_BROKEN = Gauge(
    "rathaus_intake_systems_file_broken", "1 while the systems file cannot be read: an alarm", registry=REGISTRY
)
