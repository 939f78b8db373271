from collections.abc import Iterator

from ekslint import Finding, LaunchTemplate, NodeGroup, Severity, rule


@rule(Severity.ERROR, since="0.1.0", dialects=("cloudformation",))
def mng_launch_template_forbidden_field(group: NodeGroup) -> Iterator[Finding]:
    """The launch template of a managed node group sets what EKS has to decide.

    ## Why is this bad?
    EKS makes the Auto Scaling group and runs its machines: the instance profile comes from the node role, the subnets
    and Spot from the node group, and machines must be terminated, never stopped. With any of these in the launch
    template it refuses to create the node group.

    ## When it stays silent
    Launch templates of self-managed groups, and those that are declared elsewhere. Market options for capacity blocks.

    ## References
    - Amazon EKS user guide, customize managed nodes with launch templates
    """
    if group.kind != "managed":
        return
    template = group.launch_template
    if template is None:
        return
    for field, what, instead in _forbidden(template):
        # Groups that share the template have the same to say of it: the sentence names none, so that it is said once.
        yield Finding(
            template.at(field),
            f"{template} of a managed node group sets {what}, and EKS refuses such a template",
            label="up to EKS",
            help=instead,
            related=[(group.at("launch_template"), f"{group} uses it")],
        )


def _forbidden(template: LaunchTemplate) -> Iterator[tuple[str, str, str]]:
    """(field, what it is, what to do instead) of everything that EKS refuses."""
    if template.has_profile:
        yield "profile", "an instance profile", "remove it: nodes get NodeRole of the node group"
    if template.hibernates:
        yield "hibernates", "hibernation", "remove it: EKS terminates nodes"
    if template.market_type == "spot":
        yield "market_type", "Spot as market type", "set CapacityType: SPOT on the node group"
    if template.shutdown_behavior is not None:
        yield "shutdown_behavior", "a shutdown behavior", "remove it: EKS terminates nodes"
    if template.network_interface_subnets:
        yield "network_interface_subnets", "the subnet of a network interface", "list it in Subnets of the node group"
