from collections.abc import Iterator, Sequence

from ekslint import Cluster, Container, Finding, KubernetesObject, Place, Severity, rule, some
from ekslint_rules.scaling._cluster_autoscaler import (
    discoveries_of,
    flags,
    is_cluster_autoscaler,
    is_name,
    released_cluster_names,
)

_MOST_NAMES = 3


@rule(Severity.ERROR, since="0.1.0", tags=("autoscaling",))
def ca_cluster_mismatch(subject: Container | KubernetesObject) -> Iterator[Finding]:
    """The Cluster Autoscaler looks for the node groups of another cluster.

    ## Why is this bad?
    Auto Scaling groups carry a tag with the name of their cluster. Looking for another name it finds none, or those of
    another cluster, which it then scales by the pods of this one.

    ## When it stays silent
    Placeholders (`<YOUR CLUSTER NAME>`, `$CLUSTER_NAME`), tags of one's own without the name of a cluster, and
    manifests of which no cluster is known. With several clusters the name must be that of none, and
    it is a warning: it may be that of a further one.

    ## References
    - Cluster Autoscaler on AWS: auto-discovery setup
    """
    for name, place in _names(subject):
        clusters = subject.clusters
        if not clusters or _is_one_of(clusters, name):
            continue
        names = " or ".join(str(cluster.name) for cluster in clusters[:_MOST_NAMES])
        yield Finding(
            place,
            f"the Cluster Autoscaler looks for node groups of cluster {name}, but its own cluster is {names}",
            label=f"not {names}",
            help=f"look for {names}",
            related=[(cluster.at("name"), f"{cluster}") for cluster in clusters],
            lower=int(len(clusters) > 1),
        )


def _names(subject: Container | KubernetesObject) -> Iterator[tuple[str, Place]]:
    if isinstance(subject, Container):
        if not is_cluster_autoscaler(subject):
            return
        for discovery in discoveries_of(subject):
            for name in discovery.cluster_names:
                yield name, discovery.place
        for flag in flags(subject):
            if flag.name == "cluster-name" and is_name(flag.value):
                yield flag.value, flag.place
    elif any(subject is each for each in subject.estate.installations.get("cluster-autoscaler", ())):
        yield from released_cluster_names(subject)


def _is_one_of(clusters: Sequence[Cluster], name: str) -> bool:
    """Whether a cluster is called so, or has a name that somebody else gives it."""
    return some(clusters, lambda cluster: cluster.name is None or cluster.name == name)
