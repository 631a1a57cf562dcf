"""The version of the engine that the sandbox runs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

VERSION = "3.259.0"
"""The CLI's version. The Python SDK in requirements.lock has the same version."""

PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
VERSION_SYMBOL = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"

Origin = Literal["SANDBOX_ENGINE", "PATH", "cache", "official release", "source"]


@dataclass(frozen=True)
class Engine:
    """A CLI that can be run."""

    path: Path
    version: str
    origin: Origin


class EngineUnavailableError(Exception):
    """No engine is available; the text says what was tried and what to do."""
