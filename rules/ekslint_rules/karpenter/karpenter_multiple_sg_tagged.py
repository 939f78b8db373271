from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ekslint import Cluster, EC2NodeClass, EksctlNodeGroup, Finding, Place, SecurityGroup, Severity, known, rule
from ekslint_rules._wording import enumerated

_FIELD = "securityGroupSelectorTerms"
_SEVERAL = 2


class _Tagged(NamedTuple):
    """A security group with the tag of the cluster."""

    place: Place
    title: str
    tags: Mapping[str, str]


@rule(Severity.WARNING, since="0.1.0", tags=("karpenter", "network", "load-balancing"), dialects=("karpenter",))
def karpenter_multiple_sg_tagged(node_class: EC2NodeClass) -> Iterator[Finding]:
    """A node class selects several security groups that have the tag of the cluster.

    ## Why is this bad?
    The AWS Load Balancer Controller, and the one that is built in, open ports for load balancers in the one security
    group of a node that is tagged `kubernetes.io/cluster/<name>`. On nodes with two of them they give up, and targets
    stay unhealthy. EKS tags the cluster security group, eksctl that of every self-managed node group.

    ## When it stays silent
    Selectors by ID or name, or with wildcards; security groups that are not declared beside the cluster: only those are
    counted that certainly have the tags.

    ## References
    - Karpenter documentation, NodeClasses: spec.securityGroupSelectorTerms
    - AWS Load Balancer Controller, pkg/networking: exactly one tagged security group is expected
    - Amazon EKS user guide, view Amazon EKS security group requirements for clusters
    - eksctl, pkg/cfn/builder/nodegroup.go (addResourcesForSecurityGroups)
    """
    cluster = node_class.cluster
    if cluster is None or cluster.is_implicit or cluster.name is None or node_class.unknown("spec", _FIELD):
        return
    terms = [term.get("tags") if isinstance(term, Mapping) else None for term in node_class.sequence("spec", _FIELD)]
    selected = [
        each for each in _tagged(cluster, cluster.name) if any(_is_selected(each.tags, wanted) for wanted in terms)
    ]
    if len(selected) < _SEVERAL:
        return
    first = next(index for index, wanted in enumerate(terms) if _is_selected(selected[0].tags, wanted))
    titles = [each.title for each in selected]
    yield Finding(
        node_class.at("spec", _FIELD, first),
        f"{node_class} selects {len(titles)} security groups with the tag kubernetes.io/cluster/{cluster.name}, "
        f"{enumerated(titles)}: load balancers find no way to its nodes",
        label=f"{len(titles)} with the tag of the cluster",
        help="select one of them, as by a tag karpenter.sh/discovery that only it has",
        related=[(each.place, each.title) for each in selected],
    )


def _tagged(cluster: Cluster, name: str) -> Iterator[_Tagged]:
    """The security groups that certainly have the tag of the cluster."""
    tag = f"kubernetes.io/cluster/{name}"
    of_cluster = {tag: "owned", "aws:eks:cluster-name": name}
    yield _Tagged(cluster.at("name"), "the cluster security group", of_cluster)
    for group in cluster.estate.of(SecurityGroup):
        # A template in another folder may be that of another cluster of the same name.
        is_near = group.origin.document.source.path in cluster.paths and group.present
        if is_near and any(each == name for each in known(group.cluster_tags)) and not group.unknown("tags"):
            yield _Tagged(group.at("tags"), str(group), _known_tags(group))
    for written in cluster.estate.of(EksctlNodeGroup):
        if written.cluster is cluster and not written.is_managed and _has_own(written):
            tags = {key: cluster.tags[key] for key in cluster.tags if not cluster.unknown("tags", key)}
            yield _Tagged(written.at("name"), f"that of {written}", {**tags, tag: "owned"})


def _known_tags(group: SecurityGroup) -> Mapping[str, str]:
    return {key: group.tags[key] for key in group.tags if not group.unknown("tags", key)}


def _has_own(group: EksctlNodeGroup) -> bool:
    """Whether eksctl makes a security group for it."""
    if group.unknown("securityGroups") or group.unknown("securityGroups", "withLocal"):
        return False
    return group.get("securityGroups", "withLocal") is not False


def _is_selected(tags: Mapping[str, str], wanted: object) -> bool:
    if not isinstance(wanted, Mapping) or not wanted:
        return False
    return all(key in tags and value in ("*", tags[key]) for key, value in wanted.items())
