"""AITER's lock on a build: what a killed pod leaves must not be in another's way.

The format is the one that AITER's file_baton writes: a file made exclusively, process id and host name a line. It takes
a dead holder's lock over only where the host name is its own, and every pod has another.
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
    """A build that takes the lock and is killed."""
    lock.parent.mkdir(parents=True)
    with subprocess.Popen([sys.executable, "-c", HOLDER, lock], stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        os.kill(holder.pid, signal.SIGKILL)


def may_build(lock: Path, host: str) -> bool:
    """Whether a pod of this host name gets the lock, now or once it has seen that the holder is dead."""
    if not lock.exists():
        return True
    pid, holder = lock.read_text(encoding="utf-8").splitlines()[:2]
    return holder == host and not Path(f"/proc/{pid}").exists()


def aiter_folder(environment: dict[str, str]) -> str:
    """Where AITER of a pod builds: the variable, else the image's own folder where root writes, else its home."""
    image = "/usr/local/lib/python3/dist-packages/aiter/jit"
    home = f"{environment.get('HOME', '/root')}/.aiter/jit"
    return environment.get("AITER_JIT_DIR") or (home if "HOME" in environment else image)


def on_the_node(node: Path, pod: str, folder: str, mounts: list[str]) -> Path:
    """Where a folder of a pod lies: on the node, for all pods, below a volume; else in the pod's own file system."""
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
def test_a_pod_of_another_host_name_builds_although_an_earlier_one_was_killed(tmp_path, choices):
    environment, mounts = pod_of(**choices)
    folder = aiter_folder(environment)
    killed_build(on_the_node(tmp_path, "first", folder, mounts) / "lock_module_norm")
    second = on_the_node(tmp_path, "second", folder, mounts) / "lock_module_norm"
    assert may_build(second, "engine-7d9f-second")


def test_in_a_folder_that_pods_share_it_would_wait_without_end(tmp_path):
    """What the toolkit refuses: the same two pods with the variable on the node's disk."""
    _, mounts = pod_of()
    folder = "/cache/compile/aiter"
    killed_build(on_the_node(tmp_path, "first", folder, mounts) / "lock_module_norm")
    second = on_the_node(tmp_path, "second", folder, mounts) / "lock_module_norm"
    assert not may_build(second, "engine-7d9f-second")
    assert may_build(second, socket.gethostname()), "only the same host name takes over"
    assert list(environment_problems({"AITER_JIT_DIR": folder}, "m"))


def test_what_is_private_is_on_no_volume_of_an_engine():
    _, mounts = pod_of(run_as_user=2000)
    assert HOME.startswith(f"{PRIVATE_PATH}/")
    assert not [mount for mount in mounts if f"{mount}/".startswith(f"{PRIVATE_PATH}/")]
