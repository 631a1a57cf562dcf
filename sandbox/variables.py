"""The sandbox's environment variables. An invalid value is refused before anything runs."""

import math
import os
import re
from ipaddress import IPv4Network
from pathlib import Path

from facts.variables import misspelt_variable

DEPLOYERS = ("inside", "outside")

EACH = "each"
AT_THE_END = "end"

BACKEND = "SANDBOX_BACKEND_URL"
CHECKPOINTS = "SANDBOX_CHECKPOINTS"
DEPLOYER = "SANDBOX_DEPLOYER"
KUBECONFIG = "SANDBOX_KUBECONFIG"
PROVIDERS = "SANDBOX_PROVIDERS"
QUIET = "SANDBOX_QUIET"
"""Waiting for an object ends after this many seconds without a change in the sandbox (default 4)."""

_KNOWN = (
    *(BACKEND, CHECKPOINTS, DEPLOYER, KUBECONFIG, PROVIDERS, QUIET),
    *("SANDBOX_HOME", "SANDBOX_ENGINE", "SANDBOX_ENGINE_CACHE", "SANDBOX_ENDPOINT"),
)


class WrongVariableError(Exception):
    """A variable of the sandbox has an invalid value."""


class RealProviderError(Exception):
    """A real provider cannot be used; the text names it and says what to do."""


def checkpoints() -> str:
    """When the engine writes its state: EACH step, or once AT_THE_END of a command.

    AT_THE_END is the default for the sandbox's own file backend. The engine writes its whole state at every step, so
    the time of an `up` grows with the square of the stack's size. The sandbox can recover without these writes (see
    sandbox.recovery). EACH is the default for another backend, because the stand-ins' store alone cannot recover its
    state. It is also the default with real providers: only the state tells which resources they created for the stack.
    """
    return os.environ.get(CHECKPOINTS) or (EACH if _only_the_state_knows() else AT_THE_END)


def _only_the_state_knows() -> str:
    """The variable because of which only the state knows what a killed command created; empty if there is none."""
    return next((name for name in (BACKEND, PROVIDERS) if os.environ.get(name)), "")


def check_variables() -> None:
    """Raise WrongVariableError for an invalid value or a misspelt name. Unset and empty variables are valid."""
    if misspelt := misspelt_variable(os.environ, "SANDBOX_", _KNOWN):
        raise WrongVariableError(str(misspelt))
    deployer = os.environ.get(DEPLOYER)
    if deployer and deployer not in DEPLOYERS and not _is_network(deployer):
        raise _wrong(DEPLOYER, f"must be {' or '.join(DEPLOYERS)} or an IPv4 address")
    kubeconfig = os.environ.get(KUBECONFIG)
    if kubeconfig and not os.access(Path(kubeconfig).expanduser(), os.R_OK):
        raise _wrong(KUBECONFIG, "must be a readable kubeconfig file")
    backend = os.environ.get(BACKEND)
    if backend and not re.match(r"[a-z][a-z0-9+.-]*://", backend):
        raise _wrong(BACKEND, "must be the URL of a state backend, such as s3://bucket or file:///folder")
    quiet = os.environ.get(QUIET)
    if quiet and not _is_seconds(quiet):
        raise _wrong(QUIET, "must be a number of seconds")
    _check_checkpoints()


def _check_checkpoints() -> None:
    if checkpoints() not in (EACH, AT_THE_END):
        raise _wrong(CHECKPOINTS, f"must be {EACH} or {AT_THE_END}")
    reason = _only_the_state_knows()
    if checkpoints() == AT_THE_END and reason:
        raise _wrong(
            CHECKPOINTS,
            f"must be {EACH} if {reason} is set, because after a kill only the state knows what was created. "
            "Unset one of the two",
        )


def _wrong(name: str, allowed: str) -> WrongVariableError:
    return WrongVariableError(f"{name}: {os.environ.get(name, '')!r}; {allowed}")


def _is_seconds(text: str) -> bool:
    try:
        return 0 <= float(text) < math.inf
    except ValueError:
        return False


def _is_network(text: str) -> bool:
    try:
        IPv4Network(text, strict=False)
    except ValueError:
        return False
    return True
