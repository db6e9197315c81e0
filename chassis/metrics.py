"""Prometheus metrics with bounded labels: names from code and topology, never ids."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

OUTBOX_DEPTH = Gauge("rathaus_outbox_depth", "Events recorded and not yet on the bus", registry=REGISTRY)
OUTBOX_AGE = Gauge("rathaus_outbox_oldest_seconds", "Age of the oldest unsent event", registry=REGISTRY)
OUTBOX_PARKED = Gauge("rathaus_outbox_parked", "Events that the bus refused: somebody must look", registry=REGISTRY)
HANDLED = Counter(
    "rathaus_messages_handled_total",
    "Messages by consumer and outcome",
    ["durable", "outcome"],
    registry=REGISTRY,
)
HANDLING_SECONDS = Histogram(
    "rathaus_message_handling_seconds",
    "Time from fetching a message to its outcome",
    ["durable"],
    registry=REGISTRY,
    buckets=(0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300),
)
DEAD_LETTERS = Counter("rathaus_dead_letters_total", "Messages given up", ["durable", "reason"], registry=REGISTRY)
CONSUMER_PAUSED = Gauge(
    "rathaus_consumer_paused", "1 while a consumer waits for something that is away", ["durable"], registry=REGISTRY
)
BUS_VIOLATIONS = Counter(
    "rathaus_bus_permission_violations_total", "Forbidden subjects that this process tried", registry=REGISTRY
)
HTTP_SECONDS = Histogram(
    "rathaus_http_request_seconds",
    "HTTP requests by route, method and status",
    ["route", "method", "status"],
    registry=REGISTRY,
    buckets=(0.005, 0.02, 0.1, 0.5, 2, 10, 60),
)
MAILS = Counter(
    "rathaus_mails_total",
    "Single mails by purpose and what became of an attempt",
    ["purpose", "outcome"],
    registry=REGISTRY,
)
