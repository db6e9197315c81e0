"""The life of a service as a process: waits, serves, traces, logs, survives SIGKILL, ends when asked."""

from __future__ import annotations

import json
from signal import SIGTERM
from time import monotonic
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from contracts.topology import CARETAKER
from tests.support.eventually import eventually
from tests.support.nats import Bus, bus_of
from tests.support.otlp import Received, otlp_receiver
from tests.support.toy.main import UNWELCOME
from tests.support.toy.town import ToyService, ToyTown


async def both_ready(*services: ToyService) -> None:
    for service in services:
        await eventually(service.ready)


async def has_effects(service: ToyService, number: int) -> bool:
    return await service.effects() == number


async def test_a_service_waits_for_its_bus_and_then_serves(town: ToyTown) -> None:
    service = town.start("accounts")
    assert (await service.get("/livez")).status_code == 200
    assert (await service.get("/effects")).status_code == 503

    town.nats.start()
    assert not await service.ready()
    async with bus_of(town.nats):
        await eventually(service.ready)

    assert (await service.get("/effects")).text == "0"


async def test_one_trace_leads_from_the_request_over_outbox_and_bus_to_the_handler(town: ToyTown) -> None:
    with otlp_receiver() as received:
        town.environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://127.0.0.1:{received.server_port}"
        town.nats.start()
        async with bus_of(town.nats):
            notices, accounts = town.start("notices"), town.start("accounts")
            await both_ready(notices, accounts)
            await notices.post("/notices?count=1")
            await eventually(lambda: has_effects(accounts, 1))
            town.stop()

    traces = {span.trace_id for _, span in received.spans if span.name == "POST /notices"}
    assert len(traces) == 1
    assert services_in(received, traces.pop()) == {"notices", "accounts"}
    assert kinds_in(received) >= {Span.SPAN_KIND_SERVER, Span.SPAN_KIND_CONSUMER}


def services_in(received: Received, trace_id: bytes) -> set[str]:
    return {service for service, span in received.spans if span.trace_id == trace_id}


def kinds_in(received: Received) -> set[Any]:
    return {span.kind for _, span in received.spans}


async def test_sigkill_at_any_moment_loses_nothing_and_doubles_nothing(town: ToyTown) -> None:
    town.nats.start()
    async with bus_of(town.nats) as bus:
        notices, accounts = town.start("notices"), town.start("accounts")
        await both_ready(notices, accounts)
        await bus.shorten_ack_wait("accounts-notices", seconds=2)

        await notices.post("/notices?count=300")
        await eventually(lambda: more_than(accounts, 10))
        for service in (notices, accounts):
            service.child.kill()
        town.nats.child.kill()
        town.nats.start()
        notices, accounts = town.start("notices"), town.start("accounts")

        await eventually(lambda: stream_holds(bus, "NOTICES", 300))
        await eventually(lambda: has_all(accounts, 300))
        await eventually(lambda: stream_holds(bus, "ACCOUNTS", 300))


async def more_than(service: ToyService, number: int) -> bool:
    return await service.effects() > number


async def has_all(service: ToyService, number: int) -> bool:
    return await service.ready() and await has_effects(service, number)


async def stream_holds(bus: Bus, stream: str, number: int) -> bool:
    return await bus.count(stream) == number


async def test_sigterm_ends_a_service_in_order_and_soon(town: ToyTown) -> None:
    town.nats.start()
    async with bus_of(town.nats):
        service = town.start("accounts")
        await eventually(service.ready)

        started = monotonic()
        status = service.child.stop()

    assert (status, monotonic() - started < 5) == (0, True)
    assert lines_of(service)[-1]["event"] == "service.stopped"


async def test_sigterm_ends_a_service_that_still_waits(town: ToyTown) -> None:
    service = town.start("accounts")

    started = monotonic()
    service.child.process.send_signal(SIGTERM)

    assert (service.child.process.wait(10), monotonic() - started < 5) == (0, True)


async def test_logs_are_json_and_tell_where_but_nothing_of_whom(town: ToyTown) -> None:
    town.nats.start()
    async with bus_of(town.nats) as bus:
        notices, accounts = town.start("notices"), town.start("accounts")
        await both_ready(notices, accounts)
        await notices.post("/failures")
        await notices.post(f"/notices?count=1&kind={UNWELCOME}")
        await eventually(lambda: stream_holds(bus, "NOTICES", 1))
        await eventually(lambda: logged(accounts, "consumer.failed"))

    failed = next(line for line in lines_of(notices) if line["event"] == "http.failed")
    assert (failed["error"], failed["level"], failed["service"]) == ("KeyError", "error", "notices")
    assert any("toy/main.py" in frame for frame in failed["frames"])
    refused = next(line for line in lines_of(accounts) if line["event"] == "consumer.failed")
    assert (refused["reason"], refused["failures"], refused["durable"]) == ("KeyError", 1, "accounts-notices")
    assert {"trace_id", "event_id", "timestamp"} <= set(refused)
    assert UNWELCOME not in notices.child.output() + accounts.child.output()


def lines_of(service: ToyService) -> list[dict[str, Any]]:
    return [json.loads(line) for line in service.child.output().splitlines()]


async def logged(service: ToyService, event: str) -> bool:
    return any(line["event"] == event for line in lines_of(service))


async def test_readiness_tells_of_a_forbidden_subject(own_bus: Bus, town: ToyTown) -> None:
    seeds = own_bus.server.home
    seeds.seed_file("accounts").write_bytes(seeds.seed_file("mailgateway").read_bytes())
    service = town.start("accounts")

    await eventually(lambda: logged(service, "bus.forbidden"))

    problems = (await service.get("/readyz")).json()["problems"]
    assert "accounts-notices" in problems["bus permissions"]
    assert CARETAKER not in problems["bus permissions"]
