from collections.abc import Iterator, Mapping

from ekslint import EC2NodeClass, Finding, Severity, ami_families, rule

_TERMS = ("spec", "amiSelectorTerms")


@rule(Severity.WARNING, since="0.1.0", tags=("karpenter", "ami", "upgrades"), dialects=("karpenter",))
def karpenter_ami_latest(node_class: EC2NodeClass) -> Iterator[Finding]:
    """An EC2NodeClass takes whatever image is the latest.

    ## Why is this bad?
    The day AWS publishes an image, Karpenter finds that every node has drifted and begins to replace them: all clusters
    get the untested image at once, production first or last as chance has it.

    ## When it stays silent
    Windows images, which have no other version. Outside production it counts one step less.

    ## References
    - Karpenter documentation, managing AMIs
    - EKS best practices guide, Karpenter: lock down AMIs in production clusters
    """
    if not node_class.has(*_TERMS):
        return
    for index, term in enumerate(node_class.sequence(*_TERMS)):
        alias = term.get("alias") if isinstance(term, Mapping) else None
        if not isinstance(alias, str) or ami_families.karpenter_alias_version(alias) != "latest":
            continue
        family = ami_families.from_karpenter_alias(alias)
        if family is None or family.is_windows:
            continue
        cluster = node_class.cluster
        yield Finding(
            node_class.at(*_TERMS, index, "alias"),
            f"{node_class} takes {alias}: a new image replaces all nodes, unseen, on the day that it is published",
            label="pin a version",
            help=f"pin a version that was tried elsewhere, such as {alias.partition('@')[0]}@v…",
            lower=cluster.tolerance if cluster is not None else 0,
        )
