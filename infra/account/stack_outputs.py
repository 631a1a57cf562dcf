"""The outputs of a deployed stack."""

import subprocess
from collections.abc import Mapping, Sequence
from typing import TextIO, cast

from facts.json_text import read_json
from infra.project.stackfile import ROOT


class NoOutputsError(RuntimeError):
    """The outputs cannot be read. The text says why and how to fix it."""


def read_outputs(
    stack: str, given: TextIO | None = None, options: Sequence[str] = ()
) -> Mapping[str, object]:
    """The stack outputs, from a file or from the engine on PATH. Raises NoOutputsError.

    `options`: of the engine's command, e.g. `--show-secrets`.
    """
    if given is not None:
        text = given.read()
    else:
        command = ["pulumi", "stack", "output", "--json", "--stack", stack, "--cwd", str(ROOT), *options]
        try:
            result = subprocess.run(command, check=True, capture_output=True, text=True)
        except FileNotFoundError as error:
            raise NoOutputsError("there is no `pulumi` on PATH. Install it, or set --outputs") from error
        except subprocess.CalledProcessError as error:
            raise NoOutputsError(
                f"`{' '.join(command)}` failed: {cast(str, error.stderr).strip()}"
            ) from error
        text = result.stdout
    try:
        return cast(Mapping[str, object], read_json(text))
    except ValueError as error:
        raise NoOutputsError("the outputs must be the JSON of `pulumi stack output --json`") from error
