"""Reads and checks everything that exists already, before the program creates anything."""

from facts.problem import Problem, refuse
from infra.program.context import Context
from infra.settings import Settings

from .assumed import assumed_network
from .found import Existing, FoundNetwork
from .network_checks import existing_network_findings
from .network_reading import FIX, read_existing_network
from .reader import ProviderReader, Reader


def find_existing(settings: Settings, context: Context) -> Existing:
    """The existing resources that the settings name. Raises InvalidInput with all of their problems at once."""
    reader, problems = ProviderReader(context.regional), list[Problem]()
    existing = _look(settings, reader, problems, sandbox=context.sandbox)
    refuse(problems, "what exists already")
    return existing


def problems_of(settings: Settings, reader: Reader) -> list[Problem]:
    """The problems of the existing resources that the settings name."""
    problems: list[Problem] = []
    _look(settings, reader, problems, sandbox=False)
    return problems


def _look(settings: Settings, reader: Reader, problems: list[Problem], *, sandbox: bool) -> Existing:
    return Existing(network=_network(settings, reader, problems, sandbox=sandbox))


def _network(
    settings: Settings, reader: Reader, problems: list[Problem], *, sandbox: bool
) -> FoundNetwork | None:
    wanted = settings.network.existing
    if wanted is None:
        return None
    found = read_existing_network(reader, wanted, problems)
    if found is None and not problems and not sandbox:
        problems.append(Problem("network.existing.vcnId", wanted.vcn_id, "cannot be read", FIX))
    if found is not None:
        problems += existing_network_findings(settings, found)
    return found or assumed_network(settings, wanted)
