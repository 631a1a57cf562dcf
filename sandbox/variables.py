"""The sandbox's environment variables. An invalid value is refused before anything runs."""

import os
from ipaddress import IPv4Network
from pathlib import Path

DEPLOYERS = ("inside", "outside")

BACKEND = "SANDBOX_BACKEND_URL"
CHECKPOINTS = "SANDBOX_CHECKPOINTS"
PROVIDERS = "SANDBOX_PROVIDERS"
EACH = "each"
AT_THE_END = "end"


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
    """Raise WrongVariableError for an invalid value. Unset and empty variables are valid."""
    deployer = os.environ.get("SANDBOX_DEPLOYER")
    if deployer and deployer not in DEPLOYERS and not _is_network(deployer):
        allowed = f"must be {' or '.join(DEPLOYERS)} or an IPv4 address"
        raise WrongVariableError(f"SANDBOX_DEPLOYER: {deployer!r}; {allowed}")
    kubeconfig = os.environ.get("SANDBOX_KUBECONFIG")
    if kubeconfig and not os.access(Path(kubeconfig).expanduser(), os.R_OK):
        raise WrongVariableError(f"SANDBOX_KUBECONFIG: {kubeconfig!r}; must be a readable kubeconfig file")
    if checkpoints() not in (EACH, AT_THE_END):
        raise WrongVariableError(f"{CHECKPOINTS}: {checkpoints()!r}; must be {EACH} or {AT_THE_END}")
    reason = _only_the_state_knows()
    if checkpoints() == AT_THE_END and reason:
        raise WrongVariableError(
            f"{CHECKPOINTS}: {AT_THE_END!r}; must be {EACH} if {reason} is set, because after a kill only the state "
            "knows what was created. Unset one of the two"
        )


def _is_network(text: str) -> bool:
    try:
        IPv4Network(text, strict=False)
    except ValueError:
        return False
    return True
