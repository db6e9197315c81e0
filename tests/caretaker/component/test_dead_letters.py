"""Dead letters at the caretaker's door: listed, shown, given back, discarded."""

from __future__ import annotations

from typing import Any

from nats.js.api import DiscardPolicy

from chassis.bus import jetstream
from chassis.consumer import ForeignMessage
from chassis.database import Database
from chassis.errors import NeverAgain
from chassis.failures import DeliveryCount
from contracts.base import CloudEvent
from contracts.notices import NoticeGenerated
from contracts.topology import KEPT_AGE
from tests.caretaker.component.conftest import Desk
from tests.caretaker.component.dying import (
    DOOR_SUBJECT,
    DURABLE,
    PERSON,
    TRACE,
    Fussy,
    a_foreign_letter,
    dead_notices,
    has_letters,
    refuse,
)
from tests.support.consumers import Attempts, accounts_consumes, consumes, intake_consumes, publish
from tests.support.events import a_delivery_routed, a_notice_generated
from tests.support.eventually import eventually
from tests.support.nats import Bus
from tests.support.toy.effects import effect_of, effects


async def test_a_letter_is_listed_and_shown_with_its_body(bus: Bus, desk: Desk) -> None:
    event = a_notice_generated()
    await accounts_consumes(bus, Fussy())
    headers = {"content-type": "application/json", "traceparent": TRACE}
    body = event.model_dump_json().encode()
    await (await bus.peer("notices")).stream.publish(NoticeGenerated.subject, body, headers=headers)
    await eventually(lambda: has_letters(desk, 1))

    (listed,) = await desk.letters()
    shown = await desk.get(f"/dead-letters/{listed['number']}")

    assert {name: listed[name] for name in ("number", "durable", "subject", "event_type", "reason", "kept")} == {
        "number": 1,
        "durable": DURABLE,
        "subject": NoticeGenerated.subject,
        "event_type": NoticeGenerated.event_type(),
        "reason": "unknown_run",
        "kept": False,
    }
    assert (listed["event_key"], listed["attempts"], listed["traceparent"]) == (event.key(), 1, TRACE)
    assert listed["first_at"] <= listed["last_at"] <= listed["buried_at"]
    # The server tells the instant in nanoseconds or in a float, depending on how it is asked.
    instant = {"buried_at": shown["buried_at"]}
    assert shown == listed | instant | {"body": event.model_dump(mode="json"), "body_note": None}


async def test_the_list_is_narrowed_down_and_read_page_by_page(bus: Bus, desk: Desk) -> None:
    await accounts_consumes(bus, Fussy())
    notices = await dead_notices(bus, desk, 5)
    for _ in range(2):
        await notices.stream.publish(NoticeGenerated.subject, b"{")
    await eventually(lambda: has_letters(desk, 7))

    first = await desk.letters(limit=3)
    second = await desk.letters(limit=3, after=first[-1]["number"])

    assert [each["number"] for each in (*first, *second)] == [1, 2, 3, 4, 5, 6]
    assert [each["number"] for each in await desk.letters(reason="invalid", limit=1)] == [6]
    assert len(await desk.letters(reason="invalid")) == 2
    assert len(await desk.letters(durable=DURABLE)) == 7
    assert await desk.letters(durable="notices-routing") == []


async def test_a_body_that_is_no_json_is_not_shown(bus: Bus, desk: Desk) -> None:
    await accounts_consumes(bus, Fussy())
    await (await bus.peer("notices")).stream.publish(NoticeGenerated.subject, PERSON.encode())
    await eventually(lambda: has_letters(desk, 1))

    shown = await desk.get("/dead-letters/1")

    assert (shown["body"], "kein JSON" in shown["body_note"], PERSON in str(shown)) == (None, True, False)


async def test_only_the_consumer_that_failed_gets_the_message_again(bus: Bus, desk: Desk) -> None:
    attempts = Attempts(lambda _number: None)
    fussy = Fussy()
    await consumes(bus, "notices-routing", attempts)
    await consumes(bus, "mailgateway-routing", fussy)
    event = a_delivery_routed()
    await publish(await bus.peer("accounts"), event)
    await eventually(lambda: has_letters(desk, 1))

    fussy.mended = True
    answer = await desk.post("/dead-letters/1/redelivery")
    await eventually(lambda: fussy.has_handled(1))

    assert (answer.status_code, answer.json()) == (
        202,
        {"number": 1, "durable": "mailgateway-routing", "sequence": 2},
    )
    assert ([each.key() for each in fussy.handled], attempts.number) == ([event.key()], 1)
    assert await desk.letters() == []
    await eventually(lambda: stands(desk, "/redeliveries/mailgateway-routing/2", "handled"))


async def stands(desk: Desk, path: str, state: str) -> bool:
    return (await desk.get(path, after=1))["state"] == state


async def test_a_message_that_fails_again_is_a_new_letter_and_its_failures_are_counted_afresh(
    bus: Bus, desk: Desk
) -> None:
    def fail(_number: int) -> None:
        raise KeyError(PERSON)

    attempts = Attempts(fail)
    await accounts_consumes(bus, attempts, failures=DeliveryCount())
    await publish(await bus.peer("notices"), a_notice_generated())
    await eventually(lambda: has_letters(desk, 1))

    sequence = (await desk.post("/dead-letters/1/redelivery")).json()["sequence"]
    await eventually(lambda: has_letters(desk, 1, after=1))

    standing = await desk.get(f"/redeliveries/{DURABLE}/{sequence}", after=1)
    (letter,) = await desk.letters()
    assert standing == {"state": "dead", "number": 2, "reason": "KeyError"}
    assert (attempts.number, letter["attempts"], letter["subject"]) == (12, 6, NoticeGenerated.subject)


async def test_a_redelivery_asked_for_twice_has_one_effect(bus: Bus, desk: Desk, sqlite: Database) -> None:
    mended = False

    async def handle(event: CloudEvent[Any]) -> None:
        if not mended:
            raise NeverAgain("broken")
        await effect_of(sqlite, event)

    await accounts_consumes(bus, handle)
    await dead_notices(bus, desk, 1)
    mended = True
    letter = (await bus.messages("DLQ"))[0]
    await desk.post("/dead-letters/1/redelivery")
    caretaker = await bus.caretaker()
    # Killed between the two steps: the message is on its way, and the letter still there.
    await caretaker.stream.publish(letter[0], letter[2], headers={**letter[1], "Nats-Msg-Id": "as it was"})
    await desk.post("/dead-letters/2/redelivery")
    await eventually(lambda: one_effect(sqlite))
    await eventually(lambda: idle(desk))

    assert (await effects(sqlite), await desk.letters()) == (1, [])


async def one_effect(database: Database) -> bool:
    return await effects(database) == 1


async def idle(desk: Desk) -> bool:
    durable = await desk.durable(DURABLE)
    return not durable["pending"] and not durable["ack_pending"]


async def test_all_letters_of_a_consumer_or_of_one_reason_are_given_back_at_once(bus: Bus, desk: Desk) -> None:
    fussy = Fussy()
    await accounts_consumes(bus, fussy)
    notices = await dead_notices(bus, desk, 40)
    await notices.stream.publish(NoticeGenerated.subject, b"{")
    await eventually(lambda: has_letters(desk, 41))

    fussy.mended = True
    answer = await desk.post("/dead-letters/redelivery", durable=DURABLE, reason="unknown_run")
    await eventually(lambda: fussy.has_handled(40))

    assert answer.json() == {"redelivered": 40, "bodies_gone": [], "last_number": 41}
    assert [each["reason"] for each in await desk.letters()] == ["invalid: body"]


async def test_what_another_system_wrote_is_never_shown(bus: Bus, desk: Desk) -> None:
    await a_foreign_letter(bus, desk)

    shown = await desk.get("/dead-letters/1")

    assert (shown["kept"], shown["body"], PERSON in str(shown)) == (True, None, False)
    assert "getrennt verwahrt" in shown["body_note"]
    assert (shown["event_type"], shown["subject"]) == (None, DOOR_SUBJECT.removesuffix(".events"))


async def test_a_kept_body_goes_back_to_its_consumer_and_is_kept_no_longer(bus: Bus, desk: Desk) -> None:
    got: list[ForeignMessage] = []

    async def refuse_then_take(message: ForeignMessage) -> None:
        got.append(message)
        if len(got) == 1:
            raise NeverAgain("strange")

    await intake_consumes(bus, refuse_then_take)
    await jetstream(await bus.foreign("baederamt")).publish(
        DOOR_SUBJECT, PERSON.encode(), headers={"ce-id": "1", "x-own": "stays outside"}
    )
    await eventually(lambda: has_letters(desk, 1))

    answer = await desk.post("/dead-letters/1/redelivery")
    await eventually(lambda: number_of(got, 2))

    again = got[1]
    assert answer.status_code == 202
    assert (again.subject, again.body) == (DOOR_SUBJECT.removesuffix(".events"), PERSON.encode())
    assert (again.headers["ce-id"], "x-own" in again.headers) == ("1", False)
    assert (await bus.count("KEPT"), await bus.count("DLQ")) == (0, 0)


async def number_of(got: list[ForeignMessage], number: int) -> bool:
    return len(got) == number


async def test_a_letter_whose_kept_body_is_gone_says_so(bus: Bus, desk: Desk) -> None:
    await a_foreign_letter(bus, desk)
    await (await bus.caretaker()).stream.purge_stream("KEPT")

    one = await desk.post("/dead-letters/1/redelivery")
    all_of_them = await desk.post("/dead-letters/redelivery", durable="intake-door")

    assert (one.status_code, "nicht mehr da" in one.json()["title"]) == (409, True)
    assert all_of_them.json() == {"redelivered": 0, "bodies_gone": [1], "last_number": 1}
    assert len(await desk.letters()) == 1


async def test_a_kept_body_is_deleted_at_its_age_and_its_letter_says_so(bus: Bus, desk: Desk) -> None:
    await a_foreign_letter(bus, desk)
    caretaker = (await bus.caretaker()).stream
    config = (await caretaker.stream_info("KEPT")).config
    stated = (config.max_age, config.discard)
    config.max_age, config.duplicate_window = 0.2, 0.1
    await caretaker.update_stream(config)  # pyright: ignore[reportUnknownMemberType]
    await eventually(lambda: nothing_kept(bus))

    shown = await desk.get("/dead-letters/1")
    again = await desk.post("/dead-letters/1/redelivery")

    assert stated == (KEPT_AGE.total_seconds(), DiscardPolicy.NEW)
    assert (shown["kept"], shown["body"], "nach 30 Tagen" in shown["body_note"]) == (True, None, True)
    assert (again.status_code, "nicht mehr da" in again.json()["title"]) == (409, True)


async def nothing_kept(bus: Bus) -> bool:
    return await bus.count("KEPT") == 0


async def test_a_door_that_is_full_takes_nothing_back_for_now(bus: Bus, desk: Desk) -> None:
    office = jetstream(await bus.foreign("baederamt"))
    intake = await intake_consumes(bus, refuse)
    for _ in range(2):
        await office.publish(DOOR_SUBJECT, PERSON.encode())
    await eventually(lambda: has_letters(desk, 2))
    await intake.broker.stop()
    caretaker = (await bus.caretaker()).stream
    config = (await caretaker.stream_info("INTAKE_DOOR")).config
    config.max_msgs_per_subject = 1
    await caretaker.update_stream(config)  # pyright: ignore[reportUnknownMemberType]

    answers = [await desk.post(f"/dead-letters/{number}/redelivery") for number in (1, 2)]

    assert [each.status_code for each in answers] == [202, 409]
    assert "voll" in answers[1].json()["title"]
    assert ([each["number"] for each in await desk.letters()], await bus.count("KEPT")) == ([2], 1)
