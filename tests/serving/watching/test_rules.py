"""Every rule of the catalogue reads what exists, whatever the environment has."""

from pathlib import Path

import pytest

from facts.problem import InvalidInput
from serving.watching.catalogue import FEATURES, SEVERITIES, all_alerts, parse_rules, subjects
from serving.watching.objectives import edge_pattern
from serving.watching.promql import query_problems
from serving.watching.rendering import Objectives, Watched, all_series, in_words, rule_groups

ENTRY = """
Sample:
  severity: P1
  expr: up == 0
  summary: a
  means: a
  commands: [kubectl get pods, kubectl get pods, kubectl get pods]
  ends: a
  fault: {series: {up: 0}}
"""


def watched(*features: str, **values) -> Watched:
    return Watched(
        features=frozenset(features), models={"a": 3600, "b": 7200}, candidates={"a": 180}, **values
    )


def alerts(what: Watched) -> dict[str, dict]:
    return {
        str(rule["alert"]): rule for rules in rule_groups(what).values() for rule in rules if "alert" in rule
    }


@pytest.mark.parametrize("prefix", ["amd_", "", "other_"])
@pytest.mark.parametrize("routers", ["smg", "vllm-router", "engines"])
def test_every_query_reads_metrics_and_labels_that_exist(prefix: str, routers: str) -> None:
    features = {*FEATURES} - {"smg", "vllm-router"} | {routers}
    known = all_series(prefix)
    problems = [
        problem
        for rules in rule_groups(watched(*features, gpu_prefix=prefix)).values()
        for rule in rules
        for problem in query_problems(str(rule["expr"]), known, path=str(rule))
    ]
    assert not problems


def test_nothing_is_left_to_fill_in() -> None:
    text = str(rule_groups(watched(*FEATURES)))
    assert "${" not in text
    assert "amd_gpu_health" in text


def test_an_environment_gets_only_the_alerts_of_its_parts() -> None:
    alone = {name for name, alert in all_alerts().items() if not alert.only_with}
    assert set(alerts(watched())) == alone
    assert "GpuUnhealthy" in alerts(watched("gpu"))
    assert "RouterErrors" not in alerts(watched("vllm-router"))
    assert set(alerts(watched(*FEATURES))) == set(all_alerts())


def test_a_rule_for_each_model_names_the_model_and_its_time_to_start() -> None:
    rules = [
        rule for rule in rule_groups(watched("engines"))["engine"] if rule["alert"] == "EngineStartsTooLong"
    ]
    assert [rule["for"] for rule in rules] == ["3600s", "7200s"]
    assert 'model_name="b"' in str(rules[1]["expr"])


def test_rules_of_two_models_have_different_labels() -> None:
    named = [each for each in rule_groups(watched("engines"))["engine"] if each["alert"] == "EngineNoneReady"]
    assert [each["labels"] for each in named] == [{"severity": "P1", "model_name": name} for name in "ab"]
    (of_candidate,) = (
        each for each in rule_groups(watched("engines"))["engine"] if each["alert"] == "CandidateNoneReady"
    )
    assert of_candidate["labels"] == {"severity": "P2", "model_name": "a", "track": "candidate"}
    assert of_candidate["for"] == "180s"


def test_a_threshold_of_the_settings_replaces_the_default() -> None:
    assert str(alerts(watched("gpu", thresholds={"GpuHot": 88}))["GpuHot"]["expr"]).count("> 88") == 2


def test_a_summary_with_a_share_names_the_threshold_of_the_settings() -> None:
    rules = alerts(watched(*FEATURES, thresholds={"RouterErrors": 0.125}))
    assert "more than 12.5 %" in rules["RouterErrors"]["annotations"]["summary"]
    assert "more than 5 %" in rules["GatewayErrors"]["annotations"]["summary"]


def test_every_alert_has_a_severity_a_runbook_and_times() -> None:
    for name, rule in alerts(watched(*FEATURES, runbooks="https://wiki.example.com")).items():
        notes = rule["annotations"]
        assert rule["labels"]["severity"] in SEVERITIES
        assert notes["runbook_url"] == f"https://wiki.example.com/{name}.md"
        assert notes["summary"]
        assert notes["respond_within"]
        assert notes["escalate_after"]


def test_errors_are_counted_at_the_router_if_there_is_one() -> None:
    def counted(*features: str) -> str:
        return str(rule_groups(watched("engines", *features))["objectives"][0]["expr"])

    assert "http_requests_total" in counted()
    assert "smg_http_responses_total" in counted("smg")
    assert "vllm_router_retries_exhausted_total" in counted("vllm-router")


def test_an_objective_changes_the_bucket_and_the_budget() -> None:
    wanted = Objectives(availability_percent=99.9, first_token_seconds=1.0)
    rules = rule_groups(watched("engines", objectives=wanted))["objectives"]
    text = str([rule["expr"] for rule in rules])
    assert 'le=~"1|1.0"' in text
    assert "> 0.0144" in text


@pytest.mark.parametrize(
    ("seconds", "pattern"), [(2.5, "2.5"), (1.0, "1|1.0"), (0.1, "0.1"), (10, "10|10.0")]
)
def test_a_bucket_matches_in_the_notation_of_both_versions(seconds: float, pattern: str) -> None:
    assert edge_pattern(seconds) == pattern


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (15, "15 minutes"),
        (60, "1 hour"),
        (120, "2 hours"),
        (1440, "1 day"),
        (10080, "7 days"),
        (0, "at once"),
    ],
)
def test_times_are_in_words(minutes: int, words: str) -> None:
    assert in_words(minutes) == words


def test_the_names_of_alerts_are_unique() -> None:
    names = [name for subject in subjects() for name in parse_rules(_text(subject), subject)]
    assert len(names) == len(set(names))


def _text(subject: str) -> str:
    from serving.watching.catalogue import FOLDER

    return Path(FOLDER / f"{subject}.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Sample:", "sample-rule:", "words that begin with a capital"),
        ("severity: P1", "severity: P5", "did you mean P1|must be one of"),
        ("  ends: a\n", "", "ends: missing; must be given"),
        ("ends: a", "end: a", "is not a key of an alert"),
        ("up == 0", "up == ${threshold}", "threshold: missing; must be set"),
        ("ends: a", "ends: a\n  threshold: 3", "must be set if the query has"),
        ("up == 0", 'up{job="${model}"} == 0', "must be set if the query has"),
        ("ends: a", "ends: a\n  each: node", "each"),
        ("ends: a", "ends: a\n  onlyWith: cuda", "onlyWith"),
        ("[kubectl get pods, ", "[", "must be three commands"),
        ("ends: a", "ends: a\n  objective: availability", "if there is no objective"),
        ("expr: up == 0", "objective: speed\n  burn: fast", "objective"),
        ("expr: up == 0", "objective: availability\n  burn: hot", "burn"),
        ("{series: {up: 0}}", "{serie: {up: 0}}", "fault.serie"),
    ],
)
def test_a_wrong_entry_is_refused(old: str, new: str, message: str) -> None:
    assert parse_rules(ENTRY, "sample")
    with pytest.raises(InvalidInput) as refused:
        parse_rules(ENTRY.replace(old, new), "sample")
    assert any(part in str(refused.value) for part in message.split("|")), refused.value
