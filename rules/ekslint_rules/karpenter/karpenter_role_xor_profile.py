from collections.abc import Iterator

from ekslint import EC2NodeClass, Finding, Severity, rule


@rule(Severity.ERROR, since="0.1.0", tags=("karpenter", "iam"), dialects=("karpenter",))
def karpenter_role_xor_profile(node_class: EC2NodeClass) -> Iterator[Finding]:
    """An EC2NodeClass names both a role and an instance profile, or neither.

    ## Why is this bad?
    The API server takes exactly one of the two, and no empty name. In a fully private cluster it must be the profile:
    Karpenter makes one from the role through IAM, which has no VPC endpoint.

    ## When it stays silent
    Fields that a template or a kustomization fills in.

    ## References
    - Karpenter documentation, NodeClasses, spec.role and spec.instanceProfile
    - Karpenter documentation, getting started, private clusters
    """
    if node_class.unknown("spec"):
        return
    spec = node_class.mapping("spec")
    given = [
        field
        for field in ("role", "instanceProfile")
        if field in spec and (node_class.unknown("spec", field) or spec[field] is not None)
    ]
    if not given:
        yield Finding(
            node_class.at("spec", key=True) if node_class.at("spec").is_written else node_class.at("kind"),
            f"{node_class} names neither a role nor an instance profile for its nodes",
            label="no role",
            help="set role to the name of the node role",
        )
    elif len(given) > 1:
        yield Finding(
            node_class.at("spec", "instanceProfile"),
            f"{node_class} names both a role and an instance profile, of which there can be only one",
            label="not beside role",
            related=[(node_class.at("spec", "role"), "the role")],
        )
    elif not node_class.unknown("spec", given[0]) and spec[given[0]] == "":
        yield Finding(
            node_class.at("spec", given[0]),
            f"{node_class} has an empty {given[0]}, which the API server refuses",
            label="empty",
        )
    elif given == ["role"]:
        cluster = node_class.cluster
        if cluster is not None and not cluster.is_implicit and cluster.private_cluster:
            yield Finding(
                node_class.at("spec", "role"),
                f"{node_class} names a role, but from {cluster}, which is private, Karpenter cannot reach IAM to make "
                "a profile of it",
                label="use instanceProfile",
                severity=Severity.WARNING,
            )
