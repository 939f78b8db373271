from collections.abc import Iterator

from ekslint import Container, Finding, HelmChart, KubernetesObject, Kustomization, Place, Severity, rule

_OLD_NAME = "aws-alb-ingress-controller"
_NEW_NAME = "aws-load-balancer-controller"
_CHART_FIELDS = (
    *(("spec", "source", "chart"), ("spec", "template", "spec", "source", "chart")),
    *(("spec", "chart", "spec", "chart"), ("spec", "chart")),
)
"""Where an Argo CD Application or ApplicationSet, a Flux HelmRelease and a HelmChart of k3s name a chart."""
_SOURCES = (("spec", "sources"), ("spec", "template", "spec", "sources"))
"""Where an Argo CD Application or ApplicationSet lists several of them."""


@rule(Severity.WARNING, since="0.1.0", tags=("network", "upgrades"))
def ingress_controller_name_outdated(
    subject: Container | KubernetesObject | Kustomization | HelmChart,
) -> Iterator[Finding]:
    """The ALB Ingress Controller is installed, which the AWS Load Balancer Controller has replaced.

    ## Why is this bad?
    Version 1 gets no fixes since 2020, and asks for Ingresses of an API that Kubernetes dropped in 1.22: on every
    cluster that EKS still runs it does nothing at all, and no load balancer is made or changed.

    ## When it stays silent
    The AWS Load Balancer Controller, also of versions 2.0 to 2.4, whose image still had the old name; images that do
    not tell their version; and objects of one's own that merely bear the old name.

    ## References
    - AWS Load Balancer Controller, migrate from version 1 to version 2
    - Amazon EKS user guide, migrate apps from deprecated ALB Ingress Controller
    """
    place = _old_one(subject)
    if place is not None:
        yield Finding(
            place,
            f"{subject} {'runs' if isinstance(subject, Container) else 'installs'} the ALB Ingress Controller, which "
            "finds no Ingresses that it knows on any version of Kubernetes that EKS supports",
            label="version 1 of the controller",
            help=f"install the {_NEW_NAME}, after the guide for moving from version 1",
        )


def _old_one(subject: Container | KubernetesObject | Kustomization | HelmChart) -> Place | None:
    """Where the old controller is named, if it is."""
    if isinstance(subject, Container):
        image = subject.image_reference
        is_first = image is not None and image.name == _OLD_NAME and (image.tag or "").lstrip("v").startswith("1.")
        return subject.at("image") if is_first else None
    if isinstance(subject, Kustomization):
        names, field = subject.helm_charts, "helm_charts"
    elif isinstance(subject, HelmChart):
        names, field = subject.dependencies, "dependencies"
    else:
        for path in _chart_fields(subject):
            if not subject.unknown(*path) and subject.get(*path) == _OLD_NAME:
                return subject.at(*path)
        return None
    return next((subject.at(field, index) for index, name in enumerate(names) if name == _OLD_NAME), None)


def _chart_fields(subject: KubernetesObject) -> Iterator[tuple[str | int, ...]]:
    """Where an object may name a chart."""
    yield from _CHART_FIELDS
    for path in _SOURCES:
        sources = () if subject.unknown(*path) else subject.sequence(*path)
        yield from ((*path, index, "chart") for index in range(len(sources)))
