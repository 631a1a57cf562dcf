"""An invalid or misspelt variable of the sandbox is refused before anything runs."""

import pytest

from sandbox.variables import WrongVariableError, check_variables


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SANDBOX_BACKEND_URL", "bucket", "must be the URL of a state backend"),
        ("SANDBOX_BACKEND_URL", "s3:bucket", "must be the URL of a state backend"),
        ("SANDBOX_CHECKPOINTS", "Each", "must be each or end"),
        ("SANDBOX_CHECKPOINTS", "0", "must be each or end"),
        ("SANDBOX_DEPLOYER", "in", "must be inside or outside or an IPv4 address"),
        ("SANDBOX_KUBECONFIG", "/nonexistent", "must be a readable kubeconfig file"),
        ("SANDBOX_QUIET", "long", "must be a number of seconds"),
        ("SANDBOX_QUIET", "nan", "must be a number of seconds"),
        ("SANDBOX_QUIET", "-1", "must be a number of seconds"),
        ("SANDBOX_CHECKPOINT", "each", "Did you mean `SANDBOX_CHECKPOINTS`?"),
        ("SANDBOX_BACKENDURL", "s3://b", "Did you mean `SANDBOX_BACKEND_URL`?"),
        ("SANDBOX_PROVIDER", "oci=real", "Did you mean `SANDBOX_PROVIDERS`?"),
    ],
)
def test_a_wrong_variable_is_refused(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongVariableError) as refused:
        check_variables()
    assert str(refused.value).startswith(f"{name}: {value!r}; ")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SANDBOX_BACKEND_URL", "file:///tmp/state"),
        ("SANDBOX_BACKEND_URL", ""),
        ("SANDBOX_CHECKPOINTS", "each"),
        ("SANDBOX_QUIET", "0.5"),
        ("SANDBOX_QUIET", ""),
        ("SANDBOX_USER", "a variable of other software"),
        ("MY_SANDBOX_CHECKPOINT", "each"),
    ],
)
def test_other_variables_are_accepted(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    check_variables()
