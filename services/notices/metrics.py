"""Metrics of notices: how far the letters are, and whether every row and euro is accounted for."""

from __future__ import annotations

from prometheus_client import Gauge

from chassis.metrics import REGISTRY

NOTICES = Gauge("rathaus_notices", "Notices of released runs by state", ["state"], registry=REGISTRY)
CHAINS_BROKEN = Gauge("rathaus_runs_chain_broken", "Runs whose count chain does not close: an alarm", registry=REGISTRY)
