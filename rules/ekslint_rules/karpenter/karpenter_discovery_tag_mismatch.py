from collections.abc import Iterator, Mapping

from ekslint import Cluster, EC2NodeClass, Finding, NodeClass, SecurityGroup, Severity, Subnet, rule

_TAG = "karpenter.sh/discovery"
_CLUSTER_TAG = "aws:eks:cluster-name"
_DECLARED: Mapping[str, tuple[type[Subnet] | type[SecurityGroup], str]] = {
    "subnetSelectorTerms": (Subnet, "subnet"),
    "securityGroupSelectorTerms": (SecurityGroup, "security group"),
}


@rule(Severity.WARNING, since="0.1.0", tags=("karpenter", "network"), dialects=("karpenter",))
def karpenter_discovery_tag_mismatch(node_class: EC2NodeClass | NodeClass) -> Iterator[Finding]:
    """A node class selects subnets or security groups by a discovery tag that nothing of the cluster has.

    ## Why is this bad?
    By convention `karpenter.sh/discovery` has the cluster's name for its value. A name left over from a tutorial or
    another cluster selects nothing, and the node class is never ready; or it selects the other cluster's network. EKS
    itself tags the cluster security group with `aws:eks:cluster-name`.

    ## When it stays silent
    Values that a template fills in, clusters that are declared elsewhere (where there are several in the files, none
    need be the one), and clusters whose tags have the value.
    A cluster of eksctl is asked whether anything gives its network the tag, and one of CloudFormation whether anything
    in the templates has it that declare its subnets; a VPC that exists already is not.

    ## References
    - Karpenter documentation, getting started with Karpenter
    - eksctl, pkg/cfn/builder/vpc_ipv4.go and karpenter.go
    """
    cluster = node_class.cluster
    if cluster is None or cluster.is_implicit or cluster.name is None:
        return
    for field in _DECLARED:
        if node_class.unknown("spec", field):
            continue
        for index, term in enumerate(node_class.sequence("spec", field)):
            tags = term.get("tags") if isinstance(term, Mapping) else None
            owner = tags.get(_CLUSTER_TAG) if isinstance(tags, Mapping) else None
            if isinstance(owner, str) and "$" not in owner and owner not in {"*", cluster.name}:
                yield from _names_another(node_class, (field, index, "tags", _CLUSTER_TAG), owner, cluster)
            value = tags.get(_TAG) if isinstance(tags, Mapping) else None
            if not isinstance(value, str) or "$" in value or value == "*" or cluster.tags.get(_TAG) == value:
                continue
            place = node_class.at("spec", field, index, "tags", _TAG)
            if value != cluster.name:
                yield from _names_another(node_class, (field, index, "tags", _TAG), value, cluster)
            elif cluster.dialect == "cloudformation":
                yield from _of_templates(node_class, (field, index, "tags", _TAG), value, cluster)
            elif _is_untagged(cluster):
                yield Finding(
                    place,
                    f"{node_class} looks for {_TAG}={value}, but nothing gives that tag to the network that eksctl "
                    f"creates for {cluster}",
                    label="no such tag",
                    help=f"add {_TAG}: {value} to metadata.tags of the ClusterConfig",
                    related=[(cluster.at("tags"), "no such tag here")],
                    lower=cluster.may_be_partial,
                )


def _names_another(
    node_class: EC2NodeClass | NodeClass, path: tuple[str | int, ...], value: str, cluster: Cluster
) -> Iterator[Finding]:
    if len(node_class.clusters) > 1:
        return  # of several, none need be the one that is meant
    yield Finding(
        node_class.at("spec", *path),
        f"{node_class} looks for {path[-1]}={value}, but the cluster is called {cluster.name}",
        label=f"write {cluster.name}?",
        related=[(cluster.at("name"), "the cluster")],
    )


def _is_untagged(cluster: Cluster) -> bool:
    """Whether eksctl creates a network without the tag; its `karpenter` section tags it."""
    if cluster.dialect != "eksctl" or cluster.karpenter_version is not None or cluster.has_external_parts:
        return False
    return not len(cluster.subnets) and _TAG not in cluster.tags


def _of_templates(
    node_class: EC2NodeClass | NodeClass, path: tuple[str | int, ...], value: str, cluster: Cluster
) -> Iterator[Finding]:
    """Where the templates of a cluster declare all of its subnets, and nothing of a kind in them has the tag."""
    subnets = {id(each) for each in cluster.estate.of(Subnet) if _is_near(each, cluster)}
    own = list(cluster.subnets)
    if not own or any(id(subnet) not in subnets for subnet in own):
        return
    kind, words = _DECLARED[str(path[0])]
    made_by_eks = None if cluster.unknown("own_security_group") else cluster.own_security_group
    declared = [each for each in cluster.estate.of(kind) if _is_near(each, cluster) and each is not made_by_eks]
    if not any(_TAG in each.tags for each in declared):
        yield Finding(
            node_class.at("spec", *path),
            f"{node_class} looks for {_TAG}={value}, but no {words} of {cluster} has that tag",
            label="no such tag",
            help=f"tag the {words}s of its nodes in the template",
            related=[(each.at("tags"), str(each)) for each in declared],
            # No template can tag the group that EKS makes: a command does.
            lower=max(cluster.may_be_partial, int(not declared)),
        )


def _is_near(declared: Subnet | SecurityGroup, cluster: Cluster) -> bool:
    """Whether it stands in one of the files of a cluster: a template in another folder may be another cluster's."""
    return declared.origin.document.source.path in cluster.paths
