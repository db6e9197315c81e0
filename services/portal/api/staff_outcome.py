"""What an attendant reads after a tap: that it was done, while that still holds, or that somebody was faster."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from starlette.datastructures import FormData, QueryParams

from services.portal.gateways.duty import Proposal
from services.portal.gateways.models import Pool
from services.portal.web.doors import text_of
from services.portal.web.say import ZONE, Say

SPANS = ("1", "2", "heute")
"""Choices of the expected end: hours, or the end of the day."""
_SPAN_WORDS = {"1": "staff.span_hour", "2": "staff.span_two", "heute": "staff.span_today"}
_STATES = {"geschlossen": "closed", "ende": "closed", "grund": "closed", "offen": "open", "irrtum": "open"}
_LASTING = ("wasser", "email", "push")
"""What stays true whatever becomes of the pool."""
_LAST_MOMENT = time(23, 59, 59)
"""A minute before midnight one can still close until the end of the day."""
_RULES = ("thunderstorm", "wind", "temperature")
"""The gravest first."""


def still_true(query: QueryParams, pool: Pool) -> str:
    """Return what an address says was done; empty once the pool has moved on (Back, a page that renews itself)."""
    done = query.get("getan", "")
    if done in _LASTING:
        return done
    holds = query.get("stand") == str(pool.version) and _STATES.get(done, pool.state) == pool.state
    return done if holds else ""


def end_of(span: str, now: datetime) -> datetime | None:
    """Return the instant that a choice means; None for none of them."""
    if span == "heute":
        return datetime.combine(now.astimezone(ZONE).date(), _LAST_MOMENT, ZONE)
    return now + timedelta(hours=int(span)) if span in SPANS else None


def done_by_closing(form: FormData) -> str:
    """Return what a tap on a closing button has done: a closure, another end, another reason."""
    if text_of(form, "dauer") in SPANS:
        return "ende"
    return "grund" if text_of(form, "aendern") == "1" else "geschlossen"


def overtaken(say: Say, pool: Pool, form: FormData) -> str:
    """Say what holds now, that the tap was not executed, and how to get it after all."""
    reason, span = text_of(form, "reason"), text_of(form, "dauer")
    if span in SPANS:
        tapped = say.text(_SPAN_WORDS[span])
    elif reason:
        tapped = say.code("staff.reason", reason)
    else:
        tapped = say.text("staff.mistake" if text_of(form, "irrtum") == "1" else "staff.reopen")
    said = [_holds(say, pool), say.text("staff.not_done", tapped=tapped)]
    if pool.state == "closed" or (reason and span not in SPANS):
        said.append(say.text("staff.tap_again"))
    return " ".join(said)


def _holds(say: Say, pool: Pool) -> str:
    if pool.state == "open":
        return say.text("staff.meanwhile_open")
    reason = say.code("staff.reason", pool.reason)
    if pool.until is not None and pool.until > say.now():
        return say.text("staff.meanwhile_closed_until", reason=reason, when=say.moment(pool.until))
    return say.text("staff.meanwhile_closed", reason=reason)


def gravest_first(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Return proposals in the order in which they matter."""
    ranks = {rule: rank for rank, rule in enumerate(_RULES)}
    return sorted(proposals, key=lambda each: ranks.get(each.rule, len(ranks)))
