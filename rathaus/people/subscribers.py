"""What `rathaus subscribers` does, once the town hall stands."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from rathaus.import_report import Remarks, tell_of
from rathaus.levy.client import Service
from rathaus.levy.commands import BLOCKED, DONE
from rathaus.levy.tables import Terminal


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class RefusedRow(_Answer):
    """A row that was not or only partly taken over, and why; it never names the person."""

    line: int
    reason: str


class ImportReport(_Answer):
    """What has become of each row of a list."""

    added: int
    merged: int
    unchanged: int
    refused: tuple[RefusedRow, ...]
    partly: tuple[RefusedRow, ...] = ()


class _Taken(_Answer):
    stopped: bool
    reason: str


class SubscriberCommands:
    """The commands on one town hall; each returns an exit status."""

    def __init__(self, terminal: Terminal, subscriptions: Service, *, reports: Path) -> None:
        """Do nothing yet."""
        self._reports = reports
        self._terminal = terminal
        self._say = terminal.say
        self._subscriptions = subscriptions

    async def take_list(self, content: bytes, file: Path) -> int:
        """Hand in a list of subscribers; the same list again changes nothing."""
        answer = await self._subscriptions.call(
            "POST", "/imports", content=content, headers={"content-type": "text/csv; charset=utf-8"}
        )
        report = ImportReport.model_validate_json(answer)
        number = self._terminal.words.number
        counts = {"added": report.added, "merged": report.merged, "unchanged": report.unchanged}
        counts["refused"] = len(report.refused)
        remarks = [
            Remarks(title, [(each.line, each.reason) for each in rows])
            for rows, title in ((report.partly, "import_partly"), (report.refused, "import_refused"))
        ]
        tell_of(self._terminal, remarks, file=self._reports / f"{file.stem}-import.csv")
        self._say("import_counts", **{name: number(count) for name, count in counts.items()})
        return BLOCKED if report.refused else DONE

    async def take_bounce(self, mail: bytes) -> int:
        """Hand in a mail that came back; one that changes nothing is no failure: a mail server would try again."""
        answer = await self._subscriptions.call(
            "POST", "/bounces", content=mail, headers={"content-type": "message/rfc822"}
        )
        taken = _Taken.model_validate_json(answer)
        if taken.stopped:
            self._say("bounce_stopped")
        else:
            self._say("bounce_nothing", reason=taken.reason)
        return DONE
