"""Builds egctl, the command of Envoy Gateway that translates its objects, and stores it next to the engine.

Envoy Gateway's controller translates with the same code (internal/gatewayapi, internal/xds/translator).
"""

from pathlib import Path

from facts.charts import CHARTS
from sandbox.engine import go
from sandbox.engine.cache import cache_folder
from tools import go_programs

MODULE = Path(__file__).parent
VERSION = CHARTS["gateway"].version
"""The version of Envoy Gateway's chart. The go.mod in this folder pins the same."""

NEEDS = "about six minutes on two cores, 2 GB of Go cache"

_PACKAGES = {"egctl": "github.com/envoyproxy/gateway/cmd/egctl"}


def program() -> Path:
    """The path of the program, which may not exist."""
    return cache_folder().parent / f"egctl-{VERSION}" / "egctl"


def obtain(say: go.Say) -> Path:
    """The program, which is built if necessary. Raises `go.BuildError`, and EngineUnavailableError if the cache folder
    cannot be written."""
    return go_programs.obtain(program().parent, MODULE, _PACKAGES, needs=NEEDS, say=say) / "egctl"
