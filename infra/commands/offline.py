"""The resources of a stack without an engine: the program runs in this process."""

from facts.problem import InvalidInput
from infra.project.stackfile import StackFile
from report.layers import in_order
from report.resources import Resource, from_recording

from .refusal import fail


def offline_resources(file: StackFile, stack: str) -> list[Resource]:
    """The resources that the program registers. If the settings have problems, prints them and exits with code 1."""
    import pulumi  # noqa: PLC0415  SDKs take half a second, which `--help` and a report of a preview do not need

    if file.problems:
        raise InvalidInput(file.problems, file.name)
    try:
        return in_order(recorded_resources(file, stack))
    except pulumi.RunError as error:
        # The program's own refusal (infra/program/start.py).
        refused = error.__context__
        fail(str(error), refused.problems if isinstance(refused, InvalidInput) else ())


def recorded_resources(file: StackFile, stack: str) -> list[Resource]:
    """The same in the order of registration. Exceptions of the program are not changed."""
    from infra.offline.run import run_offline  # noqa: PLC0415  see above

    return from_recording(run_offline(file, stack).resources)
