"""The HTTP door, used as another office would: curl with its API key."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

from chassis.clock import utc_now
from contracts.base import event_key
from contracts.foreign import FOREIGN
from tests.intake.component.conftest import Intake
from tests.intake.component.knocking import BATCH, JSON_IN_UTF8, STRUCTURED, commands, curl, send
from tests.intake.offices import (
    FORBIDDEN_TYPE,
    POOLS,
    TREASURY,
    authorized,
    closing,
    example,
    key_of,
    sender_of,
    write_systems,
)
from tests.support.eventually import eventually


async def test_an_office_sends_each_of_its_events_twice_and_it_is_taken_in_once(intake: Intake) -> None:
    for event in FOREIGN:
        sent = example(event, event.name)

        first, _, answer = await send(intake, sent, system=sender_of(event))
        second, _, again = await send(intake, sent, system=sender_of(event), media_type=JSON_IN_UTF8)

        assert (first, answer) == (202, {"events": [{"id": event.name, "outcome": "accepted"}]})
        assert (second, again) == (202, {"events": [{"id": event.name, "outcome": "duplicate"}]})

    await eventually(lambda: on_the_bus(intake, len(FOREIGN)))


async def on_the_bus(intake: Intake, count: int) -> bool:
    return await commands(intake) + await intake.bus.count("INTAKE") == count


async def test_a_binary_event_is_the_same_as_a_structured_one(intake: Intake) -> None:
    event = closing("50% Fön")
    event["id"] = "50%Fn"
    attributes = ("specversion", "source", "type", "time")
    headers = [f"ce-{name}: {event[name]}" for name in attributes]
    arguments = [part for header in (*headers, "ce-id: 50%25F%6E") for part in ("-H", header)]
    authorization = f"authorization: {authorized(POOLS)['authorization']}"

    _, _, first = await send(intake, event)
    status, _, answer = await curl(
        intake,
        *("-H", authorization, "-H", "content-type: application/json", *arguments),
        body=json.dumps(event["data"]).encode(),
    )

    assert first["events"] == [{"id": "50%Fn", "outcome": "accepted"}]
    assert (status, answer["events"]) == (202, [{"id": "50%Fn", "outcome": "duplicate"}])


async def test_a_batch_is_taken_in_as_a_whole_or_not_at_all(intake: Intake) -> None:
    good = [closing("a-1"), closing("a-2")]
    bad = closing("a-3", reason="holidays")

    refused, _, problem = await send(intake, [*good, bad], media_type=BATCH)
    taken, _, answer = await send(intake, [*good, good[0]], media_type=BATCH)
    clashing, _, clash = await send(intake, [closing("a-4"), closing("a-1", reason="staff")], media_type=BATCH)
    empty, _, nothing = await send(intake, [], media_type=BATCH)

    assert (refused, problem["code"], problem["findings"][0]["pointer"]) == (422, "invalid", "/2/data/reason")
    assert (taken, [each["outcome"] for each in answer["events"]]) == (202, ["accepted", "accepted", "duplicate"])
    assert (clashing, clash["code"], clash["findings"][0]["pointer"]) == (409, "id_taken", "/1/id")
    assert (empty, nothing) == (202, {"events": []})
    await eventually(lambda: on_the_bus(intake, 2))


REFUSED: dict[str, tuple[object, str, int, str, str]] = {
    "no JSON": (b"{", STRUCTURED, 400, "not_json", ""),
    "a name twice": (b'{"id":"1","id":"2"}', STRUCTURED, 400, "not_json", "/id"),
    "no CloudEvent": ({"specversion": "1.0"}, STRUCTURED, 400, "not_cloudevent", "/id"),
    "another version": ({**closing(), "specversion": "0.3"}, STRUCTURED, 400, "not_cloudevent", "/specversion"),
    "an unknown type": ({**closing(), "type": "x"}, STRUCTURED, 403, "type_not_allowed", "/type"),
    "the type of another office": ({**closing(), "type": FORBIDDEN_TYPE}, STRUCTURED, 403, "type_not_allowed", "/type"),
    "a foreign source": ({**closing(), "source": TREASURY.source}, STRUCTURED, 403, "foreign_source", "/source"),
    "an unknown reason": (closing(reason="holidays"), STRUCTURED, 422, "invalid", "/data/reason"),
    "a field too few": ({**closing(), "data": {"pool": "x"}}, STRUCTURED, 422, "invalid", "/data/reason"),
    "a foreign pool": (closing(pool="sauna"), STRUCTURED, 403, "pool_not_allowed", "/data/pool"),
    "a clock behind": (closing(now=utc_now() - timedelta(days=26)), STRUCTURED, 422, "clock", "/time"),
    "a clock ahead": (closing(now=utc_now() + timedelta(hours=1)), STRUCTURED, 422, "clock", "/time"),
    "a large event": (closing(text="x" * 70_000), STRUCTURED, 413, "too_large", ""),
    "a large batch": ([closing()] * 101, BATCH, 413, "too_large", ""),
    "XML": (b"<event/>", "application/xml", 415, "media_type", ""),
    "another charset": (closing(), f"{STRUCTURED}; charset=iso-8859-1", 415, "media_type", ""),
}


async def test_a_refusal_has_its_code_and_names_the_place(intake: Intake) -> None:
    for case, (event, media_type, status, code, pointer) in REFUSED.items():
        answered, headers, problem = await send(intake, event, media_type=media_type)

        assert (answered, problem["code"], headers["content-type"]) == (status, code, "application/problem+json"), case
        assert pointer in [each["pointer"] for each in problem["findings"]], case
        assert problem["title"]

    assert await commands(intake) == 0


async def test_the_id_of_another_event_is_taken(intake: Intake) -> None:
    await send(intake, closing("a-1", reason="storm"))

    status, _, problem = await send(intake, closing("a-1", reason="staff"))

    assert (status, problem["code"], problem["findings"][0]["pointer"]) == (409, "id_taken", "/id")


NO_KEYS = ("", "Bearer", "Basic eDp5", "Bearer rathaus_baederamt_key001_wrong", "Bearer rathaus_x_key001_x", "Bearer ä")


async def test_without_a_good_key_the_door_says_which_header_it_wants(intake: Intake) -> None:
    content = ("-H", f"content-type: {STRUCTURED}")

    for authorization in NO_KEYS:
        status, headers, problem = await curl(
            intake, "-H", f"authorization: {authorization}", *content, body=json.dumps(closing()).encode()
        )

        assert (status, problem["code"]) == (401, "unknown_key")
        assert headers["www-authenticate"] == 'Bearer realm="rathaus"'
        assert "Authorization: Bearer rathaus_" in problem["detail"]


async def test_an_expired_key_opens_no_longer_and_a_second_one_does(intake: Intake) -> None:
    (key,) = POOLS.api_keys
    expired = key.model_copy(update={"id": "key000", "expires_at": utc_now() - timedelta(seconds=1)})
    write_systems(intake.systems, POOLS.model_copy(update={"api_keys": (expired,)}))

    before, _, _ = await send(intake, closing())
    write_systems(intake.systems, POOLS.model_copy(update={"api_keys": (expired, key)}))
    after, _, _ = await send(intake, closing())

    assert (before, after) == (401, 202)


async def test_a_broken_systems_file_leaves_the_last_good_one_in_force(intake: Intake) -> None:
    good = intake.systems.read_text()
    intake.systems.write_text('{"systems": [')

    status, _, _ = await send(intake, closing())
    readiness = (await intake.http.get("/readyz")).json()
    intake.systems.write_text(good)

    assert (status, list(readiness["problems"])) == (202, ["systems file"])
    await eventually(intake.is_ready)
    assert "systems.broken" in intake.child.output()


async def test_without_its_systems_file_the_door_is_closed_to_friends_and_strangers_alike(intake: Intake) -> None:
    hidden = intake.systems.rename(intake.systems.with_suffix(".hidden"))

    status, headers, problem = await send(intake, closing())
    unready = (await intake.http.get("/readyz")).json()["problems"]
    hidden.rename(intake.systems)
    later, _, _ = await send(intake, closing())

    assert (status, headers["retry-after"], later) == (503, "2", 202)
    assert "systems file" in problem["title"]
    assert unready == {"systems file": "is missing"}


async def test_what_comes_in_is_counted_and_logged_without_its_content(intake: Intake, tmp_path: Path) -> None:
    await send(intake, {**closing("very-secret-id"), "comment": "Erika Mustermann"})
    await send(intake, closing("other-secret-id", reason="Erika Mustermann"))

    labels = 'rathaus_intake_events_total{door="http",outcome="%s",system="baederamt"}'
    assert [await intake.metric(labels % outcome) for outcome in ("accepted", "invalid")] == [1, 1]
    log = (tmp_path / "intake.log").read_text()
    assert "event.refused" in log
    assert not any(word in log for word in ("secret", "Erika", key_of(POOLS)))


async def test_each_event_carries_the_trace_of_its_own_request_although_commits_are_shared(intake: Intake) -> None:
    headers = {**authorized(POOLS), "content-type": STRUCTURED}
    traces = [f"{number:032x}" for number in range(1, 31)]

    await asyncio.gather(
        *(
            intake.http.post(
                "/events", json=closing(trace), headers={**headers, "traceparent": f"00-{trace}-00000000000000ff-01"}
            )
            for trace in traces
        )
    )

    await eventually(lambda: on_the_bus(intake, len(traces)))
    carried = [headers["traceparent"].split("-")[1] for _, headers, _ in await intake.bus.messages("SUBSCRIPTIONS")]
    keys = [json.loads(body)["subject"] for _, _, body in await intake.bus.messages("SUBSCRIPTIONS")]
    assert dict(zip(keys, carried, strict=True)) == {event_key(POOLS.source, trace): trace for trace in traces}
