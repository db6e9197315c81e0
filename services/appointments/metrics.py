"""Metrics of appointments: numbers only."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

from chassis.metrics import REGISTRY

APPOINTMENTS = Counter(
    "rathaus_appointments_total",
    "Appointments by office, how they came about, and what has happened to them",
    ["office", "channel", "outcome"],
    registry=REGISTRY,
)
REMINDERS_WAITING = Gauge(
    "rathaus_reminders_waiting", "Reminders that the bus does not have yet as they are now", registry=REGISTRY
)
