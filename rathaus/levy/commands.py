"""What `rathaus levy` does, once the town hall stands. Every command may be started again at any point."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import monotonic
from uuid import UUID

from rathaus.embedded.hall import TownHall
from rathaus.levy.client import Desk, RefusedError, Upload, desk_of
from rathaus.levy.copies import Copies
from rathaus.levy.costs import OldWay
from rathaus.levy.flow import Following, until_drawn
from rathaus.levy.models import Decision, Provider, Reconciliation, Run
from rathaus.levy.progress import ProgressView, progress_view
from rathaus.levy.report import Report, ReportFiles, make_report, write_report
from rathaus.levy.tables import Terminal, date_of

DONE, BLOCKED, REFUSED = range(3)
DEMO_CLERK, DEMO_APPROVER = "Vorführung A", "Vorführung B"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the command looks from outside."""

    terminal: Terminal
    old_way: OldWay
    data_option: str
    """The `--data` that the user gave, for the command line that the second person is to type."""
    report: Path | None = None
    started: float = 0.0


class Levy:
    """The commands of a levy on one town hall."""

    def __init__(self, hall: TownHall, desk: Desk, outcome: Outcome) -> None:
        """Do nothing yet."""
        self._home = hall.home
        self._desk = desk
        self._outcome = outcome
        self._terminal = outcome.terminal
        self._copies = Copies(hall.home.letters)

    async def check(self, upload: Upload) -> int:
        """Import, draw, and show what a second person has to approve."""
        with self._view() as view:
            run = await self._import(upload, view)
            await self._copy(run.run_id, view)
        return await self._show(run)

    async def go_through(self, upload: Upload) -> int:
        """Import and release in one, where no letter can become paper."""
        provider = await self._desk.mailgateway.provider()
        if provider.mode == "production":
            self._terminal.say("provider_real", provider=provider.provider)
            return REFUSED
        with self._view() as view:
            run = await self._import(upload, view)
            if run.state == "checked":
                run = await self._desk.notices.release(
                    run.run_id, root_hash=run.root_hash or "", approved_by=DEMO_APPROVER
                )
            counts = await self._follow(run, provider, view)
        return await self._conclude(run, counts)

    async def release(self, run_id: UUID, *, root_hash: str, approved_by: str) -> int:
        """Release a run as its second person, and follow it to its end."""
        provider = await self._desk.mailgateway.provider()
        run = await self._desk.notices.release(
            run_id, root_hash=root_hash.strip(), approved_by=" ".join(approved_by.split())
        )
        self._terminal.say("released_now", person=run.approved_by)
        with self._view() as view:
            counts = await self._follow(run, provider, view)
        return await self._conclude(run, counts)

    async def status(self, run_id: UUID) -> int:
        """Show how far a run is."""
        run = await self._desk.notices.run(run_id)
        if run.state == "checked":
            return await self._show(run)
        counts = await self._desk.notices.reconciliation(run_id)
        self._terminal.findings(run)
        self._terminal.overview(run, self._outcome.old_way)
        await self._conclude(run, counts)
        return DONE

    async def decide(self, letter_id: UUID, decision: Decision, *, by: str, posted_on: date | None) -> int:
        """Let a clerk decide about a letter that failed or is unclear."""
        await self._desk.mailgateway.decide(letter_id, decision, by=by, posted_on=posted_on)
        self._terminal.say(f"decided_{decision}", letter=letter_id)
        return DONE

    def _view(self) -> ProgressView:
        return progress_view(self._terminal.console, self._terminal.words)

    async def _import(self, upload: Upload, view: ProgressView) -> Run:
        view.show("importing", 0, 0)
        run = await self._desk.notices.import_run(upload)
        view.show("importing", run.progress.notices, run.progress.notices)
        return await until_drawn(self._desk, run, view)

    async def _follow(self, run: Run, provider: Provider, view: ProgressView) -> Reconciliation:
        def complain(detail: str) -> None:
            self._terminal.say("provider_away", detail=detail)

        following = Following(self._desk, view, to_the_post=provider.posts, complain=complain)
        counting = asyncio.ensure_future(following.until_done(run.run_id))
        try:
            await self._copy(run.run_id, view)
            return await counting
        finally:
            counting.cancel()

    async def _copy(self, run_id: UUID, view: ProgressView) -> None:
        notices = await self._desk.notices.notices(run_id)
        await self._copies.fetch(self._desk.notices, notices, lambda done, total: view.show("copying", done, total))

    async def _show(self, run: Run) -> int:
        """Show a run that waits for its release, and how to release it."""
        terminal = self._terminal
        report, files = await self._write(await self._desk.notices.reconciliation(run.run_id))
        terminal.findings(run)
        terminal.held_back(report, files)
        terminal.overview(run, self._outcome.old_way)
        terminal.import_report(report, files)
        if run.state == "superseded":
            terminal.say("superseded")
            return REFUSED
        if run.state == "released":
            terminal.say("released_before", date=date_of(run))
            return DONE
        if not report.rendered:
            terminal.say("nothing")
            return BLOCKED
        samples = await self._desk.notices.samples(run.run_id)
        paths = [await self._copies.fetch_one(self._desk.notices, each) for each in samples]
        terminal.samples([(each.why, path) for each, path in zip(samples, paths, strict=True)])
        terminal.say("root_hash", hash=run.root_hash)
        terminal.say("release_line")
        terminal.line(
            f"  rathaus levy release {run.run_id} --hash {run.root_hash} --as NAME{self._outcome.data_option}"
        )
        return DONE

    async def _conclude(self, run: Run, counts: Reconciliation) -> int:
        report, files = await self._write(counts)
        self._terminal.report(report, files)
        provider = await self._desk.mailgateway.provider()
        if provider.mode != "production":
            self._terminal.say("simulated" if provider.mode == "simulator" else "test_mode")
        self._terminal.troubles(await self._desk.mailgateway.troubles(run.run_id))
        return DONE if report.chain_closed else BLOCKED

    async def _write(self, counts: Reconciliation) -> tuple[Report, ReportFiles]:
        """Write report, row errors and the list of letters."""
        outcome = self._outcome
        report = make_report(counts, old_way=outcome.old_way, total_seconds=monotonic() - outcome.started)
        row_errors = await self._desk.notices.row_errors(counts.run_id)
        more = (outcome.report,) if outcome.report is not None else ()
        files = write_report(self._home, report, row_errors, more=more)
        run = await self._desk.notices.run(counts.run_id)
        self._copies.write_index(run, await self._desk.notices.notices(counts.run_id))
        return report, files


Work = Callable[[Levy], Awaitable[int]]


async def with_levy(hall: TownHall, outcome: Outcome, work: Work) -> int:
    """Do some levy work; what a service refuses is shown in its own words."""
    async with desk_of(hall) as desk:
        try:
            return await work(Levy(hall, desk, outcome))
        except RefusedError as error:
            outcome.terminal.say("refused", title=error.title)
            if error.detail:
                outcome.terminal.line(error.detail)
            return REFUSED
