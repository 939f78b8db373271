from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule


@rule(Severity.ERROR, since="0.1.0", tags=("network",), dialects=("cloudformation",))
def node_metadata_disabled(group: NodeGroup) -> Iterator[Finding]:
    """The nodes cannot ask for their instance metadata.

    ## Why is this bad?
    A node gets its user data, its credentials and its own identity from the instance metadata service. With
    `HttpEndpoint: disabled` nothing starts the kubelet, and no node joins. To keep pods away from it, require tokens
    and limit the hops to 1.

    ## When it stays silent
    Launch templates that are declared elsewhere.

    ## References
    - Amazon EC2 user guide, configure the instance metadata options
    - Amazon EKS best practices guide, security: restrict access to the instance profile of the worker node
    """
    if group.dialect == "cloudformation" and not group.has_metadata_service:
        yield Finding(
            group.at("has_metadata_service"),
            f"the nodes of {group} have no instance metadata service: they get neither user data nor credentials, and "
            "never join",
            label="disabled",
            help="write HttpEndpoint: enabled, with HttpTokens: required and HttpPutResponseHopLimit: 1",
            related=[(group.at("name"), f"{group}")],
        )
