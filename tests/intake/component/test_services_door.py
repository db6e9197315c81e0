"""What other services and everybody may read: reports by reference, the state of the systems, the catalogue."""

from __future__ import annotations

import json
from uuid import uuid4

from contracts.base import CloudEvent
from contracts.foreign import FOREIGN, PaymentReported
from contracts.intake import PaymentReported as PaymentReference
from tests.intake.component.conftest import Intake
from tests.intake.offices import TREASURY, authorized, example
from tests.support.eventually import eventually

DESK = {"authorization": "Bearer of-the-desk"}
NOTICES = {"authorization": "Bearer of-notices"}


async def reported(intake: Intake) -> str:
    """Report a payment and return the reference that stands on the bus."""
    headers = {**authorized(TREASURY), "content-type": "application/cloudevents+json"}
    answer = await intake.http.post("/events", json=example(PaymentReported, "p-1"), headers=headers)
    assert answer.status_code == 202, answer.text
    await eventually(lambda: something_reported(intake))
    ((_, _, body),) = await intake.bus.messages("INTAKE")
    return str(CloudEvent[PaymentReference].model_validate_json(body).data.report_id)


async def something_reported(intake: Intake) -> bool:
    return await intake.bus.count("INTAKE") == 1


async def test_only_the_reference_of_a_report_goes_to_the_bus_and_notices_fetches_the_body(intake: Intake) -> None:
    sent = example(PaymentReported, "p-1")["data"]
    report_id = await reported(intake)

    fetched = await intake.http.get(f"/reports/{report_id}", headers=NOTICES)
    stranger = await intake.http.get(f"/reports/{report_id}", headers=DESK)
    unknown = await intake.http.get(f"/reports/{uuid4()}", headers=NOTICES)
    nonsense = await intake.http.get("/reports/1", headers=NOTICES)

    found = fetched.json()
    assert (found["kind"], found["system"], found["body"]) == ("payment_reported.v1", "stadtkasse", sent)
    assert fetched.headers["cache-control"] == "no-store"
    assert (stranger.status_code, unknown.status_code, nonsense.status_code) == (401, 404, 404)
    assert unknown.json()["title"] == "Diese Meldung gibt es hier nicht."
    ((_, _, body),) = await intake.bus.messages("INTAKE")
    assert sent["reference"] not in body.decode()


async def test_the_desk_sees_how_the_systems_are_doing(intake: Intake) -> None:
    report_id = await reported(intake)

    before = (await intake.http.get("/systems", headers=DESK)).json()["systems"]
    await intake.http.get(f"/reports/{report_id}", headers=NOTICES)
    after = (await intake.http.get("/systems", headers=DESK)).json()["systems"]
    stranger = await intake.http.get("/systems", headers=NOTICES)

    assert [(each["name"], each["accepted_today"]) for each in before] == [("baederamt", 0), ("stadtkasse", 1)]
    assert [each["waiting_reports"] for each in (*before, *after)] == [0, 1, 0, 0]
    assert stranger.status_code == 401


async def test_everybody_can_read_what_may_be_sent(intake: Intake) -> None:
    start = await intake.http.get("/")
    pages = [await intake.http.get(path) for path in ("/catalogue", "/catalogue.js", "/catalogue.css")]
    documents = [await intake.http.get(path) for path in ("/asyncapi.json", "/openapi.json")]
    schemas = [await intake.http.get(f"/schemas/intake.{event.name}.json") for event in FOREIGN]

    assert (start.status_code, start.headers["location"]) == (307, "/catalogue")
    assert {each.status_code for each in (*pages, *documents, *schemas)} == {200}
    for each in (start, *pages, *documents, *schemas):
        assert "default-src 'none'" in each.headers["content-security-policy"]
        assert each.headers["x-content-type-options"] == "nosniff"
    assert [json.loads(each.text)["properties"]["type"]["const"] for each in schemas] == [
        event.event_type() for event in FOREIGN
    ]


async def test_no_name_of_a_schema_leads_out_of_the_folder(intake: Intake) -> None:
    for name in ("..%2Fbase.py", "%2E%2E", "%2Fetc%2Fpasswd", "nothing.json", "%00"):
        answer = await intake.http.get(f"/schemas/{name}")

        assert answer.status_code == 404
