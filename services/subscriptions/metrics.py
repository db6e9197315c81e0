"""Metrics of subscriptions."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

from chassis.metrics import REGISTRY

DELIVERIES = Counter(
    "rathaus_deliveries_total",
    "Letters handed over, by channel and what came of it",
    ["channel", "outcome"],
    registry=REGISTRY,
)
DELIVERY_SECONDS = Histogram(
    "rathaus_delivery_seconds",
    "Time from the release of an announcement until a person's letter was taken",
    ["urgency"],
    registry=REGISTRY,
    buckets=(0.5, 1, 2, 5, 10, 30, 60, 300, 1800),
)
UNCERTAIN = Counter(
    "rathaus_deliveries_uncertain_total",
    "Letters that go out again, with the same Message-ID, since nobody knows whether they were taken",
    registry=REGISTRY,
)
EXPIRED = Counter("rathaus_deliveries_expired_total", "Letters dropped because they came too late", registry=REGISTRY)
DELIVERIES_WAITING = Gauge(
    "rathaus_deliveries_waiting", "Letters that wait to be handed over", ["urgency"], registry=REGISTRY
)
HOSTS_PAUSED = Gauge("rathaus_hosts_paused", "Mail hosts and push services left alone for a while", registry=REGISTRY)
RELAY_UP = Gauge("rathaus_mail_relay_up", "0 while the town's mail relay is away", registry=REGISTRY)
WEATHER_WATCH = Gauge(
    "rathaus_weather_watch_state",
    "1 for the present state of the weather watch of a pool: seeing, stale, blind, unwatched",
    ["pool", "state"],
    registry=REGISTRY,
)
