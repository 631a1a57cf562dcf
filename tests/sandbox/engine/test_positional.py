"""Arguments that a command does not take are refused before the engine starts."""

import re
import subprocess

import pytest

from sandbox.engine.find import obtain_engine
from sandbox.engine.paths import SHORT_OF_IMPORT
from sandbox.engine.positional import WITH_VALUE, ArgumentError, check_arguments, takes_next

STACKS = ("dev", "prod", "staging")


@pytest.mark.parametrize(
    ("words", "least"),
    [
        *[(word, 30) for word in ("up", "preview", "refresh", "destroy", "import")],
        *[(f"stack {word}", 10) for word in ("export", "history", "graph")],
    ],
)
def test_the_options_with_a_value_are_the_engines(words: str, least: int) -> None:
    pulumi = obtain_engine(lambda _: None).path
    told = subprocess.run(
        [pulumi, *words.split(), "--help"], capture_output=True, text=True, check=True
    ).stdout
    # An option's value is before its description, which follows two spaces. A value in brackets needs a `=`.
    listed = re.findall(r"^ +(?:(-\w), )?(--[\w-]+)(?: (\S+))?  ", told, re.MULTILINE)
    assert len(listed) > least
    for short, long, kind in listed:
        needs = bool(kind) and "[" not in kind and kind != "false"
        assert (long in WITH_VALUE) == needs, long
        own = SHORT_OF_IMPORT if words == "import" else {}
        assert (takes_next(short) or short in own) == needs or not short, short


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            "preview staging",
            "takes no argument 'staging'. To name a stack, use the option: `sandbox preview --stack s",
        ),
        (
            "up prd --yes",
            "up takes no argument 'prd'. To name a stack, use the option: `sandbox up --stack pr",
        ),
        ("up --yes staging", "sandbox up --stack staging"),
        ("up -ys prod staging", "takes no argument 'staging'"),
        ("destroy --verbose staging", "sandbox destroy --stack staging"),
        ("refresh -- staging", "takes no argument 'staging'"),
        ("up https://example.com/template", "sandbox up --stack NAME"),
        ("up --stack", "--stack: has no value. Write it after the option"),
        ("stack output -s", "-s: has no value"),
        (
            "stack staging",
            "stack takes no argument 'staging'. To name a stack, use the option: `sandbox stack -",
        ),
        ("stack output staging", "sandbox stack output --stack staging"),
        ("stack export stagin --file x", "sandbox stack export --stack staging"),
        ("stack history --page 2 x", "sandbox stack history --stack NAME"),
        ("config prod --json", "sandbox config --stack prod"),
        ("import staging", "import needs a type, a name and an id, or a file: `sandbox import oci:Core"),
        ("import oci:Core/vcn:Vcn net", "sandbox import --file FILE"),
        ("stack graph", "sandbox stack graph FILE"),
    ],
)
def test_an_extra_argument_is_refused_with_the_option_that_was_meant(line: str, says: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        check_arguments(line.split(), STACKS)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        "up --stack staging --yes",
        "up -s staging",
        "up -sstaging",
        "preview --target urn:pulumi:staging::a --parallel 4 --verbose",
        "preview --verbose 5",
        "refresh --refresh=true",
        "import oci:Core/vcn:Vcn net ocid1.vcn.oc1.iad.a",
        "stack output vcnId",
        "stack history --page 2 --page-size 5",
        "stack export --file staging",
        "stack tag set environment prod",
        "stack rm staging",
        "stack remove staging --force",
        "import oci:Core/vcn:Vcn prod ocid1.vcn.oc1.iad.a --parent a=b",
        "import -f found.json",
        "stack graph staging",
        "config get staging",
    ],
)
def test_options_with_their_values_and_arguments_of_other_commands_are_accepted(line: str) -> None:
    check_arguments(line.split(), STACKS)


@pytest.mark.parametrize(
    "words", [["up", "--stack", ""], ["up", "--stack", "--yes"], ["destroy", "--stack="], ["cancel", ""]]
)
def test_an_empty_name_or_an_option_is_no_stack(words: list[str]) -> None:
    with pytest.raises(ArgumentError, match="must be the name of a stack"):
        check_arguments(words, STACKS)
