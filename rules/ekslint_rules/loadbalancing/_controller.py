"""Whether the AWS Load Balancer Controller, or Auto Mode in its place, works on a cluster."""

from collections.abc import Mapping
from typing import NamedTuple

from ekslint import Cluster, Container, Role, Workload, controller_roles, known
from ekslint_rules._installations import installed_on
from ekslint_rules.scaling._cluster_autoscaler import flags
from ekslint_rules.upgrades._component_versions import parse_version

LOAD_BALANCER_CONTROLLER = "aws-load-balancer-controller"
INGRESS_CONTROLLERS = frozenset({"eks.amazonaws.com/alb", "ingress.k8s.aws/alb"})
"""What an IngressClass names for Application Load Balancers: Auto Mode, the AWS Load Balancer Controller."""
USUAL_INGRESS_CLASS = "alb"
"""The class that the chart of the controller makes."""
_SIGNS = controller_roles.CONTROLLER_ROLES[LOAD_BALANCER_CONTROLLER]
_IMAGES = frozenset({"aws-load-balancer-controller", "aws-alb-ingress-controller"})
_FIRST_TO_FIND_UNTAGGED_SUBNETS = (2, 12, 1)
_NODE_POLICIES = frozenset({"albIngress", "awsLoadBalancerController"})


def has_load_balancer_controller(cluster: Cluster) -> bool:
    """Whether anything tells that load balancers are made on a cluster: Auto Mode, the controller, or a role for it."""
    if cluster.auto_mode is not None or cluster.estate.has_evidence_of(LOAD_BALANCER_CONTROLLER, cluster):
        return True
    # Whoever gives its service account or the nodes its permissions installs it, if by other means.
    for account in cluster.service_accounts:
        if account.name in _SIGNS.service_accounts or any(map(_is_own_policy, known(account.attached_policies))):
            return True
    if any(each.service_account in _SIGNS.service_accounts for each in cluster.pod_identity_associations):
        return True
    if any(not _NODE_POLICIES.isdisjoint(group.addon_policies) for group in cluster.node_groups):
        return True
    roles = cluster.estate.controller_roles.get(LOAD_BALANCER_CONTROLLER, ())
    return any(_may_be_of(role, cluster) for role in roles)


def _is_own_policy(name: str) -> bool:
    return any(each in name for each in _SIGNS.policies)


def _may_be_of(role: Role, cluster: Cluster) -> bool:
    candidates = cluster.estate.scope.candidates(role.origin.document.source.path)
    return not candidates or any(each is cluster for each in candidates)


def controller_container(workload: Workload) -> Container | None:
    """The container that runs the controller; None where the workload is something else."""
    installers = workload.estate.installations.get(LOAD_BALANCER_CONTROLLER, ())
    if not workload.has_replicas or not any(each is workload for each in installers):
        return None
    containers = list(known(workload.pod.containers))
    for container in containers:
        image = None if container.unknown("image") else container.image_reference
        if image is not None and image.name in _IMAGES:
            return container
    # Its name told what it is: the image comes from a mirror.
    return next(iter(containers), None)


class ControllerSettings(NamedTuple):
    """How a controller is run that stands in the files."""

    version: tuple[int, ...] | None
    gates: Mapping[str, bool]
    default_scheme: str | None
    """`--default-load-balancer-scheme`: `internal` or `internet-facing`."""

    def gate(self, name: str, *, default: bool) -> bool:
        """Whether a feature is on."""
        return self.gates.get(name, default)

    @property
    def finds_untagged_subnets(self) -> bool:
        """Whether it takes subnets with the right routes where none is tagged; yes where its version is not known."""
        knows_how = self.version is None or self.version >= _FIRST_TO_FIND_UNTAGGED_SUBNETS
        return knows_how and self.gate("SubnetDiscoveryByReachability", default=True)


def controller_settings(cluster: Cluster) -> ControllerSettings | None:
    """How the controller of a cluster is run; None where no file shows its container. Undecided where that is open."""
    for entity in installed_on(LOAD_BALANCER_CONTROLLER, cluster):
        container = controller_container(entity) if isinstance(entity, Workload) else None
        if container is not None:
            given = {flag.name: flag.value for flag in flags(container)}
            pairs = (pair.partition("=") for pair in given.get("feature-gates", "").split(","))
            gates = {name.strip(): value.strip() == "true" for name, _, value in pairs if name.strip()}
            image = None if container.unknown("image") else container.image_reference
            tag = image.tag if image is not None else None
            version = parse_version(tag) if tag is not None else None
            return ControllerSettings(version, gates, given.get("default-load-balancer-scheme"))
    return None
