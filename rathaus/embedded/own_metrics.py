"""What a forked child measures: the fork server has loaded all services, and so registered what any of them measures.

Loaded last by the fork server. Who measures what is looked up there: a child that walked over all modules would write
into their pages, and share them no more.
"""

from __future__ import annotations

import sys

from prometheus_client.metrics import MetricWrapperBase

from chassis.metrics import REGISTRY


def _metrics_by_main() -> dict[str, list[MetricWrapperBase]]:
    found: dict[str, list[MetricWrapperBase]] = {}
    for name, loaded in list(sys.modules.items()):
        match name.split("."):
            case ["services", service, "metrics"]:
                measured = [each for each in vars(loaded).values() if isinstance(each, MetricWrapperBase)]
                found[f"services.{service}.main"] = measured
            case _:
                pass
    return found


_METRICS = _metrics_by_main()


def keep_own_metrics(module: str) -> None:
    """Drop what only other services measure: nobody sets it here, and a 0 could be an alarm."""
    for main, measured in _METRICS.items():
        if main != module:
            for each in measured:
                REGISTRY.unregister(each)
