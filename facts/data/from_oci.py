"""Reads the REST API from Oracle's own SDK (`oci`): operations with paths and parameters, models with properties.

Every client method of the SDK contains its path, method, parameters and types as literals, and every model contains its
properties. Both are read from the source, without a client.
"""

import ast
import importlib
import importlib.metadata
import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from facts.oci_api import SCALARS

CLIENTS = (
    "core.VirtualNetworkClient",
    "core.ComputeClient",
    "core.ComputeManagementClient",
    "core.BlockstorageClient",
    "container_engine.ContainerEngineClient",
    "identity.IdentityClient",
    "identity_domains.IdentityDomainsClient",
    "load_balancer.LoadBalancerClient",
    "network_load_balancer.NetworkLoadBalancerClient",
    "object_storage.ObjectStorageClient",
    "key_management.KmsVaultClient",
    "key_management.KmsManagementClient",
    "key_management.KmsCryptoClient",
    "vault.VaultsClient",
    "secrets.SecretsClient",
    "database.DatabaseClient",
    "psql.PostgresqlClient",
    "redis.RedisClusterClient",
    "redis.OciCacheUserClient",
    "redis.OciCacheBackupClient",
    "redis.OciCacheConfigSetClient",
    "redis.RedisIdentityClient",
    "opensearch.OpensearchClusterClient",
    "streaming.StreamAdminClient",
    "monitoring.MonitoringClient",
    "ons.NotificationControlPlaneClient",
    "ons.NotificationDataPlaneClient",
    "budget.BudgetClient",
    "budget.CostAdClient",
    "bastion.BastionClient",
    "dns.DnsClient",
    "waf.WafClient",
    "certificates_management.CertificatesManagementClient",
    "lustre_file_storage.LustreFileStorageClient",
    "file_storage.FileStorageClient",
    "logging.LoggingManagementClient",
    "limits.LimitsClient",
    "limits.QuotasClient",
    "compute_instance_agent.PluginconfigClient",
    "functions.FunctionsManagementClient",
    "resource_scheduler.ScheduleClient",
    "cloud_guard.CloudGuardClient",
    "vulnerability_scanning.VulnerabilityScanningClient",
    "events.EventsClient",
    "audit.AuditClient",
    "healthchecks.HealthChecksClient",
    "management_dashboard.DashxApisClient",
    "sch.ServiceConnectorClient",
    "usage_api.UsageapiClient",
    "work_requests.WorkRequestClient",
)
"""The clients of the services that this toolkit and its users call, as `<package of oci>.<class>`."""

API_FOLDER = Path(__file__).parent / "api"

_OWN_HEADERS = {"accept", "content-type"}

Table = dict[str, Any]


def write_api(folder: Path = API_FOLDER) -> None:
    """Write the files of `folder` again from the installed SDK: one file per package, one operation or property per
    line."""
    for package in packages():
        (folder / f"{package}.json").write_text(api_text(package_table(package)), encoding="utf-8")
    (folder / "SDK_VERSION").write_text(importlib.metadata.version("oci") + "\n", encoding="utf-8")


def api_text(table: Table) -> str:
    """The table of a package in the form of its file."""
    clients, models = _blocks(table["clients"], "operations"), _blocks(table["models"], "properties")
    return f'{{\n"clients": {{\n{clients}\n}},\n"models": {{\n{models}\n}}\n}}\n'


def _blocks(entries: Table, rows: str) -> str:
    """Each entry with its rows, one per line, after its other parts."""
    blocks: list[str] = []
    for name, entry in entries.items():
        others = [f"  {_json(key)}: {_json(value)}" for key, value in entry.items() if key != rows]
        lines = [f"   {_json(key)}: {_json(value)}" for key, value in entry[rows].items()]
        listed = f"  {_json(rows)}: {{\n" + ",\n".join(lines) + "}" if lines else f"  {_json(rows)}: {{}}"
        blocks.append(f" {_json(name)}: {{\n" + ",\n".join([*others, listed]) + "}")
    return ",\n".join(blocks)


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def package_table(package: str) -> Table:
    """The operations of a package's clients and the models that they use."""
    sdk = cast("Any", importlib.import_module(f"oci.{package}"))
    clients = [name.split(".")[1] for name in CLIENTS if name.startswith(f"{package}.")]
    operations = {name: client_table(getattr(sdk, name)) for name in clients}
    return {"clients": operations, "models": dict(sorted(models_of(sdk.models, operations).items()))}


def client_table(client: type) -> Table:
    """One client: its base path, and its operations by the SDK's name."""
    source = Path(inspect.getfile(client)).read_text(encoding="utf-8")
    classes = [each for each in ast.parse(source).body if isinstance(each, ast.ClassDef)]
    methods = {each.name: each for cls in classes for each in cls.body if isinstance(each, ast.FunctionDef)}
    base = re.search(r"'base_path': '([^']*)'", ast.unparse(methods["__init__"]))
    found = {name: operation_of(method) for name, method in methods.items() if not name.startswith("_")}
    operations = {name: each for name, each in sorted(found.items()) if each is not None}
    return {"base": (base[1] if base else "").rstrip("/"), "operations": operations}


def operation_of(method: ast.FunctionDef) -> Table | None:
    """One operation, or None for a method without one."""
    literals = _literals(method)
    if not isinstance(literals.get("resource_path"), str):
        return None
    link = str(literals.get("api_reference_link", ""))
    text = ast.get_docstring(method) or ""
    required = cast("list[str]", literals.get("required_arguments") or [])
    call = _call(method)
    found: Table = {
        "name": link.rsplit("/", 1)[-1] or _title(method.name),
        "call": f"{literals['method']} {literals['resource_path']}",
    }
    if "body" in call:
        value = ast.unparse(call["body"])
        found["body"] = _plain(_parameter(text, _argument(value))) + ("?" if "kwargs.get" in value else "")
    answer = call.get("response_type")
    if isinstance(answer, ast.Constant):
        found["answer"] = _plain(str(answer.value))
    query = _named_parameters(method, "query_params", text, required)
    headers = _named_parameters(method, "header_params", text, required)
    if query:
        found["query"] = query
    kept = {name: kind for name, kind in headers.items() if name not in _OWN_HEADERS}
    if kept:
        found["headers"] = kept
    return found


def _title(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


def _literals(method: ast.FunctionDef) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in method.body:
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
            try:
                found.setdefault(each.targets[0].id, ast.literal_eval(each.value))
            except ValueError:
                continue
    return found


def _call(method: ast.FunctionDef) -> dict[str, ast.expr]:
    """The keywords of the call that sends the request."""
    for each in ast.walk(method.body[-1]):
        keywords = {k.arg: k.value for k in each.keywords if k.arg} if isinstance(each, ast.Call) else {}
        if "resource_path" in keywords:
            return keywords
    return {}


def _argument(value: str) -> str:
    """The parameter of the method that provides a value: the parameter itself, or an optional one."""
    optional = re.search(r"kwargs\.get\('(\w+)'", value)
    return optional[1] if optional else value


def _parameter(text: str, name: str) -> str:
    found = re.search(rf":param (\S+(?: of \S+| -> \S+)?) {name}:", text)
    found = found or re.search(rf":param (.+?) {name}: \((?:required|optional)\)", text)
    return found[1] if found else "object"


def _named_parameters(
    method: ast.FunctionDef, variable: str, text: str, required: list[str]
) -> dict[str, str]:
    """The parameters in a dict of the method: the name in the API, with type, choices and whether it is required."""
    for each in method.body:
        if not (isinstance(each, ast.Assign) and isinstance(each.value, ast.Dict)):
            continue
        if ast.unparse(each.targets[0]) != variable:
            continue
        found: dict[str, str] = {}
        for key, value in zip(each.value.keys, each.value.values, strict=True):
            name = str(ast.literal_eval(cast("ast.expr", key)))
            found[name] = _described(name, ast.unparse(value), text, required)
        return found
    return {}


def _described(name: str, value: str, text: str, required: list[str]) -> str:
    parameter = _argument(value)
    section = re.search(rf":param [^\n]*?\b{parameter}:(.*?)(?=\n *:(?:param|return)|\Z)", text, re.DOTALL)
    choices = re.search(r'Allowed values are: ("[^\n]*)', section[1]) if section else None
    kind = _plain(_parameter(text, parameter))
    listed = re.findall(r'"([^"]*)"', choices[1]) if choices else []
    mark = "!" if name in required else ""
    return f"{kind}{mark}" + (f" {'|'.join(listed)}" if listed else "")


def _plain(kind: str) -> str:
    """A type in the table's form: str, list[Vcn], map[str], map[map[object]]."""
    kind = re.sub(r"oci(?:\.\w+)*\.models\.", "", kind.strip())
    kind = re.sub(r"^list of ", "list ", kind)
    listed = re.fullmatch(r"list ?\[?([^\]]*)\]?", kind)
    if listed and kind.startswith("list"):
        return f"list[{_plain(listed[1])}]"
    mapped = re.fullmatch(r"dict\(str, (.*)\)", kind)
    if mapped:
        return f"map[{_plain(mapped[1])}]"
    return {"obj": "object", "stream": "file", "dict": "map[object]"}.get(kind, kind)


def models_of(models: ModuleType, clients: Table) -> Table:
    """The models in requests and responses, with all models that they contain."""
    left = [
        kind
        for client in clients.values()
        for each in client["operations"].values()
        for kind in (each.get("body", ""), each.get("answer", ""))
    ]
    found: Table = {}
    while left:
        for name in re.findall(r"\w+", left.pop()):
            cls = getattr(models, name, None)
            if name in found or not inspect.isclass(cls) or name in {*SCALARS, "date"}:
                continue
            found[name] = model_of(cls)
            left += list(found[name].get("properties", {}).values()) + list(
                found[name].get("subtypes", {}).values()
            )
    return found


def model_of(cls: Any) -> Table:
    """One model: its properties, and the property that selects its subtype."""
    instance = cls()
    found: Table = {"properties": dict(_properties(cls, instance))}
    if hasattr(cls, "get_subtype"):
        source = inspect.getsource(cls.get_subtype)
        by = re.search(r"object_dictionary\['(\w+)'\]", source)
        pairs = re.findall(r"type == '([^']*)':\s*return '(\w+)'", source)
        if by and pairs:
            found |= {"by": by[1], "subtypes": dict(pairs)}
    return found


def _properties(cls: type, instance: Any) -> Iterator[tuple[str, str]]:
    for name, kind in instance.swagger_types.items():
        text = str(getattr(cls, name).__doc__)
        listed = re.search(r'Allowed values for this property are: ("[^\n]*)', text)
        choices = re.findall(r'"([^"]*)"', listed[1]) if listed else []
        mark = "!" if "**[Required]**" in text else ""
        yield (
            instance.attribute_map[name],
            f"{_plain(kind)}{mark}" + (f" {'|'.join(choices)}" if choices else ""),
        )


def packages() -> tuple[str, ...]:
    """The packages of the clients, without duplicates."""
    return tuple(dict.fromkeys(name.split(".")[0] for name in CLIENTS))
