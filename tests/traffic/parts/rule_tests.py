"""Tests of the alert rules in the form of promtool, from the quiet hour and the faults of the catalogue."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import yaml

from serving.watching import catalogue
from serving.watching.catalogue import AlertDefinition, load_subject
from serving.watching.promql import parse, selectors
from serving.watching.rendering import Watched, fill, rule_groups

QUIET_HOUR = Path(catalogue.__file__).parent / "quiet_hour.yaml"
MODEL = "qwen3-32b"
STARTUP = 5400
PREFIX = "amd_"

FIRING = 'group by (alertname) (ALERTS{alertstate="firing"})'
ALL = Watched(
    features=frozenset(catalogue.FEATURES),
    models={MODEL: STARTUP},
    candidates={MODEL: 180},
    gpu_prefix=PREFIX,
)

GROUPS = rule_groups(ALL)

Values = Mapping[str, str | float]


@cache
def _quiet() -> tuple[dict[str, str], Values]:
    read = yaml.safe_load(QUIET_HOUR.read_text(encoding="utf-8"))
    words = read["labels"] | {"gpu": PREFIX}
    return {name: fill(text, words) for name, text in words.items()}, read["series"]


def minutes(text: str) -> int:
    """Minutes of a time in Prometheus' notation."""
    units = {"m": 1, "h": 60, "d": 1440}
    return sum(int(count) * units[unit] for count, unit in re.findall(r"(\d+)([mhd])", text))


def merged_series(change: Values) -> Values:
    """The series of a quiet hour with a change, in the notation of the catalogue."""
    words, quiet = _quiet()
    return {
        **{fill(name, words): value for name, value in quiet.items()},
        **{fill(name, words): value for name, value in change.items()},
    }


def input_series(
    change: Values, *, interval: str, until: str, metrics: frozenset[str] | None = None
) -> list[dict[str, str]]:
    """The series of a quiet hour with a change, until a time. `metrics`: only series of these names."""
    step = minutes(interval)
    count = minutes(until) // step + 1
    return [
        {"series": name, "values": _values(value, step, count)}
        for name, value in merged_series(change).items()
        if value != "absent" and (metrics is None or name.partition("{")[0] in metrics)
    ]


def _values(value: str | float, step: int, count: int) -> str:
    if not isinstance(value, str):
        return f"{value}x{count}"
    rate = re.fullmatch(r"([\d.]+)/(\d*)m", value)
    return f"0+{float(rate[1]) / int(rate[2] or 1) * step:g}x{count}" if rate else value


def queried(subject: str) -> frozenset[str]:
    """Names of the series that the rules of a subject read."""
    parsed = [parse(str(rule["expr"])) for rule in GROUPS[subject]]
    return frozenset(
        series.name for each in parsed if not isinstance(each, str) for series in selectors(each)
    )


def fault_test(subject: str, name: str, alert: AlertDefinition) -> dict[str, object]:
    """The alert and its companions fire, and no other alert of the subject."""
    fault = alert.fault
    expected = [{"labels": f'{{alertname="{each}"}}', "value": 1} for each in sorted({name, *fault.also})]
    metrics = queried(subject)
    return {
        "name": f"{name} fires",
        "interval": fault.interval,
        "input_series": input_series(
            fault.series, interval=fault.interval, until=fault.after, metrics=metrics
        ),
        "promql_expr_test": [{"expr": FIRING, "eval_time": fault.after, "exp_samples": expected}],
    }


def quiet_test(
    name: str, change: Values, *, interval: str, until: str, metrics: frozenset[str] | None = None
) -> dict[str, object]:
    """No alert fires at any of twelve times."""
    total = minutes(until)
    moments = sorted({total * index // 12 for index in range(1, 13)})
    return {
        "name": name,
        "interval": interval,
        "input_series": input_series(change, interval=interval, until=until, metrics=metrics),
        "promql_expr_test": [
            {"expr": FIRING, "eval_time": f"{moment}m", "exp_samples": []} for moment in moments
        ],
    }


def written_tests() -> Iterator[tuple[str, dict[str, object]]]:
    """Promtool's files by name: one for each subject and interval of samples, and the quiet hour with every rule."""
    every = [f"{subject}.rules.yaml" for subject in GROUPS]
    quiet = [quiet_test("a quiet hour", {}, interval="1m", until="1h")]
    yield "quiet-hour", {"rule_files": every, "evaluation_interval": "1m", "tests": quiet}
    for subject in GROUPS:
        alerts, metrics = load_subject(subject), queried(subject)
        for interval in sorted({alert.fault.interval for alert in alerts.values()}):
            tests: list[dict[str, object]] = []
            for name, alert in alerts.items():
                if alert.fault.interval != interval:
                    continue
                tests.append(fault_test(subject, name, alert))
                if alert.near:
                    until = alert.fault.after
                    said = f"{name} stays quiet"
                    tests.append(
                        quiet_test(said, alert.near, interval=interval, until=until, metrics=metrics)
                    )
            yield (
                f"{subject}-{interval}",
                {
                    "rule_files": [f"{subject}.rules.yaml"],
                    "evaluation_interval": interval,
                    "tests": tests,
                },
            )


def write_files(folder: Path) -> list[Path]:
    """Write the rules of each subject, and the files that test them."""
    for subject, rules in GROUPS.items():
        text = yaml.safe_dump({"groups": [{"name": subject, "rules": rules}]}, sort_keys=False, width=1000)
        (folder / f"{subject}.rules.yaml").write_text(text)
    written: list[Path] = []
    for name, content in written_tests():
        path = folder / f"{name}.yaml"
        path.write_text(yaml.safe_dump(content, sort_keys=False, width=1000))
        written.append(path)
    return written


def promtool(program: str, *words: str, folder: Path) -> tuple[int, str]:
    """Run promtool. Returns its exit status and output."""
    done = subprocess.run([program, *words], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr
