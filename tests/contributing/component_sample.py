"""A small component to add: its file, its test, and the lines for other files."""

COMPONENT = '''"""Networks from which people sign in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi
from pulumi_oci import identity

from components.options import child
from facts.checked_args import CheckedArgs
from facts.problem import Problem, refuse

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,255}")


@dataclass(frozen=True, kw_only=True)
class NetworkSourceArgs:
    """What a NetworkSource is made of."""

    tenancy_id: pulumi.Input[str]
    """OCID of the tenancy, where OCI keeps every network source. A change replaces it."""

    source_name: str
    """Name: letters, digits, hyphens, underscores and periods, 255 at most. A change replaces it."""

    addresses: Sequence[str]
    """Networks, 1 or more."""


class NetworkSource(CheckedArgs, pulumi.ComponentResource):
    """Networks that policies can name."""

    source_id: pulumi.Output[str]
    """OCID of the source."""

    def __init__(self, name: str, args: NetworkSourceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        refuse(source_problems(args, source_name=args.source_name, path=name), f"the network source {name}")
        super().__init__("genai:index:NetworkSource", name, {}, opts)
        source = identity.NetworkSource(
            f"{name}-source",
            identity.NetworkSourceArgs(
                compartment_id=args.tenancy_id,
                name=args.source_name,
                description=f"Networks {args.source_name}",
                public_source_lists=args.addresses,
            ),
            opts=child(self),
        )
        self.source_id = source.id
        self.register_outputs({"sourceId": self.source_id})


class NetworkSourceChoices(Protocol):
    """The plain values of a network source. The component's args and the settings both have them."""

    @property
    def addresses(self) -> Sequence[str]: ...


def source_problems(wanted: NetworkSourceChoices, *, source_name: str, path: str) -> Iterator[Problem]:
    """A name of other characters, or no network."""
    if not _NAME.fullmatch(source_name):
        allowed = "must be 1 to 255 letters, digits, hyphens, underscores and periods"
        yield Problem(f"{path}.sourceName", source_name, allowed)
    if not wanted.addresses:
        yield Problem(f"{path}.addresses", [], "must have a network or more")
'''

TEST = '''"""A network source."""

import pytest

from components.governance.network_source import NetworkSource, NetworkSourceArgs, source_problems
from tests.support.monitor import UNKNOWN, Recording, oci_options, run

ADDRESSES = ("203.0.113.0/24",)


def source(preview: bool = False) -> Recording:
    args = NetworkSourceArgs(tenancy_id="t", source_name="offices", addresses=ADDRESSES)
    return run(lambda: NetworkSource("offices", args, oci_options()) and None, preview)


def test_a_source_has_its_networks_and_its_id_as_output():
    made = source().one("oci:Identity/networkSource:NetworkSource")
    assert made.inputs["publicSourceLists"] == list(ADDRESSES)
    assert source().named("offices", "genai:index:NetworkSource").outputs == {"sourceId": made.id}


def test_the_id_is_unknown_in_a_preview():
    assert source(preview=True).named("offices", "genai:index:NetworkSource").outputs == {"sourceId": UNKNOWN}


@pytest.mark.parametrize(
    ("name", "addresses", "path"), [("a b", ADDRESSES, "source.sourceName"), ("offices", (), "source.addresses")]
)
def test_what_oracle_would_refuse_is_named(name: str, addresses: tuple[str, ...], path: str):
    args = NetworkSourceArgs(tenancy_id="t", source_name=name, addresses=addresses)
    assert [each.path for each in source_problems(args, source_name=name, path="source")] == [path]
'''


LISTED = (
    "facts/components.py",
    '    "governance": {\n',
    '        "NetworkSource": "components.governance.network_source",\n',
)

WATCHED = (
    "components/observability/services.yaml",
    "unwatched:\n",
    "  NetworkSource: A network source has no metrics.\n",
)

COMPARED = (
    ("tests/infra/settings/nouns/all.py", "from tests.infra.settings.nouns.serving import SERVING\n", """
NETWORK_SOURCE = Noun(
    choices=NetworkSourceChoices,
    path="governance.source",
    section=lambda values: {"source": values},
    component=NetworkSource,
    args=partial(NetworkSourceArgs, tenancy_id="t", source_name="source"),
    base={"addresses": ["203.0.113.0/24"]},
)
"""),
    ("tests/infra/settings/nouns/all.py", "NOUNS: tuple[Noun, ...] = (", "NETWORK_SOURCE, "),
    ("tests/infra/settings/nouns/all.py", '"""Every noun whose settings and component refuse the same values."""\n', """
from functools import partial

from components.governance.network_source import NetworkSource, NetworkSourceArgs, NetworkSourceChoices
"""),
)  # fmt: skip

PLACED = (
    "facts/data/oci-sentences.yaml",
    "# this file with the installed SDK: a new sentence must be added here.\n",
    """\
oci:Identity/networkSource:NetworkSource:
  name:
    said: ["248531b0"]
    left: the dry run has no such rule
""",
)

WIRING = (
    ("infra/settings/governance/__init__.py", "\nfrom components.governance.budget import budget_problems\n", """\
from components.governance.network_source import source_problems
"""),
    ("infra/settings/governance/__init__.py", "from .tags import TagSettings\n", '''

class NetworkSourceSettings(Section):
    """Networks from which people sign in."""

    addresses: tuple[str, ...]
    """Networks, 1 or more."""
'''),
    (
        "infra/settings/governance/__init__.py",
        '    """Cost control of one environment, and what a tenancy has only once."""\n',
        '''
    source: NetworkSourceSettings | None = None
    """Networks from which people sign in. Default: none."""
'''),
    ("infra/settings/governance/__init__.py", "    budget = governance.budget\n", """\
    if governance.source:
        yield from source_problems(governance.source, source_name="source", path="governance.source")
"""),
    ("infra/layers/governance/__init__.py", "from components.governance.budget import Budget, BudgetArgs\n", """\
from components.governance.network_source import NetworkSource, NetworkSourceArgs
"""),
    ("infra/layers/governance/__init__.py", "    wanted = settings.governance.budget\n", """\
    source, name = settings.governance.source, context.name("source")
    if source:
        args = NetworkSourceArgs(tenancy_id=context.tenancy_id, source_name=name, addresses=source.addresses)
        NetworkSource(name, args, context.in_home_region)
"""),
    ("Pulumi.dev.yaml", "  genai-playground:governance:\n", """\
    source: {addresses: [203.0.113.0/24]}
"""),
)  # fmt: skip
"""By file: a line, and the lines to insert below it."""
