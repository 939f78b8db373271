from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, instance_types, rule
from ekslint_rules.upgrades._images import family_of, image_field, without_driver

_NVIDIA, _GPU_OPERATOR = "nvidia", "nvidia-gpu-operator"


@rule(Severity.ERROR, since="0.1.0", tags=("gpu",), dialects=("cloudformation",))
def gpu_instance_standard_ami(group: NodeGroup) -> Iterator[Finding]:
    """Instances with NVIDIA GPUs run an image without the driver.

    ## Why is this bad?
    The standard images have no NVIDIA driver: the nodes join, cost what GPUs cost, and offer no `nvidia.com/gpu`.

    ## When it stays silent
    Images of your own, which may hold anything; groups without an AMI type; clusters with NVIDIA's GPU operator, which
    installs the driver. eksctl picks the image by the instance type.

    ## References
    - Amazon EKS user guide, use EKS-optimized accelerated AMIs for GPU instances
    """
    if group.dialect != "cloudformation":
        return
    family = family_of(group)
    if family is None or family.is_windows or _NVIDIA in family.accelerators:
        return
    cluster = group.cluster
    if cluster is not None and cluster.estate.has_evidence_of(_GPU_OPERATOR, cluster):
        return
    found = without_driver(group, family, _has_nvidia_gpus)
    if found is not None:
        index, name, image = found
        place, source = group.at("instance_types", index), group.at(image_field(group))
        yield Finding(
            place,
            f"{group} runs {name}, which has NVIDIA GPUs, but {image} has no driver for them: no pod finds a GPU",
            label="has NVIDIA GPUs",
            help="use the NVIDIA variant of the image",
            related=[(source, "no NVIDIA driver")],
            rests_on=[source],
            discriminator=name,
        )


def _has_nvidia_gpus(facts: instance_types.InstanceType) -> bool:
    return any(gpu.manufacturer.lower() == _NVIDIA for gpu in facts.gpus)
