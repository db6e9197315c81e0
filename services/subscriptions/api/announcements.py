"""HTTP in: alerts of clerks. Each request is one command or query."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.http import Endpointed, Problem, path_id, route
from services.subscriptions import queries_announcements as queries
from services.subscriptions.api import alert_forms as forms
from services.subscriptions.commands.announce_alert import AlertDesk, announce_alert, facts_of, topics_of
from services.subscriptions.commands.end_alert import end_alert
from services.subscriptions.commands.release_announcement import reject_announcement, release_announcement
from services.subscriptions.commands.update_alert import update_alert
from services.subscriptions.domain import preview
from services.subscriptions.domain.alert_rules import Reason, Refused
from services.subscriptions.domain.alert_words import placed
from services.subscriptions.domain.envelope import House
from services.subscriptions.domain.reach import needs_second_person
from services.subscriptions.storage import reach
from services.subscriptions.storage.topics import TopicList, scope_of

_MOST_DIGITS = 18
"""More do not fit into a number of the database."""
_REFUSALS: dict[Reason, tuple[int, str, str]] = {
    "unknown": (404, "Diese Meldung gibt es nicht.", "Bitte die Liste der Meldungen neu laden."),
    "same_person": (
        403,
        "Freigeben muss eine andere Person.",
        "Wer die Meldung geschrieben hat, kann sie nicht selbst freigeben (Vier-Augen-Prinzip).",
    ),
    "rejected": (409, "Diese Meldung wurde abgelehnt.", "Bitte bei Bedarf eine neue Meldung schreiben."),
    "released": (409, "Diese Meldung ist schon unterwegs.", "Sie kann noch beendet oder als Irrtum berichtigt werden."),
    "held": (409, "Diese Meldung wartet noch auf Freigabe.", "Bitte erst freigeben lassen oder ablehnen."),
    "ended": (409, "Diese Meldung ist schon beendet.", "Bitte bei Bedarf eine neue Meldung schreiben."),
    "of_a_pool": (409, "Diese Meldung gehört zu einem Bad.", "Sie ändert sich mit dem Zustand des Bades."),
    "past": (409, "Die Zeit dieser Meldung ist schon vorbei.", "Bitte ein Ende wählen, das noch kommt."),
}


@dataclass(frozen=True, slots=True)
class _Alerts:
    desk: AlertDesk
    house: House
    topics: TopicList

    async def _reported(self, announcement_id: int, status: int = 200) -> Response:
        async with self.desk.database.reading() as session:
            found = await queries.report(session, announcement_id)
        if found is None:
            raise _problem("unknown")
        return JSONResponse(found, status_code=status)

    async def dry_run(self, request: Request) -> Response:
        """Say whom an alert would reach and how it would read; nothing is stored."""
        order = (await forms.from_body(forms.DryRun, request)).order(self.desk.places)
        topics = topics_of(order, self.desk)
        async with self.desk.database.reading() as session:
            concerned = await reach.of_topics(session, topics)
        scope = scope_of(facts_of(order))
        texts = placed(order.texts, scope, told_at=self.desk.now()) if scope else order.texts
        setting = preview.Setting(self.house, topics[0], self.topics.name, self.desk.now())
        return JSONResponse(
            {
                "reaches": concerned.people,
                "by_channel": concerned.by_channel,
                "by_language": concerned.by_language,
                "without_channel": concerned.without_channel,
                "needs_second_person": needs_second_person(concerned, above=self.desk.second_person_above),
                "topics": topics,
                "previews": preview.previews(texts, setting),
            }
        )

    async def announce(self, request: Request) -> Response:
        """Announce it, or hold it for a second person."""
        form = await forms.from_body(forms.Announce, request)
        made = await _allowed(announce_alert(form.command_id, form.order(self.desk.places), desk=self.desk))
        return await self._reported(made, 201)

    async def release(self, request: Request) -> Response:
        """Let a held one go out."""
        number = _number(request)
        form = await forms.from_body(forms.Release, request)
        await _allowed(release_announcement(number, by=form.by, desk=self.desk))
        return await self._reported(number)

    async def reject(self, request: Request) -> Response:
        """Let a held one never go out."""
        number = _number(request)
        form = await forms.from_body(forms.Rejection, request)
        await _allowed(reject_announcement(number, by=form.by, why=form.why, desk=self.desk))
        return await self._reported(number)

    async def update(self, request: Request) -> Response:
        """Tell what has changed."""
        incident_id = path_id(request, "incident")
        form = await forms.from_body(forms.Update, request)
        made = await _allowed(update_alert(incident_id, form.command_id, form.news(), desk=self.desk))
        return await self._reported(made, 201)

    async def end(self, request: Request) -> Response:
        """Give the all-clear, or say that it was a mistake."""
        incident_id = path_id(request, "incident")
        form = await forms.from_body(forms.End, request)
        ended = end_alert(incident_id, form.command_id, mistaken=form.mistaken, by=form.by, desk=self.desk)
        return await self._reported(await _allowed(ended), 201)

    async def listed(self, request: Request) -> Response:
        """List the newest."""
        form = forms.from_query(forms.Listing, request)
        async with self.desk.database.reading() as session:
            return JSONResponse(await queries.latest(session, state=form.state, limit=form.limit))

    async def one(self, request: Request) -> Response:
        """Report what became of one."""
        return await self._reported(_number(request))


def routes(desk: AlertDesk, *, house: House, topics: TopicList) -> list[Endpointed]:
    """Return the routes for alerts; house and topics are for previews."""
    alerts = _Alerts(desk, house, topics)
    callers = ["portal"]
    return [
        route("POST", "/announcements/dry-run", alerts.dry_run, callers=callers),
        route("POST", "/announcements", alerts.announce, callers=callers),
        route("POST", "/announcements/{number}/release", alerts.release, callers=callers),
        route("POST", "/announcements/{number}/rejection", alerts.reject, callers=callers),
        route("POST", "/incidents/{incident}/updates", alerts.update, callers=callers),
        route("POST", "/incidents/{incident}/end", alerts.end, callers=callers),
        route("GET", "/announcements", alerts.listed, callers=callers),
        route("GET", "/announcements/{number}", alerts.one, callers=callers),
    ]


async def _allowed(doing: Awaitable[int | None]) -> int:
    """Put a refusal into words."""
    try:
        return await doing or 0
    except Refused as refused:
        raise _problem(refused.reason) from None


def _problem(reason: Reason) -> Problem:
    status, title, detail = _REFUSALS[reason]
    return Problem(status, title, detail, code=reason)


def _number(request: Request) -> int:
    text = request.path_params["number"]
    if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS:
        return int(text)
    raise _problem("unknown")
