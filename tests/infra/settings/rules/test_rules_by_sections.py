"""A rule runs if the sections in its parameters could be read, even if other sections are broken."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any, get_type_hints

import pytest

import infra.settings
from facts.problem import Problem
from infra.settings import SECTIONS, examine
from infra.settings.gpu import Gpu
from infra.settings.rules import LAST_RULES, RULES
from infra.settings.rules.signatures import by_sections, run_rules, sections_of
from infra.settings.sections import Parsed
from tests.infra.settings.examples import Change, config

NOTHING = Parsed(**dict.fromkeys(SECTIONS))

OWN: dict[str, Change] = {
    "tenancy": ("tenancy.region", "us-ashburn-9"),
    "identity": ("identity.services", ["nothing"]),
    "vault": ("vault.rotations", {"nothing": ["a"]}),
    "network": ("network.dnsLabel", "no-label"),
    "cluster": ("cluster.servicesCidr", "nothing"),
    "gpu": ("gpu.pools.0.bootVolumeGib", 1),
    "storage": ("storage.buckets.0.storageTier", "Nothing"),
    "database": ("database.cache", {"nodes": 9}),
    "serving": ("serving.platform.keda", {"replicas": 9}),
    "traffic": ("traffic.router", {"image": "a/smg", "imageDigest": "x"}),
    "observability": ("observability.thresholds", {"nothing": 1}),
    "governance": ("governance.budget", {"monthlyAmount": 0}),
}
"""One value for each section that only a rule of that section refuses."""


@pytest.mark.parametrize("broken", SECTIONS)
def test_an_unreadable_section_hides_no_rule_of_the_others(broken: str):
    others = [change for name, change in OWN.items() if name != broken]
    found = examine(config(*others, (broken, "not a mapping")), "test").problems
    said = {problem.path.partition(".")[0] for problem in found}
    assert said >= set(SECTIONS), found


@pytest.mark.parametrize("section", SECTIONS)
def test_only_the_wrong_value_of_a_section_is_refused(section: str):
    found = examine(config(OWN[section]), "test").problems
    assert {problem.path.partition(".")[0] for problem in found} == {section}


def test_a_rule_runs_only_with_its_required_sections():
    ran = list[str]()

    def needs_it(gpu: Gpu) -> Iterator[Problem]:
        ran.append("needs")
        yield from ()

    def can_do_without(gpu: Gpu | None) -> Iterator[Problem]:
        ran.append("does without")
        yield from ()

    assert not [*run_rules(by_sections(needs_it, can_do_without), NOTHING)]
    assert ran == ["does without"]


def _of_a_region(region: str) -> Iterator[Problem]:
    yield Problem(region, region, "")


def _of_another_type(gpu: str) -> Iterator[Problem]:
    yield Problem(gpu, gpu, "")


def _of_no_type(gpu) -> Iterator[Problem]:  # pyright: ignore[reportMissingParameterType, reportUnknownParameterType]
    yield Problem("", gpu, "")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (_of_a_region, "has the parameter `region`, which is not a section: tenancy, identity"),
        (_of_another_type, "must annotate `gpu` as Gpu or as an optional Gpu"),
        (_of_no_type, "must annotate `gpu` as Gpu or as an optional Gpu"),
    ],
    ids=["no section", "another type", "no type"],
)
def test_a_rule_with_any_other_parameter_is_refused(rule: Callable[..., Iterator[Problem]], said: str):
    with pytest.raises(TypeError, match=said):
        by_sections(rule)


def _written() -> Iterator[Callable[..., Any]]:
    """Public functions of the settings that have only sections as parameters and yield problems."""
    for module in pkgutil.walk_packages(infra.settings.__path__, "infra.settings."):
        for name, each in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            if each.__module__ != module.name or name.startswith("_"):
                continue
            parameters = inspect.signature(each).parameters
            if (
                get_type_hints(each).get("return") == Iterator[Problem]
                and parameters.keys() <= SECTIONS.keys()
            ):
                yield each


def test_every_rule_is_listed():
    run = {*RULES, *LAST_RULES}
    assert [f"{each.__module__}.{each.__name__}" for each in _written() if each not in run] == []


def test_every_section_has_a_rule_that_needs_no_other_section():
    needed = [[name for name, required in sections_of(rule).items() if required] for rule in RULES]
    assert {names[0] for names in needed if len(names) == 1} == set(SECTIONS)
