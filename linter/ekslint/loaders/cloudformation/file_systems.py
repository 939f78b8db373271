"""`AWS::EFS::FileSystem`: what volumes of the EFS driver are made in."""

from ekslint.loaders.cloudformation.fields import boolean
from ekslint.loaders.cloudformation.template import Resource
from ekslint.loaders.cloudformation.values import otherwise
from ekslint.model.file_system import FileSystem
from ekslint.model.reading import Reading

FILE_SYSTEM = "AWS::EFS::FileSystem"


def file_system(resource: Resource) -> FileSystem:
    """The file system, whoever mounts it."""
    made = resource.entity(FileSystem, f"EFS file system {resource.logical_id}")
    encrypted = boolean(resource.get("Encrypted"))
    made.declare(is_encrypted=otherwise(encrypted, lambda: Reading(False, encrypted.source)))
    return made
