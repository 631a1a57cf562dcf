"""The start of a run: it reads the settings from the engine, and turns errors into plain messages."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import cast

import pulumi
from pulumi.runtime import config as runtime_config

from facts.json_text import read_json
from facts.problem import InvalidInput
from facts.unforeseen import unforeseen, wants_traceback
from facts.wording import plural
from infra.project.other_stacks import other_stack_problems
from infra.settings import Settings, load
from infra.settings.reading.prefixes import PROJECT, sections_in

from .context import on_sandbox


@contextmanager
def plain_errors() -> Generator[None]:
    """Turn a refusal of a component into a RunError, of which the engine shows only the text, without a traceback."""
    try:
        yield
    except pulumi.RunError:
        raise
    except InvalidInput as refusal:
        raise pulumi.RunError(str(refusal)) from None
    except Exception as error:
        if wants_traceback():
            raise
        raise pulumi.RunError(unforeseen(error)) from None


def read_settings() -> Settings:
    """The settings of the stack that the engine runs. Placeholders are only allowed on the sandbox; a preview warns."""
    given = cast(Mapping[str, str], runtime_config.CONFIG.get())
    sections, problems = sections_in({key: _content(text) for key, text in given.items()})
    problems = [*problems, *other_stack_problems(pulumi.get_stack(), sections)]
    encrypted = {name for name in sections if runtime_config.is_config_secret(f"{PROJECT}:{name}")}
    try:
        settings = load(
            sections, pulumi.get_stack(), encrypted=encrypted, sandbox=on_sandbox(), beside=problems
        )
    except InvalidInput as refusal:
        # The engine shows only the text of a RunError. A traceback would hide what the user has to fix.
        raise pulumi.RunError(str(refusal)) from None
    # `up` is silent: the check or the preview before it has said so.
    if settings.placeholders and pulumi.runtime.is_dry_run():
        pulumi.log.warn(placeholder_warning(len(settings.placeholders), pulumi.get_stack()))
    return settings


def placeholder_warning(count: int, stack: str) -> str:
    """The warning in one line, because the engine repeats it up to four times."""
    counted = plural("placeholder", count)
    return f"{counted}, which a real `pulumi up` refuses: `playground check {stack} --real` lists them"


def _content(text: str) -> object:
    """A section as the engine passes it, in JSON. Other text becomes a type error of the section."""
    try:
        return read_json(text)
    except ValueError:
        return text
