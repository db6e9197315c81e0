"""Metrics of the caretaker: what has been given up, and who is behind."""

from __future__ import annotations

from prometheus_client import Gauge

from chassis.metrics import REGISTRY

WAITING_LETTERS = Gauge(
    "rathaus_dead_letters_waiting", "Dead letters that wait for a person", ["durable"], registry=REGISTRY
)
OLDEST_LETTER = Gauge(
    "rathaus_dead_letter_oldest_seconds", "Age of the oldest dead letter, 0 without one", ["durable"], registry=REGISTRY
)
PENDING = Gauge("rathaus_consumer_pending", "Messages not yet delivered", ["durable"], registry=REGISTRY)
LAG = Gauge(
    "rathaus_consumer_lag_ratio",
    "Age of the oldest unfinished message in parts of the age at which its stream drops it: 1 is loss",
    ["durable"],
    registry=REGISTRY,
)
STREAM_BYTES = Gauge("rathaus_streams_bytes", "Bytes that a stream holds", ["stream"], registry=REGISTRY)
