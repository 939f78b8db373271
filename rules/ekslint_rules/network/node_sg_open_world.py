from collections.abc import Iterator

from ekslint import Finding, IngressRule, NodeGroup, Severity, known, rule
from ekslint_rules.network._security_groups import covers, declared_security_groups

_EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})
_GUARDED = {"SSH": 22, "the kubelet": 10250}
_NODE_PORTS = (30000, 32767)
_ENDS = (1, 65535)


@rule(Severity.WARNING, since="0.1.0", tags=("security",), dialects=("cloudformation",))
def node_sg_open_world(group: NodeGroup) -> Iterator[Finding]:
    """A security group of nodes lets in the whole internet.

    ## Why is this bad?
    Open to everybody, SSH, the kubelet or all ports of a node are one flaw or one leaked key away from the whole
    cluster. NodePorts belong behind a load balancer, which the nodes can let in by its security group: where only these
    ports are open, it is advice.

    ## When it stays silent
    Other single ports; security groups of other templates. One step lower where no node has a public address.

    ## References
    - EKS best practices guide, security, infrastructure: use Session Manager in place of SSH
    - EKS best practices guide, security, network: security groups
    - Kubernetes documentation, Service: type NodePort (30000-32767)
    """
    users = _users(group)
    for each in declared_security_groups(group):
        members = users.get(each.identifier, [group])
        if members[0] is not group:
            continue
        is_private = all(_is_private(member) for member in members)
        for index, ingress in enumerate(each.ingress):
            opened = _opened(ingress) if ingress.source in _EVERYWHERE else None
            if opened is None:
                continue
            what, severity = opened
            yield Finding(
                each.at("ingress", index),
                f"{each} of {group} opens {what} to {ingress.source}",
                label="the whole internet",
                help="allow your own networks only, or the security group of the load balancer"
                if severity is Severity.INFO
                else "remove it and use Session Manager, or allow your own networks only",
                related=[(group.at("security_groups", 0), f"{group} is in it")],
                lower=int(is_private),
                severity=severity,
                discriminator=f"{ingress.protocol}/{ingress.from_port}-{ingress.to_port}/{ingress.source}",
            )


def _opened(rule_: IngressRule) -> tuple[str, Severity] | None:
    """What a rule opens, and how bad that is; None where it is nothing that nodes need to fear."""
    first, last = rule_.from_port, rule_.to_port
    if all(covers(rule_, "tcp", port) for port in _ENDS):
        return "all ports", Severity.WARNING
    for name, port in _GUARDED.items():
        if covers(rule_, "tcp", port):
            return f"{name} (port {port})" if first == last else f"{name} ({port} of {first}-{last})", Severity.WARNING
    overlaps = first is not None and last is not None and first <= _NODE_PORTS[1] and _NODE_PORTS[0] <= last
    if overlaps and any(covers(rule_, protocol, first or 0) for protocol in ("tcp", "udp")):
        return f"NodePorts ({first}-{last})", Severity.INFO
    return None


def _is_private(group: NodeGroup) -> bool:
    return not group.unknown("uses_private_networking") and bool(group.uses_private_networking)


def _users(group: NodeGroup) -> dict[str, list[NodeGroup]]:
    """By security group, the node groups that are in it: what is wrong with it is said at the first of them."""
    users: dict[str, list[NodeGroup]] = {}
    for each in group.cluster.node_groups if group.cluster is not None else ():
        if each.origin.document is group.origin.document and not each.unknown("security_groups"):
            for name in known(each.security_groups):
                users.setdefault(name, []).append(each)
    return users
