from collections.abc import Iterator, Sequence

from ekslint import Cluster, CniSettings, Finding, NodeGroup, Severity, cni_settings_of, instance_types, rule, vpc_cni

_WINDOWS = "Start-EKSBootstrap"


@rule(Severity.WARNING, since="0.1.0", tags=("network",), dialects=("eksctl", "cloudformation", "kubernetes"))
def vpc_cni_prefix_vs_instance(cluster: Cluster) -> Iterator[Finding]:
    """The VPC CNI gives interfaces prefixes, of which nodes make nothing.

    ## Why is this bad?
    With `ENABLE_PREFIX_DELEGATION` an interface takes prefixes of 16 addresses, so that more pods fit on a node. Types
    that are not built on Nitro have no prefixes: they go on with single addresses. And nodes that EKS does not set up
    itself (self-managed ones, and managed ones with an image of their own) still take as many pods as there are single
    addresses, unless they are told of more.

    ## When it stays silent
    Managed node groups with an image of EKS, which gets the larger number by itself; groups that say how many pods they
    take; start-up scripts, and user data that cannot be read; types on which prefixes would not add a pod; groups with
    one type at least that is unknown. Karpenter's nodes and Auto Mode. How many pods custom networking leaves.

    ## References
    - Amazon EKS user guide, assign more IP addresses to Amazon EKS nodes with prefixes
    - EKS best practices guide, networking, prefix mode for Linux
    """
    settings = cni_settings_of(cluster)
    if settings is None or not settings.is_on(vpc_cni.PREFIX_DELEGATION):
        return
    for group in cluster.node_groups:
        types = _types(group)
        old = [each for each in types if not each.is_nitro]
        if old:
            yield _finding(
                group,
                settings,
                f"{group} gets no prefixes on {', '.join(each.name for each in old)} (not built on Nitro): "
                "as few pods fit on a node as before",
                "not Nitro",
                "use a Nitro type, as m5.large or m6g.large",
            )
        elif types and not settings.is_on(vpc_cni.CUSTOM_NETWORKING) and _keeps_small_number(group):
            most = min(each.max_pods for each in types)
            possible = min(each.max_pods_with_prefix_delegation for each in types)
            if most < possible:
                yield _finding(
                    group,
                    settings,
                    f"{group} is not told that its nodes take more pods with prefixes: they stay at {most}, "
                    f"where {possible} would fit",
                    f"{most} pods on a node",
                    f"set the maximum of pods (maxPodsPerNode in eksctl, maxPods of the kubelet) to {possible}",
                )


def _types(group: NodeGroup) -> Sequence[instance_types.InstanceType]:
    """The instance types of a group, none where one is unknown."""
    if group.unknown("instance_types") or not group.instance_types:
        return ()
    found = [instance_types.instance_type(name) for name in group.instance_types]
    known = [each for each in found if each is not None]
    return known if len(known) == len(found) else ()


def _keeps_small_number(group: NodeGroup) -> bool:
    """Whether nodes reckon how many pods they take by themselves, which is without prefixes."""
    fields = ("ami_id", "max_pods", "user_data", "startup_scripts", "kubelet_configuration")
    if any(group.unknown(field) for field in fields):
        return False
    if (group.kind == "managed" and group.ami_id is None) or _may_be_windows(group):
        return False
    data = group.user_data
    if data is not None and (data.unknown("max_pods") or data.max_pods is not None):
        return False
    return group.max_pods is None and not group.startup_scripts and "maxPods" not in (group.kubelet_configuration or {})


def _may_be_windows(group: NodeGroup) -> bool:
    """Whether the nodes run Windows, or may: an image that nobody knows is told by what starts its kubelet."""
    data = group.user_data
    if data is not None and not data.unknown("bootstrapper") and data.bootstrapper is not None:
        return data.bootstrapper == _WINDOWS
    return group.unknown("ami_family") or "Windows" in (group.ami_family or "")


def _finding(group: NodeGroup, settings: CniSettings, message: str, label: str, advice: str) -> Finding:
    return Finding(
        group.at("instance_types"),
        message,
        label=label,
        help=advice,
        related=[(settings.places[vpc_cni.PREFIX_DELEGATION], "prefixes are on")],
    )
