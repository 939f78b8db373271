from collections.abc import Iterator

from ekslint import (
    Cluster,
    FargateProfile,
    Finding,
    Ingress,
    KubernetesObject,
    Place,
    Service,
    Severity,
    Workload,
    placement_of,
    rule,
)

_ALB_TARGETS = "alb.ingress.kubernetes.io/target-type"
_NLB_TYPE = "service.beta.kubernetes.io/aws-load-balancer-type"
_NLB_TARGETS = "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type"
_OF_CONTROLLER = "service.k8s.aws/nlb"


@rule(Severity.ERROR, since="0.1.0", tags=("fargate", "loadbalancing"), dialects=("kubernetes",))
def fargate_lb_target_instance(subject: Service | Ingress) -> Iterator[Finding]:
    """A load balancer sends traffic to instances, but the pods run on Fargate.

    ## Why is this bad?
    Fargate nodes are no instances that a target group could have: the target group stays empty, and every request
    fails. Pods on Fargate need targets of type `ip`.

    ## When it stays silent
    Target type `ip`, also by IngressClassParams; Services that are not load balancers, and Ingresses of other
    controllers; backends of which some run on nodes. A warning where the target type is not said: instances are the
    default, unless the controller's options or IngressClassParams say otherwise.

    ## References
    - Amazon EKS user guide, AWS Fargate: considerations; network load balancing; application load balancing
    - AWS Load Balancer Controller, annotations
    """
    cluster = subject.cluster
    if cluster is None or not cluster.fargate_profiles:
        return
    if isinstance(subject, Service):
        found = _of_service(subject)
        if found is not None:
            place, explicit = found
            profile = _all_on_fargate(list(subject.estate.joins.selected_by(subject)), cluster)
            if profile is not None:
                yield _finding(place, subject, subject, profile, explicit=explicit)
        return
    yield from _of_ingress(subject, cluster)


def _of_ingress(ingress: Ingress, cluster: Cluster) -> Iterator[Finding]:
    written = ingress.annotations.get(_ALB_TARGETS)
    if written == "ip" or (written is None and ingress.class_name != "alb"):
        return
    place = ingress.at("annotations", _ALB_TARGETS) if written is not None else ingress.at("name")
    for backend in ingress.backends:
        for service in ingress.estate.joins.named(ingress, Service, backend.service):
            own = service.annotations.get(_ALB_TARGETS)
            if own == "ip":
                continue
            profile = _all_on_fargate(list(ingress.estate.joins.selected_by(service)), cluster)
            if profile is not None and (written is not None or not _has_other_default(ingress)):
                yield _finding(place, ingress, service, profile, explicit=written is not None)
                return


def _has_other_default(ingress: Ingress) -> bool:
    """Whether parameters of an Ingress class say that targets are addresses."""
    return any(
        each.kind == "IngressClassParams" and each.text("spec", "targetType") == "ip"
        for each in ingress.beside(KubernetesObject)
    )


def _of_service(service: Service) -> tuple[Place, bool] | None:
    """Where a Service says, or leaves it to the default, that instances are the targets."""
    if service.type != "LoadBalancer":
        return None
    annotations = service.annotations
    targets, kind = annotations.get(_NLB_TARGETS), annotations.get(_NLB_TYPE)
    if targets == "ip" or kind == "nlb-ip":
        return None
    if targets == "instance":
        return service.at("annotations", _NLB_TARGETS), True
    if service.load_balancer_class == _OF_CONTROLLER or kind == "external":
        return service.at("name"), False
    # What is left is made by the cloud provider, which knows instances only; but Auto Mode may be the default.
    if service.load_balancer_class is None and kind == "nlb":
        return service.at("annotations", _NLB_TYPE), False
    return None


def _all_on_fargate(workloads: list[Workload], cluster: Cluster) -> FargateProfile | None:
    """The profile that takes the first of the workloads, if profiles take them all."""
    profiles = []
    for workload in workloads:
        placement = placement_of(workload, cluster)
        profile = placement.fargate_profile if placement is not None else None
        if profile is None:
            return None
        profiles.append(profile)
    return profiles[0] if profiles else None


def _finding(
    place: Place, subject: Service | Ingress, service: Service, profile: FargateProfile, *, explicit: bool
) -> Finding:
    how = "sends traffic to instances" if explicit else "sends traffic to instances, the default"
    behind = "its pods" if subject is service else f"the pods of {service}"
    annotation = _NLB_TARGETS if isinstance(subject, Service) else _ALB_TARGETS
    return Finding(
        place,
        f"the load balancer of {subject} {how}, but {behind} run on Fargate",
        label="Fargate needs ip targets",
        help=f"set the annotation {annotation}: ip",
        related=[(profile.at("selectors"), f"{profile} selects the pods")],
        severity=None if explicit else Severity.WARNING,
    )
