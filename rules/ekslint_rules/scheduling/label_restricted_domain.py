from collections.abc import Iterator

from ekslint import (
    EksctlNodeGroup,
    Finding,
    KarpenterPool,
    NodeGroup,
    Severity,
    UserData,
    label_domains,
    node_labels,
    rule,
)
from ekslint_rules.scheduling._declared import DeclaredLabel, declared_labels, is_managed

_EKS = "eks.amazonaws.com"


@rule(Severity.ERROR, since="0.1.0", tags=("scheduling",), dialects=("eksctl", "cloudformation", "karpenter"))
def label_restricted_domain(subject: EksctlNodeGroup | NodeGroup | KarpenterPool | UserData) -> Iterator[Finding]:
    """A node gets a label in a domain that its kubelet may not use, so that it never joins.

    ## Why is this bad?
    Below `kubernetes.io` and `k8s.io` a kubelet may set a few well-known labels, and what it likes in
    `node.kubernetes.io` and `kubelet.kubernetes.io`. With any other (`node-role.kubernetes.io/worker` is the usual one)
    it does not start; eksctl and the EKS API refuse most of them before that. Managed node groups may not set labels
    in `eks.amazonaws.com` either.

    ## When it stays silent
    Labels of a NodePool, which Karpenter puts on nodes itself, from Karpenter 1.9 on. Before that its API refuses these
    domains too; where nothing tells the version, this is advice. What it refuses in any version is for
    `karpenter-restricted-label` to say.

    ## References
    - Kubernetes documentation, admission controllers: NodeRestriction
    - aws/containers-roadmap issue 2465; eksctl issue 4007; terraform-aws-eks issue 3346
    - Karpenter, pkg/apis/crds/karpenter.sh_nodepools.yaml of 1.8 and 1.9
    """
    for label in declared_labels(subject):
        if isinstance(subject, KarpenterPool):
            yield from _of_pool(subject, label)
        elif label.key.count("/") > 1:
            continue  # no label at all, as label-or-taint-syntax says
        elif not label_domains.kubelet_may_set(label.key):
            yield _refused(subject, label)
        elif is_managed(subject) and _is_below(label_domains.domain_of(label.key), _EKS):
            yield Finding(
                label.place,
                f"{subject} is a managed node group and sets the label {label.key}, whose domain EKS keeps for itself",
                label="reserved for EKS",
                help="use a domain of your own, or none",
                discriminator=label.key,
            )


def _refused(subject: EksctlNodeGroup | NodeGroup | UserData, label: DeclaredLabel) -> Finding:
    name = label.key.rpartition("/")[2]
    if isinstance(subject, EksctlNodeGroup):
        outcome = "which eksctl refuses, as no kubelet may set it"
    elif isinstance(subject, NodeGroup):
        outcome = "which no kubelet may set: its nodes never join"
    else:
        outcome = "with which the kubelet does not start"
    return Finding(
        label.place,
        f"{subject} sets the label {label.key}, {outcome}",
        label="a reserved domain",
        help=f"use node.kubernetes.io/{name}, a domain of your own or none; labels such as node-role.kubernetes.io/… "
        "can only be put on nodes that have joined",
        discriminator=label.key,
    )


def _of_pool(pool: KarpenterPool, label: DeclaredLabel) -> Iterator[Finding]:
    kind = node_labels.PoolKind.KARPENTER if pool.kind == "karpenter" else node_labels.PoolKind.AUTO
    if label_domains.is_restricted_for_karpenter(label.key, kind):
        return
    if not label_domains.was_restricted_for_karpenter(label.key):
        return
    version = _karpenter_version(pool)
    first = label_domains.FIRST_KARPENTER_WITH_FREE_DOMAINS
    if version is not None and version >= first:
        return
    shown = ".".join(map(str, first))
    yield Finding(
        label.place,
        f"{pool} sets the label {label.key}, whose domain Karpenter refuses before version {shown}",
        label=f"refused before Karpenter {shown}",
        help="use a domain of your own, or none",
        severity=Severity.INFO if version is None else None,
        discriminator=label.key,
    )


def _karpenter_version(pool: KarpenterPool) -> tuple[int, int] | None:
    cluster = None if pool.unknown("cluster") or pool.kind != "karpenter" else pool.cluster
    version = None if cluster is None or cluster.unknown("karpenter_version") else cluster.karpenter_version
    numbers = (version or "").removeprefix("v").split(".")
    if len(numbers) < 2 or not all(each.isascii() and each.isdigit() and len(each) < 6 for each in numbers[:2]):
        return None
    return int(numbers[0]), int(numbers[1])


def _is_below(domain: str, parent: str) -> bool:
    return domain == parent or domain.endswith(f".{parent}")
