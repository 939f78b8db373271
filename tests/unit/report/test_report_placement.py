"""The table of `ekslint placement`: rows and titles that tell apart what differs, and only that."""

import io
from dataclasses import replace

from ekslint.report.pictures import PlacementPicture, PoolPicture
from ekslint.report.placement_table import write_explanation, write_table
from ekslint.report.settings import ReportSettings

FITS = PoolPicture("ManagedNodeGroup/a", "node group a", "fits")
API = PlacementPicture("shop", "cluster shop", "Deployment.apps/shop/api", "base/api.yaml", 4, "fits", (FITS,))
AWAY = replace(API, verdict="rejected", pools=(replace(FITS, verdict="rejected", reason="no label disk"),))


def table(*pictures: PlacementPicture, unicode: bool = True) -> list[str]:
    stream = io.StringIO()
    write_table(pictures, stream, ReportSettings(unicode=unicode))
    return [line for line in stream.getvalue().splitlines() if line]


def rows(*pictures: PlacementPicture) -> list[str]:
    return [" ".join(line.split()) for line in table(*pictures) if line.startswith(" Deployment")]


def test_twins_that_go_alike_are_one_row() -> None:
    twin = replace(API, path="prod/api.yaml")
    assert rows(API, twin) == ["Deployment.apps/shop/api (in 2 places) fits"]
    assert table(API, twin)[-1] == "2 placements: 2 fits"


def test_twins_that_do_not_say_where_they_stand() -> None:
    assert rows(API, replace(AWAY, path="prod/api.yaml"), replace(API, path="c.yaml"), replace(API, path="d.yaml")) == [
        "Deployment.apps/shop/api (base/api.yaml:4, c.yaml:4 and 1 more) fits",
        "Deployment.apps/shop/api (prod/api.yaml:4) no label disk",
    ]


def test_workloads_of_their_own_stay_apart() -> None:
    assert rows(API, replace(API, workload="Deployment.apps/shop/web")) == [
        "Deployment.apps/shop/api fits",
        "Deployment.apps/shop/web fits",
    ]


def test_clusters_go_by_their_titles() -> None:
    templated = replace(API, cluster=None, title="cluster ${A_NAME_THAT_IS_WIDER_THAN_THE_WHOLE_TABLE_BELOW_IT}")
    other = replace(templated, title="a cluster that no file declares")
    lines = table(API, templated, other)
    assert [line for line in lines if "cluster" in line] == [API.title, templated.title, other.title]
    stream = io.StringIO()
    write_explanation(templated, stream, ReportSettings())
    assert stream.getvalue().startswith(f"Deployment.apps/shop/api on {templated.title}: fits\n")


def test_many_pools_are_counted() -> None:
    pools = tuple(
        PoolPicture(f"NodePool/{index}", f"node pool {index}", "rejected", "labels", "no label disk")
        for index in range(7)
    )
    many = replace(AWAY, pools=(*pools, FITS), verdict="fits")
    assert any("1 of 8" in line and "7 × no label disk" in line for line in table(many))
    assert any("7 x no label disk" in line for line in table(many, unicode=False))
