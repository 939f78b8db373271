from collections.abc import Iterator

from ekslint import Finding, NodeClass, Severity, rule
from ekslint_rules._wording import enumerated

_SELECTORS = ("subnetSelectorTerms", "securityGroupSelectorTerms")
_IDENTITIES = ("role", "instanceProfile")


@rule(Severity.ERROR, since="0.1.0", tags=("automode",), dialects=("karpenter",))
def auto_nodeclass_required(node_class: NodeClass) -> Iterator[Finding]:
    """A NodeClass of Auto Mode lacks what every NodeClass needs: a role, subnets, security groups.

    ## Why is this bad?
    The API server refuses it, and NodePools that refer to it stay without nodes. Only the NodeClass `default`, which
    comes with the built-in node pools, is filled in by EKS.

    ## When it stays silent
    An instance profile in place of the role. Fields that a template or a kustomization fills in.

    ## References
    - Amazon EKS user guide, create a node class for Amazon EKS
    """
    if node_class.unknown("spec"):
        return
    given = [name for name in _IDENTITIES if _is_given(node_class, name)]
    missing = [name for name in _SELECTORS if not _is_given(node_class, name)]
    if not given:
        missing.insert(0, "role")
    if missing:
        yield Finding(
            node_class.at("spec", key=True) if node_class.at("spec").is_written else node_class.at("kind"),
            f"{node_class} lacks {enumerated(missing)}: the API server refuses it, and no node comes of it",
            label=f"no {', no '.join(missing)}",
            help="name the nodes' role, and select subnets and security groups by tags or IDs",
            discriminator="missing",
        )
    for name in _SELECTORS:
        terms = () if name in missing or node_class.unknown("spec", name) else node_class.get("spec", name)
        if isinstance(terms, list) and not terms:
            yield Finding(
                node_class.at("spec", name),
                f"{node_class} has no terms in {name}, of which there must be at least one",
                label="empty",
            )
    if len(given) == len(_IDENTITIES):
        yield Finding(
            node_class.at("spec", "instanceProfile"),
            f"{node_class} names both a role and an instance profile, of which there can be only one",
            label="not beside role",
            related=[(node_class.at("spec", "role"), "the role")],
        )


def _is_given(node_class: NodeClass, field: str) -> bool:
    spec = node_class.mapping("spec")
    return field in spec and (node_class.unknown("spec", field) or spec[field] not in (None, ""))
