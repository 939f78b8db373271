"""The plugin of docs/writing-rules.md."""

from collections.abc import Iterator

from ekslint import Cluster, Finding, Rule, Severity, rule


@rule(Severity.WARNING, since="1.0.0", category="acme")
def cluster_without_owner(cluster: Cluster) -> Iterator[Finding]:
    """The cluster has no tag that says who owns it.

    ## Why is this bad?
    Nobody knows whom to call.

    ## When it stays silent
    Clusters with a tag `owner`.

    ## References
    - ACME platform handbook, tagging
    """
    if "owner" not in cluster.tags:
        yield Finding(cluster.at("tags"), f"{cluster} has no tag owner")


def rules() -> list[Rule]:
    return [cluster_without_owner]
