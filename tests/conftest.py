"""Fixtures that every test may ask for: a real nats-server and real databases."""

pytest_plugins = (
    "tests.support.workers",
    "tests.support.nats",
    "tests.support.postgres",
    "tests.support.databases",
    "tests.support.toy.town",
)
