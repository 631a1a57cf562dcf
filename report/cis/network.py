"""Checks of networks and databases in them."""

from collections.abc import Callable, Mapping

from report.resources import as_mapping, as_sequence

from .finding import (
    Finding,
    Findings,
    Resources,
    broken,
    logged,
    of_types,
)

INTERNET = ("0.0.0.0/0", "::/0")


def _opens(rule: Mapping[str, object], port: int) -> bool:
    if rule.get("source") not in INTERNET or str(rule.get("protocol")) not in ("6", "all"):
        return False
    options = as_mapping(rule.get("tcpOptions"))
    ports = as_mapping(options.get("destinationPortRange")) or options
    low, high = ports.get("min"), ports.get("max")
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return True
    return low <= port <= high


def port_in_lists(port: int) -> Callable[[Resources], Findings]:
    """Security lists that open the port to the internet."""

    def check(resources: Resources) -> Findings:
        lists = of_types(
            resources,
            "oci:Core/securityList:SecurityList",
            "oci:Core/defaultSecurityList:DefaultSecurityList",
        )
        rules = "ingressSecurityRules"
        return broken(
            lists,
            lambda each: any(_opens(as_mapping(rule), port) for rule in as_sequence(each.inputs.get(rules))),
        )

    return check


def port_in_groups(port: int) -> Callable[[Resources], Findings]:
    """Security groups that open the port to the internet."""

    def check(resources: Resources) -> Findings:
        rules = of_types(
            resources, "oci:Core/networkSecurityGroupSecurityRule:NetworkSecurityGroupSecurityRule"
        )
        return broken(
            rules, lambda each: each.inputs.get("direction") == "INGRESS" and _opens(each.inputs, port)
        )

    return check


def default_lists(resources: Resources) -> Findings:
    """A network whose default security list is not managed, or has rules."""
    networks = of_types(resources, "oci:Core/vcn:Vcn")
    lists = of_types(resources, "oci:Core/defaultSecurityList:DefaultSecurityList")
    if not networks:
        return None
    open_ = [
        each
        for each in lists
        if each.inputs.get("ingressSecurityRules") or each.inputs.get("egressSecurityRules")
    ]
    return [Finding(each.name) for each in (open_ or networks[len(lists) :])]


def none_of(token: str) -> Callable[[Resources], Findings]:
    """A type that the toolkit does not create. A resource of it would have to be judged."""
    return lambda resources: [Finding(each.name) for each in of_types(resources, token)] or None


def private_databases(resources: Resources) -> Findings:
    """Autonomous Databases outside a subnet. A clone has the subnet of its source."""
    found = of_types(resources, "oci:Database/autonomousDatabase:AutonomousDatabase")
    return broken(found, lambda each: not (each.inputs.get("subnetId") or each.inputs.get("sourceId")))


def flow_logs(resources: Resources) -> Findings:
    """Subnets without flow logs, of their own or of their network."""
    networks, own = logged(resources, "flowlogs", "vcn"), logged(resources, "flowlogs", "subnet")
    return broken(
        of_types(resources, "oci:Core/subnet:Subnet"),
        lambda each: each.inputs.get("vcnId") not in networks and each.id not in own,
    )
