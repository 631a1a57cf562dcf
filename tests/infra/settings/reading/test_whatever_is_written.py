"""`check` reports problems for any content of a stack file, and the program accepts what `check` accepts."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.offline.run import run_offline
from infra.project.stackfile import ROOT, StackFile, read_stack_file
from infra.settings import examine

Loc = tuple[str | int, ...]

TEXTS = (
    "", "x", "A_B", "a" * 300, "a=b", "https://user:pass@x", "203.0.113.7/24", "10.0.0.0/30", "10.0.0.0/33",
    "255.255.255.252/30", "::1/128", "ocid1.image.oc1.eu-frankfurt-1.aaaa", "ocid1.key.oc2..x", "kube-system",
    "v1.2", "Ünï", "a b", "\n", "-x", "${x}", "1e3", "sha256:", "REPLACE-ME", "key=value:NoSchedule", "\x00", "'", "{",
)  # fmt: skip
WRONG: st.SearchStrategy[object] = st.one_of(
    st.sampled_from(TEXTS),
    st.text(max_size=20),
    st.sampled_from([0, -1, 1, 2, 7, 10**9, 10**30, 1.5, -0.0]),
    st.sampled_from(
        [None, True, False, [], {}, [""], [None], {"x": "y"}, {"": ""}, ["a", "a"], [[]], {"a": {"b": 1}}]
    ),
)


def _files() -> Mapping[str, StackFile]:
    stacks = {name: read_stack_file(name) for name in ("dev", "staging", "prod")}
    examples = sorted((ROOT / "examples").glob("*.yaml"))
    return stacks | {path.stem: read_stack_file("dev", Path(path)) for path in examples}


FILES = _files()


def _places(value: object, loc: Loc = ()) -> Iterator[Loc]:
    """Every location in a section."""
    if len(loc) > 1:
        yield loc
    if isinstance(value, dict):
        for key, inner in cast(dict[str, object], value).items():
            yield from _places(inner, (*loc, key))
    elif isinstance(value, list):
        for index, inner in enumerate(cast(list[object], value)):
            yield from _places(inner, (*loc, index))


PLACES = {name: [*_places(dict(file.sections))] for name, file in FILES.items()}


def _with(sections: Mapping[str, object], loc: Loc, value: object) -> dict[str, Any]:
    spoilt: Any = deepcopy(dict(sections))
    inner = spoilt
    for step in loc[:-1]:
        inner = inner[step]
    inner[loc[-1]] = value
    return spoilt


@st.composite
def spoilt_files(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A stack or an example with one changed value."""
    name = draw(st.sampled_from(sorted(FILES)))
    return name, _with(FILES[name].sections, draw(st.sampled_from(PLACES[name])), draw(WRONG))


@settings(max_examples=300)
@given(spoilt_files())
def test_check_reports_problems_for_any_content(spoilt: tuple[str, dict[str, Any]]):
    name, sections = spoilt
    found = examine(sections, "test", encrypted=FILES[name].encrypted)
    assert found.problems or found.settings is not None
    assert all(problem.path and problem.allowed for problem in found.problems)


@settings(
    max_examples=2,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.sampled_from(["dev", "staging", "prod"]), st.data())
def test_the_program_accepts_what_check_accepts(name: str, data: st.DataObject):
    file, taken = FILES[name], list[Loc]()
    sections: Mapping[str, object] = file.sections
    for _ in range(40):
        loc, value = data.draw(st.sampled_from(PLACES[name])), data.draw(WRONG)
        if any(loc[: len(each)] == each or each[: len(loc)] == loc for each in taken):
            continue
        spoilt = _with(sections, loc, value)
        if not examine(spoilt, "test", encrypted=file.encrypted).problems:
            sections, taken = spoilt, [*taken, loc]
    run = run_offline(StackFile(sections, file.encrypted, file.name), "test")
    assert run.resources
