from collections.abc import Iterator, Sequence

from ekslint import Finding, IngressRule, NodeGroup, Place, SecurityGroup, Severity, known, rule
from ekslint_rules.network._security_groups import covers, declared_security_groups

_EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})
_GUARDED = {"SSH": 22, "the kubelet": 10250}
_NODE_PORTS = (30000, 32767)
_ENDS = (1, 65535)


@rule(Severity.WARNING, since="0.1.0", tags=("security",), dialects=("cloudformation",))
def node_sg_open_world(subject: NodeGroup | SecurityGroup) -> Iterator[Finding]:
    """A security group of nodes lets in the whole internet.

    ## Why is this bad?
    Open to everybody, SSH, the kubelet or all ports of a node are one flaw or one leaked key away from the whole
    cluster. NodePorts belong behind a load balancer, which the nodes can let in by its security group: where only these
    ports are open, it is advice.

    ## When it stays silent
    Other single ports; security groups that no node group of the same template is in, unless a tag
    `kubernetes.io/cluster/…` tells that they are for nodes. One step lower where no node has a public address. Managed
    nodes that are told of no other group have the cluster security group, with the rules that a template adds to it.

    ## References
    - EKS best practices guide, security, infrastructure: use Session Manager in place of SSH
    - EKS best practices guide, security, network: security groups
    - Kubernetes documentation, Service: type NodePort (30000-32767)
    """
    if isinstance(subject, SecurityGroup):
        if any(True for _ in known(subject.cluster_tags)) and not subject.has_node_group:
            tag = (subject.at("tags"), "tagged for the nodes of a cluster")
            yield from _open_rules(subject, f"{subject}, for nodes by its tag,", [tag], lower=0)
        return
    groups = _security_groups(subject)
    users = _users(subject) if groups else {}
    for each in groups:
        members = users.get(each.identifier, [subject])
        if members[0] is subject:
            related = [(subject.at("security_groups", 0), f"{subject} is in it")]
            lower = int(all(_is_private(member) for member in members))
            yield from _open_rules(each, f"{each} of {subject}", related, lower=lower)


def _open_rules(
    group: SecurityGroup, who: str, related: Sequence[tuple[Place, str]], *, lower: int
) -> Iterator[Finding]:
    for index, ingress in enumerate(group.ingress):
        opened = _opened(ingress) if ingress.source in _EVERYWHERE else None
        if opened is None:
            continue
        what, severity = opened
        yield Finding(
            group.at("ingress", index),
            f"{who} opens {what} to {ingress.source}",
            label="the whole internet",
            help="allow your own networks only, or the security group of the load balancer"
            if severity is Severity.INFO
            else "remove it and use Session Manager, or allow your own networks only",
            related=related,
            lower=lower,
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


def _security_groups(group: NodeGroup) -> list[SecurityGroup]:
    """The security groups of the nodes that the same template declares, or adds rules to."""
    declared = declared_security_groups(group)
    names_some = any(True for _ in known(group.security_groups)) or group.unknown("security_groups", 0)
    cluster = group.cluster
    if names_some or group.kind != "managed" or cluster is None or cluster.unknown("own_security_group"):
        return declared
    own = cluster.own_security_group
    return [] if own is None or own.origin.document is not group.origin.document else [own]


def _users(group: NodeGroup) -> dict[str, list[NodeGroup]]:
    """By security group, the node groups that are in it: what is wrong with it is said at the first of them."""
    users: dict[str, list[NodeGroup]] = {}
    for each in group.cluster.node_groups if group.cluster is not None else ():
        if each.origin.document is group.origin.document and not each.unknown("security_groups"):
            names = list(known(each.security_groups))
            for name in names or [found.identifier for found in _security_groups(each)]:
                users.setdefault(name, []).append(each)
    return users
