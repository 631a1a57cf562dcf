"""Runs the engine and shows a page: dangers, what changes, messages, what the change means, outputs and counts.

The engine's own output has a line for each step of each resource. With --verbose, or with options that ask for details,
it is shown as it is.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import click

from facts.problem import InvalidInput
from facts.terminal import wrapped
from facts.unforeseen import unforeseen
from report.document.model import Document
from report.engine_text import EngineText, engine_text, outputs_without
from report.model_speeds import SPEEDS
from report.sections.found import KEYS as FOUND
from sandbox.change_report import document_of, imported_urns, left_document, rendered
from sandbox.engine.words import (
    DESTROYS,
    IMPORTS,
    PREVIEWS,
    REFRESHES,
    Extent,
    asks_for_details,
    without_option,
)
from sandbox.engine_process import EngineProcess
from sandbox.planned import dependencies_of
from sandbox.preview import danger
from sandbox.progress import Progress
from sandbox.store import open_store

_CHANGES = (*FOUND, "changes")
_LAST = 3
"""The last events, among which is the engine's summary of the run."""


@dataclass(frozen=True)
class Page:
    """One command of the engine, and how its output is shown."""

    process: EngineProcess
    arguments: Sequence[str]
    stack: str
    locks: tuple[int, ...]
    extent: Extent = "short"
    told: bool = False
    """Whether a preview has just shown the report."""

    @property
    def word(self) -> str:
        return self.arguments[0]

    @property
    def verbose(self) -> bool:
        """Whether the engine's own output is shown."""
        return self.extent == "whole"

    @property
    def previews(self) -> bool:
        """Whether the engine only previews."""
        return self.word in PREVIEWS or "--preview-only" in self.arguments

    def run(self) -> int:
        """Run the engine, show the page, and return the engine's exit status.

        A file that the caller names with --event-log stays.
        """
        arguments, named = without_log(self.arguments)
        events = named or self.process.home.folder / "events.json"
        plan = self.process.home.folder / "plan.json"
        for file in (events, plan):
            file.unlink(missing_ok=True)
        words = [*arguments, "--event-log", str(events)]
        if self.word in PREVIEWS and not _names_a_plan(arguments):
            words += ["--save-plan", str(plan)]
        try:
            return self._run(words, events, plan)
        finally:
            if named is None:
                events.unlink(missing_ok=True)
            plan.unlink(missing_ok=True)

    def _run(self, words: list[str], events: Path, plan: Path) -> int:
        if self.verbose and self.word not in PREVIEWS:
            status = self.process.run(words, locks=self.locks)
            self._show(status, "", _events(events), plan)
            return status
        if sys.stdout.isatty() and "NO_COLOR" not in os.environ and not _names_colours(words):
            words = [*words, "--color", "always"]
        status, output, errors = self._quietly(words, events)
        click.echo(_without_plan(errors, plan), err=True, nl=False)
        if note := self.process.home.note_on(errors):
            _say(note)
        self._show(status, output, _events(events), plan)
        return status

    def _quietly(self, words: list[str], events: Path) -> tuple[int, str, str]:
        """Run the engine with its progress as one line. Returns its exit status, output and errors."""
        # A preview and a refresh wait only for what they read.
        done = not self.previews or self.word in REFRESHES
        progress = Progress(events, _DOING.get(self.word, "updating"), done=done)
        try:
            with TemporaryFile() as held, TemporaryFile() as errors:
                status = self.process.run(
                    words, locks=self.locks, output=held, errors=errors, tick=progress.tick
                )
                progress.end()
                return status, _read(held), _read(errors)
        except BaseException:
            progress.end()
            raise

    def _show_what_is_left(self, imported: Sequence[Mapping[str, Any]]) -> None:
        """What the program would still change of what an import has just taken over."""
        if not imported_urns(imported):
            return
        preview = replace(self, arguments=["preview", "--stack", self.stack])
        events = self.process.home.folder / "left.json"
        try:
            preview._quietly([*preview.arguments, "--event-log", str(events)], events)
            document = self._made(
                lambda: left_document(imported, _events(events), self.process.home, self.stack)
            )
        finally:
            events.unlink(missing_ok=True)
        if document is None:
            _say("what the program would still change is not known: `sandbox preview` says why")
        else:
            click.echo(f"{rendered(document, (), others=True, verbose=self.verbose)}\n")

    def _show(self, status: int, output: str, events: Sequence[Mapping[str, Any]], plan: Path) -> None:
        lines, text = self._dangers(events, plan), engine_text(output.splitlines())
        if status or self.word in REFRESHES | IMPORTS:
            # Of a run that failed, the engine shows the outputs as removed, but the state keeps them. A refresh and an
            # import leave them as they are.
            text = replace(text, outputs=())
        details = asks_for_details(self.arguments) or not (text.heading or self.verbose)
        document = None if details else self._document(status, events, lines)
        if details or self.verbose:
            parts = [output, _text(document, changes=False, verbose=True)]
        else:
            parts = [*_page(text, document)]
        page = "\n\n".join(part for part in parts if part)
        long = sys.stdout.isatty() and page.count("\n") + len(lines) >= shutil.get_terminal_size().lines
        for part in ("\n".join(lines), page, "\n".join(lines) if long else ""):
            if part:
                # Colours were requested above or by the user.
                click.echo(f"{part}\n", color=True)
        if self.word in IMPORTS and not (status or self.previews or self.extent == "brief"):
            self._show_what_is_left(events)

    def _dangers(self, events: Sequence[Mapping[str, Any]], plan: Path) -> list[str]:
        """The first lines of a preview."""
        if not self.previews or self.word not in PREVIEWS | DESTROYS:
            return []
        with open_store(self.process.home.cloud) as store:
            return danger(events, store, dependencies_of(plan))

    def _document(
        self, status: int, events: Sequence[Mapping[str, Any]], lines: Sequence[str]
    ) -> Document | None:
        """The report. A report that cannot be made must not change the status of what the engine has done."""
        failed = status and not _is_whole(events)
        if not events or (failed and self.previews):
            return None
        # The events of an import have only what it imports.
        short = failed or self.told or self.word in IMPORTS
        return self._made(
            lambda: document_of(
                events,
                self.process.home,
                self.stack,
                done=not self.previews,
                extent="changes" if short else self.extent,
                dangers_told=bool(lines),
            )
        )

    @staticmethod
    def _made(make: Callable[[], Document | None]) -> Document | None:
        try:
            return make()
        except (InvalidInput, OSError) as error:
            _say(f"no report: {error}")
        except Exception as error:
            _say(f"no report: {unforeseen(error)}")
        return None


_DOING = (
    dict.fromkeys(PREVIEWS, "previewing")
    | dict.fromkeys(DESTROYS, "destroying")
    | dict.fromkeys(REFRESHES, "refreshing")
    | dict.fromkeys(IMPORTS, "importing")
)


def _is_whole(events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the engine did all, and failed only after that: it had to find no changes (--expect-no-changes)."""
    return any(each.get("summaryEvent", {}).get("result") == "succeeded" for each in events[-_LAST:])


def _page(text: EngineText, document: Document | None) -> Iterator[str]:
    yield "\n".join(text.before)
    yield text.heading
    yield _text(document, changes=True)
    yield wrapped("\n".join(text.messages), sys.stdout)
    yield _text(document, changes=False)
    # The report says them, in a table.
    yield "\n".join(outputs_without(text.outputs, () if document is None else (SPEEDS,)))
    yield "\n".join(text.end)


def _text(document: Document | None, *, changes: bool, verbose: bool = False) -> str:
    if document is None:
        return ""
    return rendered(document, _CHANGES, others=not changes, verbose=verbose)


def _say(text: str) -> None:
    click.secho(wrapped(f"sandbox: {text}", sys.stderr), err=True, dim=True)


def _names_a_plan(arguments: Sequence[str]) -> bool:
    return any(word.split("=")[0] == "--save-plan" for word in arguments)


def _names_colours(arguments: Sequence[str]) -> bool:
    return any(word.startswith("--color") for word in arguments)


def without_log(arguments: Sequence[str]) -> tuple[list[str], Path | None]:
    """The arguments without --event-log, and its file. The engine runs in another folder, so the path is absolute."""
    kept, named = without_option(arguments, "--event-log")
    return kept, None if named is None else Path(named).absolute()


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace").rstrip("\n")


def _without_plan(text: str, plan: Path) -> str:
    """The engine's messages without the two lines about the sandbox's own plan file."""
    lines = [line for line in text.splitlines() if str(plan) not in line]
    return "".join(f"{line}\n" for line in lines)


def _events(file: Path) -> list[Mapping[str, Any]]:
    """The events of a log. The last line of a killed engine may be incomplete."""
    found: list[Mapping[str, Any]] = []
    if file.exists():
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            with suppress(ValueError):
                found.append(json.loads(line))
    return found
