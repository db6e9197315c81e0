"""Metrics of the mail gateway."""

from __future__ import annotations

from prometheus_client import Gauge

from chassis.metrics import REGISTRY

POSTED_TWICE = Gauge(
    "rathaus_letters_posted_twice",
    "Letters of a wave with two living submissions: must be 0",
    ["batch"],
    registry=REGISTRY,
)
LETTERS = Gauge(
    "rathaus_letters", "Letters by state; intent is in doubt, unclear waits for a clerk", ["state"], registry=REGISTRY
)
WITHOUT_DOCUMENT = Gauge(
    "rathaus_letters_without_document",
    "Letters that cannot be sent since notices hands out no document: somebody must look",
    registry=REGISTRY,
)
PROVIDER_UP = Gauge("rathaus_print_provider_up", "1 when the print provider answers", registry=REGISTRY)
