"""The security groups of nodes, and what they let through, as far as the files declare them.

A security group lets in what one of its rules names; an interface lets in what one of its groups does. What nobody can
see here (a range of addresses, a prefix list, a group of another template) counts as if it let everything in.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from ekslint import Cluster, Finding, IngressRule, NodeGroup, SecurityGroup, known, some
from ekslint_rules._wording import enumerated

_NUMBERS = {"6": "tcp", "17": "udp"}
_ALL = "-1"
_HTTPS, _KUBELET = ("tcp", 443), ("tcp", 10250)
_DNS = (("udp", 53), ("udp", 4789), ("udp", 6081), ("udp", 8472), ("4", 0))
"""DNS itself, or inside of an overlay network: VXLAN with the port of IANA and of Linux, Geneve, IP in IP."""


def declared_security_groups(group: NodeGroup) -> list[SecurityGroup]:
    """The security groups of the nodes that the same template declares, in order, besides what is not known."""
    return _declared(group.security_groups, group) if group.dialect == "cloudformation" else []


def are_all_declared(group: NodeGroup) -> bool:
    """Whether the nodes have security groups, and the same template declares each of them."""
    return 0 < len(declared_security_groups(group)) == len(set(group.security_groups))


def speaks_for_security_groups(group: NodeGroup) -> bool:
    """Whether a finding about security groups is said at this node group: of those that share them, the first."""
    cluster, mine = group.cluster, set(known(group.security_groups))
    others = cluster.node_groups if cluster is not None else []
    sharing = (
        each
        for each in others
        if each.kind == group.kind and not each.unknown("security_groups") and set(known(each.security_groups)) == mine
    )
    return next(sharing, group) is group


def closed_paths(group: NodeGroup) -> list[str]:
    """What the rules keep from getting through between nodes and control plane, in words.

    Nothing, where not all security groups of the nodes are declared beside their cluster.
    """
    cluster = group.cluster
    if cluster is None or group.dialect != "cloudformation" or cluster.unknown("own_security_group"):
        return []
    own = cluster.own_security_group
    nodes = declared_security_groups(group)
    if own is None or own in nodes or not are_all_declared(group):
        return []
    control_plane = [own, *_declared(cluster.security_groups, cluster)]
    knows_control_plane = len(control_plane) == len(set(cluster.security_groups)) + 1
    closed = []
    if cluster.private_access and knows_control_plane and not _reaches(nodes, control_plane, *_HTTPS):
        closed.append("nodes reach the API server (TCP 443)")
    if not _reaches(control_plane, nodes, *_KUBELET):
        closed.append("the API server reach kubelets (TCP 10250)")
    if not any(_reaches(nodes, nodes, *way) for way in _DNS):
        closed.append("pods reach CoreDNS on other nodes (UDP 53)")
    return closed


def report_closed_paths(group: NodeGroup, closed: Sequence[str], because: str) -> Iterator[Finding]:
    """One finding about all that does not get through."""
    names = ", ".join(each.identifier for each in declared_security_groups(group))
    yield Finding(
        group.at("security_groups", 0),
        f"{because}: no rule lets {enumerated(closed)}",
        label=f"only {names}",
        help="attach the cluster security group (ClusterSecurityGroupId) as well, or add the rules between both",
        related=[(each.at("identifier"), f"{each}") for each in declared_security_groups(group)],
    )


def covers(rule: IngressRule, protocol: str, port: int) -> bool:
    """Whether a rule is about a port."""
    if rule.protocol == _ALL:
        return True
    if _NUMBERS.get(rule.protocol, rule.protocol.lower()) != protocol:
        return False
    if rule.from_port in (None, -1) or rule.to_port in (None, -1):
        return True
    return rule.from_port <= port <= rule.to_port


def lets_itself_in(group: SecurityGroup) -> bool:
    """Whether a security group lets in everything from its own members."""
    return some(group.ingress, lambda rule: rule.protocol == _ALL and _may_come_from(rule, {group.identifier}))


def _declared(names: Iterable[str], owner: NodeGroup | Cluster) -> list[SecurityGroup]:
    cluster = owner if isinstance(owner, Cluster) else owner.cluster
    if cluster is None:
        return []
    document = owner.origin.document
    candidates = [each for each in cluster.estate.of(SecurityGroup) if each.origin.document is document]
    if not cluster.unknown("own_security_group") and cluster.own_security_group is not None:
        candidates.append(cluster.own_security_group)
    by_name = {each.identifier: each for each in candidates}
    return [by_name[name] for name in dict.fromkeys(known(names)) if name in by_name]


def _reaches(senders: Sequence[SecurityGroup], receivers: Sequence[SecurityGroup], protocol: str, port: int) -> bool:
    names = {each.identifier for each in senders}
    return some(
        receivers,
        lambda receiver: some(
            receiver.ingress, lambda rule: covers(rule, protocol, port) and _may_come_from(rule, names)
        ),
    )


def _may_come_from(rule: IngressRule, names: Collection[str]) -> bool:
    return rule.source in names or not _is_of_template(rule.source)


def _is_of_template(source: str | None) -> bool:
    """Whether a source is a security group of the template: no ID, no range of addresses, no prefix list."""
    return source is not None and source.replace(".", "", 1).isalnum()
