"""What follows from many looks at the weather: how long it is calm, when its watchers are told, what is proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, cast

from services.subscriptions.domain import weather_words
from services.subscriptions.domain.master_data import WeatherRules
from services.subscriptions.domain.pool import Pool
from services.subscriptions.domain.weather import (
    REASONS,
    VALUE_HOLDS,
    Finding,
    Rule,
    Verdict,
    WatchState,
    configured,
    is_automatic,
)

Action = Literal["close", "reopen"]
BY = "weather"
"""Who closes and opens in automatic mode."""
TELL_AFTER = timedelta(minutes=15)
QUIET_AFTER_NO = timedelta(hours=2)
"""A proposal that was turned down is not made again for so long, unless it gets worse."""
CLEAR = timedelta(minutes=30)
"""How long wind and temperature must be good again."""
SHORTEST_GAP = timedelta(minutes=20)
_WAS_RIGHT = frozenset({"confirmed", "automatic"})


def gap_of(interval: timedelta) -> timedelta:
    """Return after how long without a look nothing is known any more."""
    return max(SHORTEST_GAP, 3 * interval)


@dataclass(frozen=True, slots=True)
class Watch:
    """How well the weather of a pool is known."""

    state: WatchState
    since: datetime
    last_success: datetime | None
    looked_at: datetime
    trouble_since: datetime | None
    """Since when, without interruption, something was missing; None while all is known."""
    told: bool
    """The attendants were told that the weather is not known."""
    clear_since: Mapping[Rule, datetime] = field(default_factory=dict[Rule, datetime])
    """Since when, without interruption, a rule is known to be kept."""
    bad_since: Mapping[Rule, datetime] = field(default_factory=dict[Rule, datetime])
    """Since when a rule asks for closing: nobody has seen it kept since then."""


def looked(before: Watch | None, verdict: Verdict, *, now: datetime, gap: timedelta) -> Watch:
    """Take one more look into account. After a `gap` without looks (a night, a restart) nothing good lasts on."""
    last = before if before is not None and now - before.looked_at <= gap else None
    seeing = verdict.state == "seeing"
    trouble_since = None if seeing else (last.trouble_since if last else None) or now
    lasting = trouble_since is not None and now - trouble_since >= TELL_AFTER
    return Watch(
        state=verdict.state,
        since=last.since if last is not None and last.state == verdict.state else now,
        last_success=now if seeing else before and before.last_success,
        looked_at=now,
        trouble_since=trouble_since,
        told=not seeing and (lasting or (before is not None and before.told)),
        clear_since={rule: _since(last and last.clear_since, rule, now) for rule in sorted(verdict.clear)},
        bad_since=_bad_since(before, verdict, now),
    )


def _bad_since(before: Watch | None, verdict: Verdict, now: datetime) -> dict[Rule, datetime]:
    still: dict[Rule, datetime] = {} if before is None else dict(before.bad_since)
    new: dict[Rule, datetime] = {finding.rule: now for finding in verdict.bad}
    return {rule: since for rule, since in (new | still).items() if rule not in verdict.clear}


def _since(before: Mapping[Rule, datetime] | None, rule: Rule, now: datetime) -> datetime:
    return now if before is None else before.get(rule, now)


def to_tell(before: Watch | None, after: Watch) -> Literal["weather_lost", "weather_back"] | None:
    """Say what the attendants are to hear of the watch itself: each change once."""
    told_before = before is not None and before.told
    if after.told == told_before:
        return None
    return "weather_lost" if after.told else "weather_back"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was proposed before."""

    action: Action
    rule: Rule
    rank: int
    state: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What the weather asks for now."""

    action: Action
    rule: Rule
    evidence: Mapping[str, object]
    holds_until: datetime
    automatic: bool


def wishes(
    rules: WeatherRules, pool: Pool, past: Sequence[Proposal], verdict: Verdict, watch: Watch
) -> tuple[Wish, ...]:
    """Return what is to be proposed or done, the gravest first; `past` begins with the newest."""
    if pool.state == "closed":
        wish = _reopening(rules, pool, past, verdict, watch)
        return () if wish is None else (wish,)
    wanted = [
        Wish("close", finding.rule, finding.evidence, finding.holds_until, is_automatic(rules, finding.rule))
        for finding in verdict.bad
        if not _closing_refused(finding, pool, past, watch)
    ]
    return tuple(sorted(wanted, key=lambda wish: not wish.automatic))


def _reopening(
    rules: WeatherRules, pool: Pool, past: Sequence[Proposal], verdict: Verdict, watch: Watch
) -> Wish | None:
    rule = closed_by(pool, past)
    if rule is None or rule not in configured(rules) or verdict.bad or verdict.state != "seeing":
        return None
    since, now = watch.clear_since.get(rule, watch.looked_at), watch.looked_at
    if now - since < _clear_time(rules, rule) or _reopening_refused(rule, past, since=since, now=now):
        return None
    evidence = {"words": weather_words.calm(rule, since=since, now=now), "clear_since": since.isoformat()}
    automatic = is_automatic(rules, rule) and pool.reported_by == BY
    return Wish("reopen", rule, evidence, now + VALUE_HOLDS, automatic)


def closed_by(pool: Pool, past: Sequence[Proposal]) -> Rule | None:
    """Return the rule for which a pool is closed: by its reason, and for the temperature by the proposal."""
    for rule, reason in REASONS.items():
        if pool.reason == reason and (reason != "other" or _proposed_it(rule, pool, past)):
            return rule
    return None


def _proposed_it(rule: Rule, pool: Pool, past: Sequence[Proposal]) -> bool:
    return any(
        each.action == "close"
        and each.rule == rule
        and each.state in _WAS_RIGHT
        and each.decided_at is not None
        and pool.since is not None
        and each.decided_at >= pool.since
        for each in past
    )


def _clear_time(rules: WeatherRules, rule: Rule) -> timedelta:
    return rules.thunderstorm.clear if rule == "thunderstorm" and rules.thunderstorm is not None else CLEAR


def _closing_refused(finding: Finding, pool: Pool, past: Sequence[Proposal], watch: Watch) -> bool:
    """Say whether a person has said no in this stretch of weather: to the proposal, or by opening in spite of it."""
    now, rule = watch.looked_at, finding.rule
    began = max(watch.bad_since.get(rule, now), now - QUIET_AFTER_NO)
    refusals = (
        _refused_at(each, pool)
        for each in past
        if each.action == "close" and each.rule == rule and finding.rank <= each.rank
    )
    return any(refused_at is not None and refused_at >= began for refused_at in refusals)


def _refused_at(closing: Proposal, pool: Pool) -> datetime | None:
    if closing.state == "dismissed":
        return closing.decided_at
    if closing.state not in _WAS_RIGHT or closing.decided_at is None or pool.since is None:
        return None
    return pool.since if pool.since >= closing.decided_at and pool.reported_by != BY else None


def _reopening_refused(rule: Rule, past: Sequence[Proposal], *, since: datetime, now: datetime) -> bool:
    began = max(since, now - QUIET_AFTER_NO)
    return any(
        each.action == "reopen"
        and each.rule == rule
        and each.state == "dismissed"
        and each.decided_at is not None
        and each.decided_at >= began
        for each in past
    )


def rule_of(text: str) -> Rule:
    """Read a rule as stored."""
    if text not in REASONS:
        raise ValueError(text)
    return cast("Rule", text)
