"""The fields of eksctl's ClusterConfig. The table is `data/eksctl_fields.tsv`."""

from .field_table import ANYTHING as ANYTHING
from .field_table import SCALARS as SCALARS
from .field_table import Field as Field
from .field_table import FieldTable
from .field_table import Shape as Shape

ROOT = "ClusterConfig"
"""The type of a whole document."""

TABLE = FieldTable("eksctl_fields.tsv", ROOT)
"""`ANYTHING` is what eksctl passes on as it is; it refuses unknown fields, where the table does not say otherwise."""

fields_of = TABLE.fields_of
ignores_unknown_fields = TABLE.ignores_unknown_fields
type_names = TABLE.type_names
