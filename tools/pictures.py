"""Writes docs/pictures: the architecture of prod and staging. `--check` only says which ones are out of date."""

from collections.abc import Sequence

from infra.offline.run import run_offline
from infra.project.stackfile import ROOT, read_stack_file
from report.architecture import architecture_of
from report.drawing.architecture import architecture
from report.drawing.svg import svg
from report.resources import Resource, from_recording
from tools.entry import start
from tools.pages import write_pages

STACKS = ("prod", "staging")
FOLDER = ROOT / "docs" / "pictures"


def picture(resources: Sequence[Resource], stack: str) -> str:
    """The picture of a stack as a file."""
    return svg(architecture(architecture_of(resources, stack)), alone=True)


def main() -> int:
    """Write the pictures. With --check, say which are out of date."""
    FOLDER.mkdir(exist_ok=True)
    return write_pages({FOLDER / f"{each}.svg": picture(_resources(each), each) for each in STACKS})


def _resources(stack: str) -> list[Resource]:
    return from_recording(run_offline(read_stack_file(stack), stack).resources)


if __name__ == "__main__":
    start(main)
