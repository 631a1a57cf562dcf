"""The variables that choose how the sandbox behaves: a wrong one is refused before anything runs."""

import os
from pathlib import Path

DEPLOYERS = ("inside", "outside")


class WrongVariableError(Exception):
    """A variable of the sandbox has a value that means nothing."""


def check_variables() -> None:
    """Raise WrongVariableError for SANDBOX_DEPLOYER or SANDBOX_KUBECONFIG; unset and empty are right."""
    deployer = os.environ.get("SANDBOX_DEPLOYER")
    if deployer and deployer not in DEPLOYERS:
        raise WrongVariableError(f"SANDBOX_DEPLOYER: {deployer!r}; must be {' or '.join(DEPLOYERS)}")
    kubeconfig = os.environ.get("SANDBOX_KUBECONFIG")
    if kubeconfig and not os.access(Path(kubeconfig).expanduser(), os.R_OK):
        raise WrongVariableError(
            f"SANDBOX_KUBECONFIG: {kubeconfig!r}; must be a kubeconfig file that can be read"
        )
