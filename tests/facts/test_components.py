"""The list of components and the component classes agree."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pulumi

import components
import serving
from components.observability.services import unwatched, watched_services
from facts.components import BY_NOUN, MODULES, NOUNS


def defined() -> Iterator[tuple[str, str]]:
    """Every component class of the project by the module that defines it."""
    for package in (components, serving):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if info.name.endswith(".__main__"):
                continue
            module = importlib.import_module(info.name)
            for name, thing in vars(module).items():
                if _is_component(thing) and thing.__module__ == module.__name__ and not name.startswith("_"):
                    yield name, info.name


def _is_component(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, pulumi.ComponentResource)


def test_the_list_names_each_component_class_and_its_module() -> None:
    found = sorted(defined())
    assert dict(found) == dict(MODULES), "name each component under its noun in facts/components.py"
    assert len(found) == len(MODULES), "two components have the same name, so also the same token"


def test_a_component_is_listed_once() -> None:
    assert sum(map(len, BY_NOUN.values())) == len(NOUNS)


def test_a_test_makes_each_component() -> None:
    tests = Path(__file__).parents[1]
    files = [file for folder in ("components", "serving") for file in (tests / folder).rglob("test_*.py")]
    called = {word for file in files for word in re.findall(r"\b(\w+)\(", file.read_text(encoding="utf-8"))}
    assert set(MODULES) - called == set(), "a component without a test"


def test_a_component_is_in_the_folder_of_its_noun() -> None:
    for name, module in MODULES.items():
        package, folder = module.split(".")[:2]
        assert NOUNS[name] == (folder if package == "components" else package), name


def test_an_alarm_watches_each_component_or_it_is_said_why_not() -> None:
    watched = {name for each in watched_services().values() for name in each.components}
    assert set(MODULES) == watched | set(unwatched()), (
        "name each component in components/observability/services.yaml: under `components` of the service whose alarms "
        "watch it, or under `unwatched` with the reason"
    )
