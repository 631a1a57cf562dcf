"""`make up`: what a failed engine says last."""

from tools.make_up import last_message


def test_the_reason_for_a_missing_engine_is_told_whole() -> None:
    said = [
        "sandbox: asking for the release",
        "sandbox: no Pulumi CLI. Tried:",
        "  - PATH: none",
        "What helps: Go",
    ]
    assert last_message(said) == said[1:]
    assert last_message(["Traceback"]) == ["Traceback"], "what is no message of the sandbox is shown too"
