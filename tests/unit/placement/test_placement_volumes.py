"""VolumeZone and VolumeBinding: pods run where their volumes are, or may be made."""

import pytest
from placement_kit import estate, kubernetes_object, node_group, node_pool, workload

from ekslint.model.pool import Pool
from ekslint.placement.causes import Cause
from ekslint.placement.placements import Placement, placements
from ekslint.placement.verdicts import Verdict

CLAIM = """\
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {{name: data}}
spec: {{{}}}
"""
CLASS = """\
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {{name: {}{}}}
provisioner: ebs.csi.aws.com
allowedTopologies:
  - matchLabelExpressions: [{{key: {}, values: [{}]}}]
"""
VOLUME = """\
apiVersion: v1
kind: PersistentVolume
metadata: {{name: disk{labels}}}
spec:
  {spec}
"""
IN_ZONE_A = (
    "nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: "
    "[{key: topology.ebs.csi.aws.com/zone, operator: In, values: [eu-west-1a]}]}]}}"
)
DEFAULT = ", annotations: {storageclass.kubernetes.io/is-default-class: 'true'}"
DEPLOYMENT = {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]}
STATEFUL_SET = """\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  template: {spec: {containers: [{name: db}]}}
  volumeClaimTemplates: [{metadata: {name: data}, spec: {storageClassName: zonal}}]
"""
GROUP_B = {"availability_zones": ("eu-west-1b",)}


def placed(pool: Pool, manifest: object, *others: str) -> Placement:
    made = workload(manifest)  # type: ignore[arg-type]
    [placement] = placements(estate([pool], made, *(kubernetes_object(each) for each in others)))
    return placement


@pytest.mark.parametrize(
    ("claim", "other"),
    [
        # a class that makes volumes in some zones only
        ("storageClassName: zonal", CLASS.format("zonal", "", "topology.kubernetes.io/zone", "eu-west-1a")),
        ("storageClassName: zonal", CLASS.format("zonal", "", "topology.ebs.csi.aws.com/zone", "eu-west-1a")),
        (
            "accessModes: [ReadWriteOnce]",
            CLASS.format("standard", DEFAULT, "topology.kubernetes.io/zone", "eu-west-1a"),
        ),
        # a volume that is there: by its own affinity, by the labels of old, by the claim that it is kept for
        ("volumeName: disk", VOLUME.format(labels="", spec=IN_ZONE_A)),
        (
            "volumeName: disk",
            VOLUME.format(labels=", labels: {topology.kubernetes.io/zone: eu-west-1a}", spec="capacity: {}"),
        ),
        (
            "volumeName: disk",
            VOLUME.format(
                labels=", labels: {failure-domain.beta.kubernetes.io/zone: eu-west-1a__eu-west-1d}", spec="capacity: {}"
            ),
        ),
        (
            "accessModes: [ReadWriteOnce]",
            VOLUME.format(labels="", spec="claimRef: {name: data, namespace: default}\n  " + IN_ZONE_A),
        ),
    ],
)
def test_a_volume_in_a_zone_without_nodes(claim: str, other: str) -> None:
    placement = placed(node_group(**GROUP_B), DEPLOYMENT, CLAIM.format(claim), other)
    assert placement.causes == (Cause.VOLUME_ZONE,)
    assert placement.pools[0].reason == "its nodes are in eu-west-1b"
    at = placement.pools[0].at_workload
    assert at is not None
    assert at.path == ("persistentVolumeClaim", "claimName")
    near = node_group(availability_zones=("eu-west-1a", "eu-west-1b"))
    assert placed(near, DEPLOYMENT, CLAIM.format(claim), other).verdict is Verdict.FITS


def test_claims_of_a_stateful_set() -> None:
    zonal = CLASS.format("zonal", "", "topology.kubernetes.io/zone", "eu-west-1a")
    assert placed(node_group(**GROUP_B), STATEFUL_SET, zonal).causes == (Cause.VOLUME_ZONE,)
    assert placed(node_group(**GROUP_B), STATEFUL_SET).verdict is Verdict.FITS


def test_claims_of_ephemeral_volumes() -> None:
    spec = {
        "volumes": [
            {"name": "scratch", "ephemeral": {"volumeClaimTemplate": {"spec": {"storageClassName": "zonal"}}}},
        ]
    }
    zonal = CLASS.format("zonal", "", "topology.kubernetes.io/zone", "eu-west-1a")
    assert placed(node_group(**GROUP_B), spec, zonal).causes == (Cause.VOLUME_ZONE,)


def test_selector_and_volume_have_to_agree() -> None:
    zonal = CLASS.format("zonal", "", "topology.kubernetes.io/zone", "eu-west-1a")
    pinned = {**DEPLOYMENT, "nodeSelector": {"topology.kubernetes.io/zone": "eu-west-1b"}}
    both = node_group(availability_zones=("eu-west-1a", "eu-west-1b"))
    placement = placed(both, pinned, CLAIM.format("storageClassName: zonal"), zonal)
    assert placement.causes == (Cause.CONTRADICTION,)
    by_old_name = {**DEPLOYMENT, "nodeSelector": {"topology.ebs.csi.aws.com/zone": "eu-west-1b"}}
    placement = placed(both, by_old_name, CLAIM.format("storageClassName: zonal"), zonal)
    assert placement.verdict is Verdict.REJECTED


@pytest.mark.parametrize(
    "others",
    [
        (),
        (CLAIM.format("storageClassName: elsewhere"),),
        (CLAIM.format("storageClassName: ''"), CLASS.format("x", DEFAULT, "topology.kubernetes.io/zone", "eu-west-1a")),
        (
            CLAIM.format(""),
            CLASS.format("x", DEFAULT, "topology.kubernetes.io/zone", "eu-west-1a"),
            CLASS.format("y", DEFAULT, "topology.kubernetes.io/zone", "eu-west-1a"),
        ),
        (
            CLAIM.format(""),
            VOLUME.format(labels="", spec="claimRef: {name: data, namespace: other}\n  " + IN_ZONE_A),
        ),
    ],
)
def test_volumes_of_which_nothing_is_known_keep_nobody_away(others: tuple[str, ...]) -> None:
    assert placed(node_group(**GROUP_B), DEPLOYMENT, *others).verdict is Verdict.FITS


def test_karpenter_makes_a_node_where_the_volume_is() -> None:
    zonal = CLASS.format("zonal", "", "topology.ebs.csi.aws.com/zone", "eu-west-1a")
    zones = ("topology.kubernetes.io/zone", "In", ["eu-west-1a", "eu-west-1b"])
    claim = CLAIM.format("storageClassName: zonal")
    assert placed(node_pool("np", zones), DEPLOYMENT, claim, zonal).verdict is Verdict.FITS
    elsewhere = node_pool("np", ("topology.kubernetes.io/zone", "In", ["eu-west-1c"]))
    assert placed(elsewhere, DEPLOYMENT, claim, zonal).causes == (Cause.VOLUME_ZONE,)
