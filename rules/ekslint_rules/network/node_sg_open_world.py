from collections.abc import Iterator

from ekslint import Finding, IngressRule, NodeGroup, SecurityGroup, Severity, rule
from ekslint_rules.network._security_groups import covers, declared_security_groups

_EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})
_SSH = 22
_NODE_PORTS = (30000, 32767)
_ENDS = (1, 65535)


@rule(Severity.WARNING, since="0.1.0", tags=("security",), dialects=("cloudformation",))
def node_sg_open_world(group: NodeGroup) -> Iterator[Finding]:
    """A security group of nodes lets in the whole internet.

    ## Why is this bad?
    Open to everybody, SSH or all ports of a node (the kubelet's among them) are one flaw or one leaked key away from
    the whole cluster. NodePorts belong behind a load balancer, which the nodes can let in by its security group: with
    these ports open it is advice.

    ## When it stays silent
    Other single ports; security groups of other templates. One step lower where no node has a public address.

    ## References
    - EKS best practices guide, security, infrastructure: use Session Manager in place of SSH
    - EKS best practices guide, security, network: security groups
    - Kubernetes documentation, Service: type NodePort (30000-32767)
    """
    for each in declared_security_groups(group):
        if _first_user(each, group) is not group:
            continue
        for index, ingress in enumerate(each.ingress):
            opened = _opened(ingress) if ingress.source in _EVERYWHERE else None
            if opened is None:
                continue
            is_private = not group.unknown("uses_private_networking") and bool(group.uses_private_networking)
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
    if covers(rule_, "tcp", _SSH):
        return "SSH (port 22)" if first == last else f"SSH (port 22 of {first}-{last})", Severity.WARNING
    overlaps = first is not None and last is not None and first <= _NODE_PORTS[1] and _NODE_PORTS[0] <= last
    if overlaps and any(covers(rule_, protocol, first or 0) for protocol in ("tcp", "udp")):
        return f"NodePorts ({first}-{last})", Severity.INFO
    return None


def _first_user(security_group: SecurityGroup, group: NodeGroup) -> NodeGroup:
    """Of the node groups that are in a security group, the first: the finding is said there."""
    others = group.cluster.node_groups if group.cluster is not None else []
    users = (
        each
        for each in others
        if not each.unknown("security_groups")
        and any(found is security_group for found in declared_security_groups(each))
    )
    return next(users, group)
