from collections.abc import Iterator

from ekslint import AccessEntry, Finding, Severity, access_entries, nearest, rule

_HUMAN = ("AWSReservedSSO_", ":user/")
"""What stands in the ARNs of people: roles of IAM Identity Center, and users."""


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation",))
def access_entry_type(entry: AccessEntry) -> Iterator[Finding]:
    """The type of an access entry does not go with what else it says.

    ## Why is this bad?
    Entries of node types carry the rights of nodes: EKS refuses user names, groups and access policies for them, and
    whoever is given one by mistake is a node in the cluster, without rights of his own. EKS also refuses roles that AWS
    services made for themselves, names that begin with a reserved prefix such as `system:`, and policies of IAM.

    ## When it stays silent
    A missing type is STANDARD. Type EC2 takes access policies: Auto Mode's nodes need AmazonEKSAutoNodePolicy. What is
    known only at deploy time. In ClusterConfigs `eksctl-access-entry` speaks.

    ## References
    - Amazon EKS user guide, create access entries
    """
    if entry.dialect != "cloudformation":
        return
    kind = entry.type
    if kind not in access_entries.types():
        meant = nearest(kind, access_entries.types())
        yield Finding(
            entry.at("type"),
            f"{entry} is of the unknown type {kind}: there are {', '.join(access_entries.types())}",
            label="unknown type",
            help=f"did you mean {meant}?" if meant is not None else None,
        )
        return
    if not entry.unknown("principal"):
        yield from _principal(entry, kind)
    if kind in access_entries.NODE_TYPES:
        yield from _of_nodes(entry, kind)
    if kind == access_entries.STANDARD:
        yield from _reserved(entry)
    if kind in access_entries.WITH_ACCESS_POLICIES:
        for index, policy in enumerate(entry.access_policies):
            if policy.startswith("arn:") and access_entries.ACCESS_POLICY not in policy:
                yield Finding(
                    entry.at("access_policies", index),
                    f"{policy} of {entry} is no access policy: access entries take EKS's own policies, not those of "
                    "IAM",
                    label="not a cluster-access-policy",
                    help="use one like arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
                )


def _principal(entry: AccessEntry, kind: str) -> Iterator[Finding]:
    principal = entry.principal or ""
    if access_entries.SERVICE_LINKED_ROLE in principal:
        yield Finding(
            entry.at("principal"),
            f"{entry} is for a service-linked role, which EKS lets into no cluster this way",
            label="service-linked role",
        )
    elif kind in access_entries.NODE_TYPES and any(mark in principal for mark in _HUMAN):
        yield Finding(
            entry.at("type"),
            f"{entry} has type {kind}, which is for the roles of nodes, but its principal is a person's",
            label="not a node",
            help="use type STANDARD with an access policy",
            related=[(entry.at("principal"), "a person")],
        )


def _of_nodes(entry: AccessEntry, kind: str) -> Iterator[Finding]:
    fields = ["kubernetes_groups", "username"]
    if kind not in access_entries.WITH_ACCESS_POLICIES:
        fields.append("access_policies")
    words = {"kubernetes_groups": "groups", "username": "a user name", "access_policies": "access policies"}
    for field in fields:
        if not entry.unknown(field) and getattr(entry, field):
            yield Finding(
                entry.at(field),
                f"{entry} is for nodes ({kind}), which have the rights of nodes: EKS refuses {words[field]}",
                label=f"not for {kind}",
                help="remove it, or use type STANDARD if this is no node",
                related=[(entry.at("type"), "an entry for nodes")],
            )


def _reserved(entry: AccessEntry) -> Iterator[Finding]:
    if not entry.unknown("username") and (entry.username or "").startswith(access_entries.RESERVED_PREFIXES):
        yield Finding(
            entry.at("username"),
            f"the user name {entry.username} of {entry} begins with a prefix that EKS keeps for itself",
            label="reserved prefix",
        )
    for index, group in enumerate(entry.kubernetes_groups):
        if group.startswith(access_entries.RESERVED_PREFIXES):
            is_masters = group == "system:masters"
            yield Finding(
                entry.at("kubernetes_groups", index),
                f"the group {group} of {entry} begins with a prefix that EKS keeps for itself",
                label="reserved prefix",
                help="use the access policy AmazonEKSClusterAdminPolicy" if is_masters else None,
            )
