from collections.abc import Callable, Iterator, Mapping

from ekslint import EC2NodeClass, Finding, Severity, ami_families, ami_names, rule

_TERMS = ("spec", "amiSelectorTerms")


@rule(Severity.WARNING, since="0.1.0", tags=("karpenter", "ami", "upgrades"), dialects=("karpenter",))
def karpenter_ami_latest(node_class: EC2NodeClass) -> Iterator[Finding]:
    """An EC2NodeClass takes whatever image is the latest.

    ## Why is this bad?
    The day somebody publishes an image, Karpenter finds that every node has drifted and begins to replace them: all
    clusters get the untested image at once, production first or last as chance has it. That goes for the alias
    `…@latest`, for names with wildcards, and for the parameters in which AWS keeps its recommended images.

    ## When it stays silent
    Windows images, which have no other version. Selection by tags: only the owner of an image sets them, and may do so
    after a test. Outside production it counts one step less.

    ## References
    - Karpenter documentation, managing AMIs
    - EKS best practices guide, Karpenter: lock down AMIs in production clusters
    """
    if not node_class.has(*_TERMS):
        return
    for index, term in enumerate(node_class.sequence(*_TERMS)):
        if not isinstance(term, Mapping):
            continue
        for field, is_moving in _MOVING.items():
            value = term.get(field)
            if not isinstance(value, str) or not is_moving(value):
                continue
            cluster = node_class.cluster
            yield Finding(
                node_class.at(*_TERMS, index, field),
                f"{node_class} takes {value}: a new image replaces all nodes, unseen, on the day that it is published",
                label="pin a version",
                help=f"pin a version that was tried elsewhere, such as {value.partition('@')[0]}@v…"
                if field == "alias"
                else "name one image that was tried elsewhere",
                lower=cluster.tolerance if cluster is not None else 0,
            )


def _is_latest_alias(alias: str) -> bool:
    family = ami_families.from_karpenter_alias(alias)
    is_latest = ami_families.karpenter_alias_version(alias) == "latest"
    return is_latest and family is not None and not family.is_windows


def _is_pattern(name: str) -> bool:
    reference = ami_names.from_ami_name(name)
    return ("*" in name or "?" in name) and not (reference is not None and reference.family.is_windows)


def _is_moving_parameter(path: str) -> bool:
    reference = ami_names.from_ssm_path(path)
    return reference is not None and not reference.is_pinned and not reference.family.is_windows


_MOVING: Mapping[str, Callable[[str], bool]] = {
    "alias": _is_latest_alias,
    "name": _is_pattern,
    "ssmParameter": _is_moving_parameter,
}
"""The fields of a term whose value may stand for one image today and for another tomorrow, and when it does."""
