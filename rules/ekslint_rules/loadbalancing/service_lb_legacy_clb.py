from collections.abc import Iterator

from ekslint import Finding, Service, Severity, rule
from ekslint_rules.loadbalancing._controller import has_load_balancer_controller

_TYPE = "service.beta.kubernetes.io/aws-load-balancer-type"


@rule(Severity.WARNING, since="0.1.0", tags=("network",))
def service_lb_legacy_clb(service: Service) -> Iterator[Finding]:
    """A Service of type LoadBalancer gets a Classic Load Balancer.

    ## Why is this bad?
    Without a class or a type, the cloud provider inside of Kubernetes makes a load balancer of the previous generation,
    which gets critical fixes only, costs an extra hop, and cannot be turned into another kind later.

    ## When it stays silent
    Auto Mode; any sign of the AWS Load Balancer Controller, whose webhook sets the class; a class or a type of one's
    own; manifests of which no file tells the cluster. Advice only where the files list no add-on of the cluster, or
    may merely add to it.

    ## References
    - Amazon EKS user guide, route TCP and UDP traffic with Network Load Balancers
    - EKS best practices guide, networking, load balancing
    """
    if service.type != "LoadBalancer" or service.load_balancer_class is not None or _TYPE in service.annotations:
        return
    cluster = service.cluster
    if cluster is None or cluster.is_implicit or has_load_balancer_controller(cluster):
        return
    yield Finding(
        service.at("spec", "type"),
        f"{service} gets a Classic Load Balancer, as nothing asks for another one and no controller is on {cluster}",
        label="a load balancer of the previous generation",
        help="install the AWS Load Balancer Controller and set loadBalancerClass: service.k8s.aws/nlb",
        lower=max(cluster.may_be_partial, int(not cluster.addons)),
    )
