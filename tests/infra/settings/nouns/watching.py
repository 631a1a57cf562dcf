"""Alarms: nouns whose settings and component refuse the same values."""

from functools import partial
from typing import Any

from components.observability.alarm import Alarm, AlarmArgs, AlarmOverrideArgs
from components.observability.alarm_rules import AlarmChoices
from components.observability.suppression_rules import SuppressionChoices
from components.observability.suppression_window import SuppressionWindow, SuppressionWindowArgs
from tests.infra.settings.nouns.noun import Noun

ALARM = partial(AlarmArgs, compartment_id="c", topic_id="t", title="Busy")


def _alarm(**values: Any) -> AlarmArgs:
    overrides = [AlarmOverrideArgs(**each) for each in values.pop("overrides", None) or ()]
    return ALARM(overrides=overrides, **values)


WATCHING: tuple[Noun, ...] = (
    Noun(
        choices=AlarmChoices,
        path="observability.alarms.one",
        section=lambda values: {"topics": [{"name": "all"}], "alarms": {"one": {"title": "Busy", **values}}},
        component=Alarm,
        args=_alarm,
        base={
            "namespace": "oci_computeagent",
            "query": "CpuUtilization[5m].groupBy(resourceId).mean() > 95",
            "severity": "WARNING",
        },
    ),
    Noun(
        choices=SuppressionChoices,
        path="observability.suppressions.one",
        section=lambda values: {"topics": [{"name": "all"}], "suppressions": {"one": values}},
        component=SuppressionWindow,
        args=partial(SuppressionWindowArgs, window_name="one", compartment_id="c"),
        base={"starts": "2026-12-01T00:00:00Z", "ends": "2026-12-02T00:00:00Z"},
    ),
)
