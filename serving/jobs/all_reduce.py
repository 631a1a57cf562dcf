"""Measures the RDMA network between two nodes: RCCL's all-reduce with rccl-tests, and the links of both nodes.

    all_reduce.py measure --service all-reduce --results /results --floors JSON

It runs in both pods of an Indexed Job. Pod 0 runs Open MPI, which starts a daemon on the other node with an agent,
usually ssh. Here the agent is this script: `all_reduce.py agent HOST COMMAND` waits until pod 1 fetches the command. So
there are no keys, and no pod has a server that runs the commands of others.

Each pod writes its result, `TIME-POD.json`, into the results folder, and an empty file `done` at the end.
Exit code 1: a figure is below its floor. Exit code 2: there is no figure, and the job stops the other pod, which would
otherwise wait for this one. A line that begins with BELOW or FAIL says why.
"""

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

Json = dict[str, Any]

PORT = int(os.environ.get("ALL_REDUCE_PORT", "2222"))
_INTERFACE = os.environ.get("NCCL_SOCKET_IFNAME", "eth0")
DONE = "done"
NO_FIGURE = 2
FLOORS = ("busGbs", "links", "linkGbps", "linkErrors")
"""Average bus bandwidth in GB/s, RDMA devices of a node, Gb/s of each, and errors of each counter during the run."""

ERRORS = ("link_downed", "link_error_recovery", "symbol_error", "port_rcv_errors")
"""Counters of a port below /sys/class/infiniband that count errors of its link. Three are those of oci-hpc's exporter
(rdma_counters_exporter.py). A card need not have all of them."""

_RANK = re.compile(r"#\s+Rank\s+\d+\s.*\bon\s+(?P<host>\S+)\s+device\b", re.ASCII)
_AVERAGE = re.compile(r"#\s*Avg bus bandwidth\s*:\s*(?P<value>[\d.]+)", re.ASCII)


class Failed(Exception):  # noqa: N818  it is a verdict
    """There is no figure, and why."""


def parse(output: str) -> Json:
    """The figures in the output of rccl-tests: bus bandwidth in GB/s by message size in bytes, and their average.

    Columns differ between versions, so they are found by the names in the heading. Raises Failed if something is
    missing.
    """
    columns: list[str] = []
    by_size: dict[str, float] = {}
    wrong = 0
    for words in (line.strip("# \t").split() for line in output.splitlines()):
        if words[:3] == ["size", "count", "type"]:
            columns = words
        elif columns and len(words) == len(columns) and words[0].isdecimal():
            row = list(zip(columns, words, strict=True))
            # Out of place, and in place.
            speeds = [float(value) for name, value in row if name == "busbw"]
            by_size[words[0]] = min(speeds)
            wrong += sum(int(value) for name, value in row if name == "#wrong" and value.isdecimal())
    average = _AVERAGE.search(output)
    if not by_size or average is None:
        raise Failed("the output of rccl-tests has no bus bandwidth")
    hosts = [found["host"] for found in _RANK.finditer(output)]
    return {
        "busGbs": float(average["value"]),
        "busGbsBySize": by_size,
        "wrong": wrong,
        "ranks": len(hosts),
        "hosts": sorted(set(hosts)),
    }


def below_bandwidth(figures: Json, floor: float, ranks: int) -> list[str]:
    """What is wrong with the figures of an all-reduce over two nodes."""
    found: list[str] = []
    taking, nodes = figures["ranks"], len(figures["hosts"])
    if (taking, nodes) != (ranks, 2):
        found.append(f"{taking} ranks on {nodes} nodes took part; {ranks} on 2 must")
    if figures["wrong"]:
        found.append(f"{figures['wrong']} values of the results were wrong; none may be")
    if figures["busGbs"] < floor:
        found.append(f"average bus bandwidth {figures['busGbs']:g} GB/s, floor {floor:g}")
    return found


def read_links(root: Path, prefix: str) -> dict[str, Json]:
    """The first port of each RDMA device whose name begins with `prefix`: state, rate in Gb/s, errors by counter."""
    found: dict[str, Json] = {}
    for device in sorted(root.glob(f"{prefix}*")):
        port = device / "ports" / "1"
        rate = _text(port / "rate").partition(" ")[0]
        counts = {name: _text(port / "counters" / name) for name in ERRORS}
        found[device.name] = {
            "state": _text(port / "state").rpartition(" ")[2],
            "link": _text(port / "phys_state").rpartition(" ")[2],
            "gbps": float(rate) if re.fullmatch(r"[\d.]+", rate, re.ASCII) else 0.0,
            "errors": {name: int(count) for name, count in counts.items() if count.isdecimal()},
        }
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def below_links(before: dict[str, Json], after: dict[str, Json], floors: Json) -> list[str]:
    """What is wrong with the links of a node: too few, down, slow, or errors during the run."""
    found: list[str] = []
    least, gbps, errors = (floors[name]["value"] for name in FLOORS[1:])
    if len(after) < least:
        found.append(f"{len(after)} RDMA devices, floor {least}")
    for name, link in after.items():
        if (link["state"], link["link"]) != ("ACTIVE", "LinkUp"):
            found.append(f"{name} is {link['state'] or 'unknown'} and {link['link'] or 'unknown'}")
        if link["gbps"] < gbps:
            found.append(f"{name} runs at {link['gbps']:g} Gb/s, floor {gbps:g}")
        for counter, count in link["errors"].items():
            grown = count - before.get(name, {}).get("errors", {}).get(counter, 0)
            if grown > errors:
                found.append(f"{name} counted {grown} {counter}, at most {errors}")
    return found


def command(given: argparse.Namespace, hosts: list[str]) -> list[str]:
    """The command line of Open MPI. Only its own start uses the pods' addresses; RCCL uses the RDMA cards."""
    exported = sorted(name for name in os.environ if name.startswith("NCCL_"))
    return [
        *given.mpirun.split(),
        "--allow-run-as-root",
        # Otherwise the daemon leaves its command at once, pod 1 would end, and the daemon with it.
        "--leave-session-attached",
        *("-np", str(given.gpus * len(hosts))),
        *("-npernode", str(given.gpus)),
        *("-H", ",".join(f"{host}:{given.gpus}" for host in hosts)),
        *("--bind-to", "numa"),
        *("-mca", "plm_rsh_agent", f"{sys.executable} {Path(__file__).resolve()} agent"),
        *("-mca", "plm_rsh_no_tree_spawn", "1"),
        *("-mca", "oob_tcp_if_include", _INTERFACE),
        *("-mca", "coll", "^hcoll"),
        *("-mca", "pml", "ucx", "-mca", "pml_ucx_tls", "any", "-mca", "pml_ucx_devices", "any"),
        *("-x", "UCX_TLS=tcp,self,sm", "-x", f"UCX_NET_DEVICES={_INTERFACE}"),
        *(word for name in [*exported, "LD_LIBRARY_PATH"] for word in ("-x", name)),
        *given.program.split(),
        *("-b", "1G", "-e", f"{given.message_gib}G", "-f", "2", "-g", "1", "-n", "50"),
    ]


def address(name: str, until: float) -> str:
    """The address of a pod. Its name exists as soon as the pod has an address."""
    while True:
        try:
            return str(socket.getaddrinfo(name, None, family=socket.AF_INET)[0][4][0])
        except OSError:
            if time.monotonic() > until:
                raise Failed(f"{name} did not start: are two whole nodes free?") from None
            time.sleep(2)


def lead(given: argparse.Namespace, names: list[str]) -> Json:
    """Pod 0: run the all-reduce over both pods. Returns its figures."""
    until = time.monotonic() + given.wait
    hosts = [address(name, until) for name in names]
    line = command(given, hosts)
    env = {**os.environ, "ALL_REDUCE_WAIT": str(given.wait)}
    try:
        ran = subprocess.run(
            line, env=env, capture_output=True, text=True, check=False, timeout=given.wait + given.limit
        )
    except OSError as error:
        raise Failed(f"{line[0]} could not run: {error}") from None
    except subprocess.TimeoutExpired:
        raise Failed(f"the all-reduce did not end within {given.limit} s") from None
    print(ran.stdout, ran.stderr, sep="\n", flush=True)
    if ran.returncode:
        raise Failed(f"rccl-tests ended with {ran.returncode}")
    return parse(ran.stdout)


def agent(host: str, words: list[str]) -> int:
    """What Open MPI runs instead of ssh: hand the command to the pod at `host`, and wait for its exit code."""
    until = time.monotonic() + float(os.environ.get("ALL_REDUCE_WAIT", "60"))
    with socket.create_server(("", PORT)) as server:
        while time.monotonic() < until:
            server.settimeout(max(until - time.monotonic(), 0.1))
            try:
                caller, (origin, *_) = server.accept()
            except TimeoutError:
                break
            with caller:
                if origin != host:
                    continue
                caller.settimeout(None)
                caller.sendall(json.dumps(" ".join(words)).encode() + b"\n")
                code = caller.makefile("r", encoding="ascii").read().strip()
                return int(code) if code.isdecimal() else 1
    print(f"{host} did not fetch its command", file=sys.stderr, flush=True)
    return 1


def follow(given: argparse.Namespace, leader: str) -> None:
    """Pod 1: fetch the command from pod 0, run it, and return its exit code."""
    until = time.monotonic() + given.wait
    while True:
        try:
            caller = socket.create_connection((leader, PORT), timeout=10)
        except OSError:
            if time.monotonic() > until:
                raise Failed(f"{leader} had no command: see the log of the other pod") from None
            time.sleep(1)
            continue
        with caller:
            caller.settimeout(given.limit)
            line = caller.makefile("r", encoding="utf-8").readline()
            if not line:
                continue
            ran = subprocess.run(["/bin/sh", "-c", json.loads(line)], check=False, timeout=given.limit)
            caller.sendall(str(ran.returncode % 256).encode())
        if not ran.returncode:
            return
        raise Failed(f"the daemon of Open MPI ended with {ran.returncode}")


def measure(given: argparse.Namespace) -> int:
    """One pod's part. Writes its result and says what is below its floor."""
    pod, index = os.environ["HOSTNAME"], int(os.environ["JOB_COMPLETION_INDEX"])
    names = given.names or [f"{pod.rpartition('-')[0]}-{each}.{given.service}" for each in range(2)]
    before = read_links(given.devices, given.prefix)
    failed, figures, below = "", Json(), list[str]()
    signal.signal(signal.SIGTERM, _stop)
    try:
        if index == 0:
            figures = lead(given, names)
            below = below_bandwidth(figures, given.floors["busGbs"]["value"], given.gpus * 2)
        else:
            follow(given, names[0])
    except (Failed, subprocess.TimeoutExpired, OSError) as error:
        failed = str(error)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # The result is stored in the grace period of the pod.
    links = read_links(given.devices, given.prefix)
    below += below_links(before, links, given.floors)
    store(given, pod, {"figures": figures, "links": links, "failed": failed, "below": below})
    said = [f"FAIL {failed}"] * bool(failed) + [f"BELOW {each}" for each in below]
    print("\n".join(said) or "ok   nothing is below its floor", flush=True)
    return NO_FIGURE if failed else int(bool(below))


def _stop(*_: object) -> None:
    raise Failed("the job was stopped, for example because the other pod had no figure")


def store(given: argparse.Namespace, pod: str, found: Json) -> None:
    """Write the result of a pod, with its conditions and floors."""
    at = time.strftime("%Y-%m-%dT%H-%M-%SZ", time.gmtime())
    where = {"at": at, "pod": pod, "node": os.environ.get("NODE_NAME", "")}
    conditions = {"image": given.image, "messageGib": given.message_gib, "floors": given.floors}
    text = json.dumps({**where, **conditions, **found}, indent=2)
    (given.results / f"{at}-{pod}.json").write_text(text + "\n", encoding="utf-8")


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    """The arguments of `measure`."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("action", choices=["measure"])
    parser.add_argument("--service", default="", help="the headless Service of the pods")
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--floors", type=json.loads, required=True, help=f"JSON: {FLOORS}, with sources")
    parser.add_argument("--gpus", type=int, default=8, help="of a node")
    parser.add_argument("--message-gib", type=int, default=16, help="the largest message; the smallest is 1")
    parser.add_argument("--wait", type=int, default=1800, help="seconds until the other pod must run")
    parser.add_argument("--limit", type=int, default=900, help="seconds that the all-reduce may take")
    parser.add_argument("--prefix", default="mlx5", help="of the names of RDMA devices")
    parser.add_argument("--devices", type=Path, default=Path("/sys/class/infiniband"))
    parser.add_argument("--image", default="", help="kept with the result")
    parser.add_argument("--mpirun", default="mpirun")
    parser.add_argument("--program", default="/workspace/rccl-tests/build/all_reduce_perf")
    parser.add_argument("--names", nargs=2, help="host names of the two pods; default: by the Service")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """`measure`, or `agent`."""
    if arguments[0] == "agent":
        return agent(arguments[1], arguments[2:])
    given = read_arguments(arguments)
    try:
        return measure(given)
    finally:
        (given.results / DONE).touch()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
