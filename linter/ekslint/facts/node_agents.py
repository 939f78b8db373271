"""The DaemonSets that EKS itself runs on Linux nodes of EC2, and what their pods request at least.

Sources, 2026-11-21: amazon-vpc-cni-k8s `charts/aws-vpc-cni` and `config/master/aws-k8s-cni.yaml` (25m for aws-node; as
much again for the network policy agent, which may be off); Kubernetes `cluster/addons/kube-proxy/kube-proxy-ds.yaml`
(how much kube-proxy requests is left to who installs it); EKS user guide (choosing-instance-type: the number of pods
counts these two beside those with addresses; auto-networking: Auto Mode has neither).
"""

from typing import NamedTuple


class NodeAgent(NamedTuple):
    """One such DaemonSet, in `kube-system`; it tolerates every taint."""

    addon: str
    """The EKS add-on that it belongs to."""
    name: str
    millicores: int
    """The CPU that each pod requests at least, in thousandths; none of them requests memory."""
    substitutes: tuple[str, ...]
    """Components that take its place."""


NODE_AGENTS = (
    NodeAgent("vpc-cni", "aws-node", 25, ("calico", "cilium")),
    NodeAgent("kube-proxy", "kube-proxy", 0, ("cilium",)),
)

SETTINGS_OF_PLACE_AND_SIZE = frozenset({"affinity", "nodeSelector", "resources", "tolerations"})
"""What an add-on's configuration may say that changes where its DaemonSet runs, or what that requests."""
