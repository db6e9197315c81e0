"""What the simulated weather service answers, and how it fails on order."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime, timedelta
from time import monotonic

import httpx
import pytest

from chassis.clock import utc_now
from tests.simulators.weather.service import WeatherSimulator

HERE = {"lat": 52.4335, "lon": 11.8005}
CELL = "815090546"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Generator[WeatherSimulator]:
    with WeatherSimulator(tmp_path_factory.mktemp("weather") / "log") as simulator:
        yield simulator


@pytest.fixture
def weather(running: WeatherSimulator) -> WeatherSimulator:
    running.fair()
    return running


def test_it_begins_with_a_fair_summer_day(weather: WeatherSimulator) -> None:
    answer = weather.get("/current_weather", **HERE)

    body = answer.json()
    assert answer.headers["x-simulator"] == "weather"
    assert (body["weather"]["temperature"], body["weather"]["condition"]) == (27.5, "dry")
    assert utc_now() - datetime.fromisoformat(body["weather"]["timestamp"]) < timedelta(minutes=11)
    assert body["weather"]["source_id"] == body["sources"][0]["id"]
    assert weather.get("/alerts", warn_cell_id=CELL).json()["alerts"] == []


def test_the_sky_is_as_ordered_and_the_rest_stays(weather: WeatherSimulator) -> None:
    weather.sky(temperature=12, wind_gust=None)

    record = weather.get("/current_weather", **HERE).json()["weather"]
    assert (record["temperature"], record["wind_gust_speed_10"], record["condition"]) == (12, None, "dry")


def test_a_warning_has_all_fields_and_the_times_ordered(weather: WeatherSimulator) -> None:
    weather.warn(onset=30, expires=None, severity="severe", status="test")

    body = weather.get("/alerts", **HERE).json()
    (alert,) = body["alerts"]
    assert (alert["severity"], alert["status"], alert["expires"]) == ("severe", "test", None)
    assert timedelta(minutes=28) < datetime.fromisoformat(alert["onset"]) - utc_now() <= timedelta(minutes=30)
    assert "cell" not in alert
    assert str(body["location"]["warn_cell_id"]) == CELL


def test_a_warning_may_be_for_one_cell_only(weather: WeatherSimulator) -> None:
    weather.warn(cell=int(CELL))

    assert len(weather.get("/alerts", warn_cell_id=CELL).json()["alerts"]) == 1
    assert weather.get("/alerts", warn_cell_id="809162000").json()["alerts"] == []


def test_hours_and_sources(weather: WeatherSimulator) -> None:
    hours = weather.get("/weather", **HERE, date="2026-07-04").json()["weather"]
    (source,) = weather.get("/sources", **HERE).json()["sources"]

    assert len(hours) == 25
    assert source["distance"] == 5560


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/current_weather", 400),
        ("/current_weather?lat=x&lon=1", 400),
        ("/current_weather?lat=95&lon=1", 404),
        ("/weather?lat=52&lon=11", 400),
        ("/alerts?warn_cell_id=abc", 400),
    ],
)
def test_a_wrong_question_is_refused(weather: WeatherSimulator, path: str, status: int) -> None:
    answer = weather.http.get(path)

    assert (answer.status_code, list(answer.json())) == (status, ["detail"])


@pytest.mark.parametrize(
    "order", ["{", "[]", '{"sun": 1}', '{"temperature": "hot"}', '{"condition": "frogs"}', '{"alerts": [{"a": 1}]}']
)
def test_an_order_that_is_not_understood_changes_nothing(weather: WeatherSimulator, order: str) -> None:
    answer = weather.http.post("/_control/state", content=order)

    assert answer.status_code == 400
    assert weather.get("/current_weather", **HERE).json()["weather"]["temperature"] == 27.5


@pytest.mark.parametrize("order", ["{}", "[1]", '[{"kind": "flood"}]', '[{"kind": "slow", "seconds": "x"}]'])
def test_a_fault_that_is_not_understood_is_refused(weather: WeatherSimulator, order: str) -> None:
    assert weather.http.post("/_control/faults", content=order).status_code == 400


def test_down_cuts_the_connection_as_often_as_ordered(weather: WeatherSimulator) -> None:
    weather.fault("down", times=1)

    with pytest.raises(httpx.RemoteProtocolError):
        weather.get("/alerts", warn_cell_id=CELL)
    assert weather.get("/alerts", warn_cell_id=CELL).status_code == 200
    assert [each["fired"] for each in weather.http.get("/_control/faults").json()] == [1]


def test_a_fault_may_be_for_one_path(weather: WeatherSimulator) -> None:
    weather.fault("http_error", path="/alerts", status=503)

    assert weather.get("/alerts", warn_cell_id=CELL).status_code == 503
    assert weather.get("/current_weather", **HERE).status_code == 200


def test_slow_answers_late(weather: WeatherSimulator) -> None:
    weather.fault("slow", seconds=0.3)

    started = monotonic()
    weather.get("/current_weather", **HERE)

    assert monotonic() - started >= 0.3


def test_garbage_is_no_json(weather: WeatherSimulator) -> None:
    weather.fault("garbage")

    answer = weather.get("/current_weather", **HERE)

    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r".+"):
        answer.json()


def test_a_body_may_be_any_text(weather: WeatherSimulator) -> None:
    weather.fault("body", text='{"weather": 7}')

    assert weather.get("/current_weather", **HERE).json() == {"weather": 7}


def test_null_fields_are_null(weather: WeatherSimulator) -> None:
    weather.fault("null_fields")

    assert set(weather.get("/current_weather", **HERE).json()["weather"].values()) == {None}


def test_stale_answers_are_older(weather: WeatherSimulator) -> None:
    weather.warn()
    weather.fault("stale", minutes=180)

    record = weather.get("/current_weather", **HERE).json()["weather"]
    (alert,) = weather.get("/alerts", warn_cell_id=CELL).json()["alerts"]
    assert utc_now() - datetime.fromisoformat(record["timestamp"]) >= timedelta(minutes=180)
    assert datetime.fromisoformat(alert["expires"]) < utc_now()


def test_the_wrong_place_is_far_away(weather: WeatherSimulator) -> None:
    weather.fault("wrong_place")

    assert weather.get("/current_weather", **HERE).json()["sources"][0]["lat"] == 48.14
    assert weather.get("/alerts", warn_cell_id=CELL).json()["location"]["warn_cell_id"] == 809162000


def test_it_counts_what_it_is_asked(weather: WeatherSimulator) -> None:
    before = weather.asked().get("/alerts", 0)

    weather.get("/alerts", warn_cell_id=CELL)

    assert weather.asked()["/alerts"] == before + 1
