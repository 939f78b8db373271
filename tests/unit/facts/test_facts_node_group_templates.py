import pytest

from ekslint.facts.node_group_templates import LATEST, node_group_template

_S3 = "https://s3.us-west-2.amazonaws.com/amazon-eks/cloudformation"


@pytest.mark.parametrize(
    ("address", "is_for_amazon_linux_2"),
    [
        ("https://amazon-eks.s3-us-west-2.amazonaws.com/1.10.3/2018-06-05/amazon-eks-nodegroup.yaml", True),
        ("https://amazon-eks.s3.us-west-2.amazonaws.com/cloudformation/2020-08-12/amazon-eks-nodegroup.yaml", True),
        (f"{_S3}/2022-12-23/amazon-eks-nodegroup.yaml", True),
        (LATEST, False),
    ],
)
def test_editions(address: str, is_for_amazon_linux_2: bool) -> None:
    template = node_group_template(address)
    assert template is not None
    assert template.starts_amazon_linux_2 is is_for_amazon_linux_2


@pytest.mark.parametrize(
    "address",
    [
        "",
        f"{_S3}/2020-10-29/amazon-eks-vpc-private-subnets.yaml",
        f"{_S3}/2023-02-09/amazon-eks-windows-nodegroup.yaml",
        f"{_S3}/2020-13-45/amazon-eks-nodegroup.yaml",
        "https://s3.us-west-2.amazonaws.com/shop/cloudformation/2020-10-29/amazon-eks-nodegroup.yaml",
        f"{_S3}/2020-10-29/amazon-eks-nodegroup.yaml\n",
    ],
)
def test_other_templates(address: str) -> None:
    assert node_group_template(address) is None
