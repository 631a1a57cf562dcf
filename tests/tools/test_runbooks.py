"""The runbooks of the alerts."""

import re
import shlex

import pytest

from serving.watching.catalogue import all_alerts
from serving.watching.rendering import RUNBOOKS, Watched, rule_groups
from tools.component_rules import ROOT
from tools.runbooks import PAGES, pages

VERBS = {"auth", "cordon", "debug", "describe", "exec", "get", "logs", "rollout"}
"""Not `top`: it needs the add-on KubernetesMetricsServer, which an environment need not have."""

FLAGS = {
    "--all-namespaces": 0,
    "--as": 1,
    "--container": 1,
    "--containers": 0,
    "--field-selector": 1,
    "--image": 1,
    "--namespace": 1,
    "--output": 1,
    "--previous": 0,
    "--profile": 1,
    "--selector": 1,
    "--show-labels": 0,
    "--sort-by": 1,
    "--stdin": 0,
    "--tail": 1,
}
"""Flags of kubectl in the runbooks, with the number of their values. Source: kubectl's reference."""

COMMANDS = sorted({command for alert in all_alerts().values() for command in alert.commands})


def test_the_pages_are_those_that_the_catalogue_gives() -> None:
    for path, text in pages().items():
        assert path.read_text() == text, f"{path.name}: run `make docs`"
    assert set(PAGES.glob("*.md")) == set(pages())


def test_a_page_shows_no_template() -> None:
    assert not [path.name for path, text in pages().items() if "${" in text or "{{" in text]


def test_every_alert_links_its_page_and_every_page_belongs_to_an_alert() -> None:
    watched = Watched(
        features=frozenset(feature for feature in _features()), models={"a": 60}, candidates={"a": 60}
    )
    linked = {
        str(rule["annotations"]["runbook_url"])  # pyright: ignore[reportIndexIssue]
        for rules in rule_groups(watched).values()
        for rule in rules
        if "alert" in rule
    }
    assert {ROOT / link for link in linked} == {page for page in PAGES.glob("*.md") if page.stem != "README"}
    assert all(link.startswith(f"{RUNBOOKS}/") for link in linked)


def _features() -> set[str]:
    return {word for alert in all_alerts().values() for word in alert.only_with.split() if word}


def test_every_link_of_a_page_leads_to_a_file() -> None:
    for page in PAGES.glob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            assert (page.parent / target).resolve().exists(), f"{page.name}: {target}"


def test_an_alert_that_a_text_names_exists() -> None:
    known = all_alerts()
    for name, alert in known.items():
        for word in re.findall(r"\bsee ((?:[A-Z][a-z]+){2,})", alert.ends, re.IGNORECASE):
            assert word in known, f"{name}: {word} is not an alert"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_first_command_is_one_that_its_program_has(command: str) -> None:
    program, *words = shlex.split(command)
    if program != "kubectl":
        assert program == "playground", "tests/docs/test_commands.py parses it"
        return
    assert words[0] in VERBS, command
    assert not re.search(r"(^|\s)[^'\"\s]*[\[*?]", command), f"{command}: a shell would expand it"
    own = words[: words.index("--")] if "--" in words else words
    assert words[0] != "debug" or "--stdin" in own, f"{command}: without --stdin kubectl shows no output"
    for flag in (word for word in own if word.startswith("--")):
        assert flag in FLAGS, f"{command}: {flag}"
        following = [*own, ""][own.index(flag) + 1]
        assert bool(FLAGS[flag]) <= (bool(following) and not following.startswith("--")), command
