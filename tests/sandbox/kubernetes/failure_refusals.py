"""Failure policies of a job's pods that a Kubernetes 1.36.1 API server refuses."""

_RULES = "spec.jobTemplate.spec.podFailurePolicy.rules"
_CODES = f"{_RULES}.0.onExitCodes"
_RULE = {"action": "FailJob", "onExitCodes": {"operator": "In", "values": [3]}}

FAILURES: tuple[tuple[str, str, object, str], ...] = (
    (
        "CronJob",
        "spec.jobTemplate.spec.template.spec.restartPolicy",
        "OnFailure",
        'only "Never" is supported when',
    ),
    ("CronJob", _RULES, [_RULE] * 21, "Too many: 21: must have at most 20 items"),
    ("CronJob", f"{_RULES}.0.action", "", "action: Required value"),
    ("CronJob", f"{_RULES}.0.action", "Retry", "Unsupported value"),
    (
        "CronJob",
        f"{_RULES}.0.onExitCodes",
        None,
        "specifying one of OnExitCodes and OnPodConditions is required",
    ),
    (
        "CronJob",
        f"{_RULES}.1.onExitCodes",
        _RULE["onExitCodes"],
        "specifying both OnExitCodes and OnPodConditions",
    ),
    ("CronJob", f"{_RULES}.1.onPodConditions.0.status", "Maybe", "Unsupported value"),
    ("CronJob", f"{_RULES}.1.onPodConditions.0.type", "no such!", "Invalid value"),
    ("CronJob", f"{_CODES}.containerName", "d", "must be one of the container or initContainer names"),
    ("CronJob", f"{_CODES}.operator", "", "Required value: valid values"),
    ("CronJob", f"{_CODES}.operator", "Is", "Unsupported value"),
    ("CronJob", f"{_CODES}.values", [], "at least one value is required"),
    ("CronJob", f"{_CODES}.values", [0, 3], "must not be 0 for the In operator"),
    ("CronJob", f"{_CODES}.values", [3, 3], "duplicate entries for key"),
    ("CronJob", f"{_CODES}.values", [42, 3], "must be ordered"),
    ("CronJob", f"{_CODES}.values", [*range(1, 257)], "Too many: 256: must have at most 255 items"),
)
"""Kind, field, value, and a part of the message."""
