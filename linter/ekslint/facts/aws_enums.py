"""The enumerations of the EKS API and of some of EC2's. The table is `data/aws_enums.tsv`."""

from functools import cache

from ._tables import row, words


@cache
def enumeration(name: str) -> tuple[str, ...]:
    """The values of an enumeration in the API's order, by service and API name: `eks.AMITypes`, `ec2.VolumeType`.

    KeyError for a name the table does not have: that is a mistake of the caller, not of a user.
    """
    found = row("aws_enums.tsv", name)
    if found is None:
        raise KeyError(name)
    return words(found[1])
