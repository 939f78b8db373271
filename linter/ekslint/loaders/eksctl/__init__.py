"""eksctl ClusterConfigs → clusters and pools, with the defaults that eksctl fills in."""

from ekslint.loaders.eksctl.cluster import load_cluster_config
from ekslint.loaders.eksctl.merging import merge_cluster_configs

__all__ = ["load_cluster_config", "merge_cluster_configs"]
