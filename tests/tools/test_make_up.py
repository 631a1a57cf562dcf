"""`make up`: the last message of a failed engine, and the changes of its own run."""

from tools.make_up import changes_of, last_message


def test_the_reason_for_a_missing_engine_is_shown_completely() -> None:
    said = [
        "sandbox: asking for the release",
        "sandbox: no Pulumi CLI. Tried:",
        "  - PATH: none",
        "What helps: Go",
    ]
    assert last_message(said) == said[1:]
    assert last_message(["Traceback"]) == ["Traceback"], "other messages are shown too"


def test_each_of_two_ups_reports_its_own_changes() -> None:
    history = [
        {"message": "make up 2", "resourceChanges": {"same": 9}},
        {"message": "make up 1", "resourceChanges": {"create": 9}},
    ]
    assert changes_of(history, "make up 1") == {"create": 9}
    assert changes_of(history, "make up 2") == {"same": 9}
    assert changes_of(history, "make up 3") == {}
