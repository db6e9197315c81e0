"""What follows from many looks: calm, trouble, proposals and people who say no."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from services.subscriptions.domain.master_data import WeatherRules
from services.subscriptions.domain.pool import Pool
from services.subscriptions.domain.weather import Sight, judge
from services.subscriptions.domain.weather_watch import Action, Proposal, Watch, Wish, gap_of, looked, to_tell, wishes
from tests.subscriptions.sky import BLIND, NOON, a_pool, a_sight, a_warning, minutes, rules

GAP = minutes(20)
CALM, STORM = "calm", "storm"
CLOSED = Pool("closed", since=NOON, reason="thunderstorm", reported_by="badkasse", as_of=NOON, heard_at=NOON, version=1)
BY_ITSELF = replace(CLOSED, reported_by="weather")
OPEN = Pool()


def sight_at(at: datetime, kind: str) -> Sight:
    observed = at - minutes(5)
    warning = a_warning(onset=at - minutes(1), expires=at + minutes(120))
    return {
        CALM: a_sight(at=observed),
        STORM: a_sight(warning, at=observed),
        "cold": a_sight(at=observed, celsius=Decimal(10)),
        "grave": a_sight(replace(warning, severity="severe"), at=observed),
        "half": a_sight(at=observed, celsius=None),
        "blind": BLIND,
    }[kind]


class Looks:
    """A watcher that looks each five minutes; every step keeps what the last one knew."""

    def __init__(self, weather: WeatherRules | None = None) -> None:
        self.data = a_pool(weather=weather or rules())
        self.now = NOON - minutes(5)
        self.watch: Watch | None = None
        self.told: list[str | None] = []

    def look(self, *kinds: str, step: float = 5) -> Looks:
        for kind in kinds:
            self.now += minutes(step)
            self.verdict = judge(self.data, sight_at(self.now, kind), now=self.now)
            after = looked(self.watch, self.verdict, now=self.now, gap=GAP)
            said = to_tell(self.watch, after)
            self.told += [said] if said else []
            self.watch = after
        return self

    def wishes(self, pool: Pool = OPEN, *past: Proposal) -> tuple[Wish, ...]:
        assert self.watch is not None
        return wishes(self.data.weather, pool, past, self.verdict, self.watch)

    def wanted(self, pool: Pool = OPEN, *past: Proposal) -> list[tuple[str, str]]:
        return [(wish.action, wish.rule) for wish in self.wishes(pool, *past)]


def turned_down(action: Action = "close", *, at: datetime = NOON, rank: int = 2) -> Proposal:
    return Proposal(action, "thunderstorm", rank, "dismissed", at)


def test_trouble_is_told_after_a_quarter_of_an_hour_and_once() -> None:
    looks = Looks().look(CALM, "blind", "blind", "blind")
    assert looks.told == []

    looks.look("blind", "blind", "half", "blind")

    assert looks.told == ["weather_lost"]


def test_trouble_that_changes_its_kind_is_still_trouble() -> None:
    assert Looks().look("blind", "half", "blind", "half").told == ["weather_lost"]


def test_the_end_of_trouble_is_told_once() -> None:
    assert Looks().look(*["blind"] * 5, CALM, CALM, STORM).told == ["weather_lost", "weather_back"]


def test_short_trouble_is_told_never() -> None:
    assert Looks().look(CALM, "blind", "blind", CALM, "half", "half", CALM).told == []


def test_a_night_without_looks_is_no_trouble() -> None:
    looks = Looks().look(CALM).look("blind", step=14 * 60)

    assert looks.told == []
    assert looks.look("blind", "blind", "blind").told == ["weather_lost"]


def test_trouble_of_yesterday_is_not_told_again_but_its_end_is() -> None:
    looks = Looks().look(*["blind"] * 4).look("blind", step=14 * 60).look(*["blind"] * 4)
    assert looks.told == ["weather_lost"]

    assert looks.look(CALM).told == ["weather_lost", "weather_back"]


def test_the_state_lasts_since_it_began() -> None:
    watch = Looks().look(CALM, CALM, CALM).watch

    assert watch is not None
    assert (watch.state, watch.since, watch.last_success) == ("seeing", NOON, NOON + minutes(10))


def test_a_storm_asks_for_closing_an_open_pool() -> None:
    (wish,) = Looks().look(STORM).wishes()

    assert (wish.action, wish.rule, wish.automatic) == ("close", "thunderstorm", False)


def test_a_closed_pool_is_not_proposed_to_be_closed() -> None:
    assert Looks().look(STORM).wanted(CLOSED) == []


def test_a_closed_pool_is_proposed_to_open_after_half_an_hour_of_calm() -> None:
    looks = Looks().look(STORM, *[CALM] * 6)
    assert looks.wanted(CLOSED) == []

    looks.look(CALM)

    assert looks.wanted(CLOSED) == [("reopen", "thunderstorm")]
    assert looks.wishes(CLOSED)[0].evidence["words"] == "Seit 14:05 Uhr ist kein Gewitter mehr gemeldet."


@pytest.mark.parametrize("break_", ["blind", "half", STORM, "grave"])
def test_calm_counts_only_without_interruption(break_: str) -> None:
    looks = Looks().look(*[CALM] * 6, break_, CALM)

    expected = [("reopen", "thunderstorm")] if break_ == "half" else []
    assert looks.wanted(CLOSED) == expected


def test_a_night_without_looks_is_not_calm() -> None:
    assert Looks().look(CALM, CALM).look(CALM, step=14 * 60).wanted(CLOSED) == []


def test_nobody_is_let_in_while_another_rule_is_bad() -> None:
    assert Looks().look(*["cold"] * 8).wanted(CLOSED) == []


@pytest.mark.parametrize("reason", ["water_quality", "technical", "staff", "other"])
def test_a_pool_closed_for_another_reason_is_left_alone(reason: str) -> None:
    assert Looks().look(*[CALM] * 9).wanted(replace(CLOSED, reason=reason)) == []


def test_a_pool_closed_for_cold_opens_by_its_proposal() -> None:
    confirmed = Proposal("close", "temperature", 0, "confirmed", NOON)

    assert Looks().look(*[CALM] * 7).wanted(replace(CLOSED, reason="other"), confirmed) == [("reopen", "temperature")]


def test_automatic_rules_act() -> None:
    looks = Looks(rules(automatic=True)).look(STORM)

    assert [wish.automatic for wish in looks.wishes()] == [True]


def test_what_a_person_has_closed_only_a_person_opens() -> None:
    looks = Looks(rules(automatic=True)).look(*[CALM] * 7)

    assert [wish.automatic for wish in looks.wishes(BY_ITSELF)] == [True]
    assert [wish.automatic for wish in looks.wishes(CLOSED)] == [False]


def test_a_no_holds_for_this_storm() -> None:
    looks = Looks().look(STORM, STORM)

    assert looks.wanted(OPEN, turned_down()) == []
    assert looks.look("blind", STORM).wanted(OPEN, turned_down()) == []


def test_a_no_does_not_hold_for_a_graver_warning() -> None:
    assert Looks().look(STORM, "grave").wanted(OPEN, turned_down()) == [("close", "thunderstorm")]


def test_a_no_does_not_hold_for_the_next_storm() -> None:
    assert Looks().look(STORM, CALM, STORM).wanted(OPEN, turned_down()) == [("close", "thunderstorm")]


def test_a_no_ends_after_two_hours() -> None:
    looks = Looks().look(*[STORM] * 24)
    assert looks.wanted(OPEN, turned_down()) == []

    assert looks.look(STORM, STORM).wanted(OPEN, turned_down()) == [("close", "thunderstorm")]


def test_who_opens_in_spite_of_the_storm_is_not_overruled() -> None:
    closed = Proposal("close", "thunderstorm", 2, "automatic", NOON)
    opened = Pool("open", since=NOON + minutes(7), reported_by="badkasse", version=2)
    looks = Looks(rules(automatic=True)).look(STORM, STORM, STORM)

    assert looks.wanted(opened, closed) == []
    assert looks.look(CALM, STORM).wanted(opened, closed) == [("close", "thunderstorm")]


def test_a_reopening_that_was_turned_down_is_not_proposed_again_in_the_same_calm() -> None:
    looks = Looks().look(*[CALM] * 8)
    no = turned_down("reopen", at=NOON + minutes(32), rank=0)

    assert looks.wanted(CLOSED, no) == []
    assert looks.look(STORM, *[CALM] * 7).wanted(CLOSED, no) == [("reopen", "thunderstorm")]


def test_what_acts_by_itself_goes_first() -> None:
    weather = rules()
    assert weather.wind is not None
    looks = Looks(replace(weather, wind=replace(weather.wind, automatic=True)))
    looks.now = NOON
    looks.verdict = judge(looks.data, a_sight(a_warning(), gust_kmh=Decimal(99)), now=NOON)
    looks.watch = looked(None, looks.verdict, now=NOON, gap=GAP)

    assert looks.wanted() == [("close", "wind"), ("close", "thunderstorm")]


def test_the_gap_grows_with_the_interval() -> None:
    assert gap_of(minutes(5)) == minutes(20)
    assert gap_of(minutes(30)) == minutes(90)
