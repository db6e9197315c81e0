"""Progress of a run: bars at a terminal, plain lines elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from rathaus.words import Words

_STEP_PERCENT = 20


class ProgressView(Protocol):
    """Shows how far each stage is; leave it as a context manager."""

    def show(self, stage: str, done: int, total: int) -> None:
        """Stage is a word of `rathaus.words`; a total of 0 is not known yet."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def progress_view(console: Console, words: Words) -> ProgressView:
    """Choose the view that fits the terminal."""
    return _Bars(console, words) if console.is_terminal else _Lines(console, words)


class _Bars:
    def __init__(self, console: Console, words: Words) -> None:
        self._words = words
        self._tasks: dict[str, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.description:<22}"),
            BarColumn(bar_width=36),
            TextColumn("{task.fields[numbers]}", justify="right"),
            TimeElapsedColumn(),
            console=console,
            refresh_per_second=5,
        )

    def show(self, stage: str, done: int, total: int) -> None:
        """Move the bar of a stage; the first call draws it."""
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(self._words.say(stage), total=None, numbers="")
        numbers = self._words.say("of", done=self._words.number(done), total=self._words.number(total))
        if total:
            self._progress.update(self._tasks[stage], completed=done, total=total, numbers=numbers)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()


class _Lines:
    """One line for each fifth of a stage, so that a log stays short."""

    def __init__(self, console: Console, words: Words) -> None:
        self._console = console
        self._words = words
        self._shown: dict[str, int] = {}

    def show(self, stage: str, done: int, total: int) -> None:
        """Write a line when a stage has come a step further."""
        step = done * 100 // total // _STEP_PERCENT if total else 0
        if step == self._shown.get(stage, -1) or not total:
            return
        self._shown[stage] = step
        numbers = self._words.say("of", done=self._words.number(done), total=self._words.number(total))
        self._console.print(f"{self._words.say(stage)}: {numbers}", highlight=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None
