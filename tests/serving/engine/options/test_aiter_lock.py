"""AITER's build lock: the lock of a killed pod must not block other pods.

The format is that of AITER's file_baton: a file that is created exclusively, with a line for the process id and one for
the host name. AITER takes over the lock of a dead owner only if the host name is its own, and every pod has another.
"""

import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from facts.shapes import MI300X
from serving.catalogue import catalogue
from serving.engine.choices import EngineChoices
from serving.engine.environment import HOME, PRIVATE_PATH, environment_problems
from serving.engine.pod.engine_pod import PodChoices, engine_pod
from serving.engine.request import PlanRequest
from serving.engine.server_plan import ServerRequest, plan_server

HOLDER = """
import os, socket, sys, time
fd = os.open(sys.argv[1], os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o644)
os.write(fd, f"{os.getpid()}\\n{socket.gethostname()}\\n".encode())
print("held", flush=True)
time.sleep(60)
"""

CHOICES = PodChoices(
    image="registry.example/vllm@sha256:" + "0" * 64,
    labels={"app.kubernetes.io/instance": "m"},
    node_selector={},
    cache_claim="weights",
    compile_claim="compiled",
    weights=None,
    token_secret=None,
    token_key="token",
    priority_class=None,
    image_pull_secret=None,
    run_as_user=None,
    render_group=None,
    seccomp_profile=None,
)


def killed_build(lock: Path) -> None:
    """A build that acquires the lock and is killed."""
    lock.parent.mkdir(parents=True)
    with subprocess.Popen([sys.executable, "-c", HOLDER, lock], stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        os.kill(holder.pid, signal.SIGKILL)


def may_build(lock: Path, host: str) -> bool:
    """Whether a pod with this host name gets the lock, at once or after it has seen that the owner is dead."""
    if not lock.exists():
        return True
    pid, holder = lock.read_text(encoding="utf-8").splitlines()[:2]
    return holder == host and not Path(f"/proc/{pid}").exists()


def aiter_folder(environment: dict[str, str]) -> str:
    """The folder in which a pod's AITER builds: the variable, else the image's own folder for root, else the home
    folder."""
    image = "/usr/local/lib/python3/dist-packages/aiter/jit"
    home = f"{environment.get('HOME', '/root')}/.aiter/jit"
    return environment.get("AITER_JIT_DIR") or (home if "HOME" in environment else image)


def on_the_node(node: Path, pod: str, folder: str, mounts: list[str]) -> Path:
    """The place of a pod's folder: on the node for all pods if it is below a volume, else in the pod's own file
    system."""
    shared = any(folder.startswith(f"{mount}/") for mount in mounts)
    return (node / "volumes" if shared else node / pod) / folder.lstrip("/")


def pod_of(run_as_user: int | None = None, **choices) -> tuple[dict[str, str], list[str]]:
    """Environment and shared mounts of an engine."""
    engine = PlanRequest(catalogue()["qwen3-32b"], MI300X, EngineChoices(**choices))
    plan = plan_server(ServerRequest(engine=engine, served_name="m", run_as_user=run_as_user))
    spec: Any = engine_pod(plan, replace(CHOICES, run_as_user=run_as_user))
    container = spec.containers[0]
    mounts = [each.mount_path for each in container.volume_mounts]
    return dict(plan.environment), [mount for mount in mounts if mount != "/dev/shm"]


@pytest.mark.parametrize("choices", [{}, {"run_as_user": 2000}], ids=["root", "another user"])
def test_a_pod_with_another_host_name_builds_although_an_earlier_one_was_killed(tmp_path, choices):
    environment, mounts = pod_of(**choices)
    folder = aiter_folder(environment)
    killed_build(on_the_node(tmp_path, "first", folder, mounts) / "lock_module_norm")
    second = on_the_node(tmp_path, "second", folder, mounts) / "lock_module_norm"
    assert may_build(second, "engine-7d9f-second")


def test_in_a_shared_folder_it_would_wait_forever(tmp_path):
    """The toolkit refuses this: the same two pods with the variable on the node's disk."""
    _, mounts = pod_of()
    folder = "/cache/compile/aiter"
    killed_build(on_the_node(tmp_path, "first", folder, mounts) / "lock_module_norm")
    second = on_the_node(tmp_path, "second", folder, mounts) / "lock_module_norm"
    assert not may_build(second, "engine-7d9f-second")
    assert may_build(second, socket.gethostname()), (
        "only a pod with the same host name can take the lock over"
    )
    assert list(environment_problems({"AITER_JIT_DIR": folder}, "m"))


def test_private_folders_are_on_no_volume_of_an_engine():
    _, mounts = pod_of(run_as_user=2000)
    assert HOME.startswith(f"{PRIVATE_PATH}/")
    assert not [mount for mount in mounts if f"{mount}/".startswith(f"{PRIVATE_PATH}/")]
