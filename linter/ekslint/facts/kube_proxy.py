"""The modes of kube-proxy. Source: Kubernetes enhancement 5495 (kep.yaml: deprecated since v1.35)."""

FIRST_WITH_IPVS_DEPRECATED = "1.35"
"""The first version whose kube-proxy warns about the mode ipvs: nobody mends faults in it any more."""
