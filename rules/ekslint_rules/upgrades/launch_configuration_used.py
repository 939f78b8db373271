from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule


@rule(Severity.WARNING, since="0.1.0", tags=("upgrades",), dialects=("cloudformation",))
def launch_configuration_used(group: NodeGroup) -> Iterator[Finding]:
    """Nodes start from a launch configuration, which EC2 Auto Scaling is giving up.

    ## Why is this bad?
    New accounts cannot make launch configurations since October 2024, and no new instance types have been available
    through them since 2022.

    ## When it stays silent
    Launch templates.

    ## References
    - Amazon EC2 Auto Scaling user guide, launch configurations
    """
    template = group.launch_template
    if template is not None and template.is_launch_configuration:
        yield Finding(
            group.at("launch_template"),
            f"{group} starts its nodes from {template}, which new accounts cannot make any more",
            label="a launch configuration",
            help="use an AWS::EC2::LaunchTemplate",
            related=[(template.at("name"), "this launch configuration")],
        )
