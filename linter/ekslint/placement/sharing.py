"""Whether GPUs may be shared: a node then offers more of them than it has.

Source: NVIDIA k8s-device-plugin README (sharing.timeSlicing, sharing.mps; MIG strategies).
"""

from ekslint.model.cluster import Cluster
from ekslint.model.estate import Estate
from ekslint.model.kubernetes.configuration import ConfigMap
from ekslint.model.reading import Undecided

_WORDS = ("timeSlicing", "mps:", "migStrategy", "mig-configs", "mig.strategy")


def shares_gpus(estate: Estate, cluster: Cluster) -> bool:
    """Whether a ConfigMap of the cluster makes the device plugin share GPUs."""
    return any(
        _shares(each) for each in estate.of(ConfigMap) if any(cluster is candidate for candidate in each.clusters)
    )


def _shares(config_map: ConfigMap) -> bool:
    try:
        data = config_map.data
        return any(word in str(data[key]) for key in data for word in _WORDS)
    except Undecided:
        return False
