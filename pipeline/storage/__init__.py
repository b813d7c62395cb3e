"""Where files stand: a folder on disk, or any file system that pyarrow or fsspec reaches (S3, GCS, memory …).

`place` makes a `Place` of what a user names; all that is published is written and read through one. A set of files is
replaced whole (`Place.replace`), and a `View` sees it before or after, never between.
"""

from pipeline.storage.base import Location, Place, PlaceError
from pipeline.storage.choose import is_remote, location, place, shown
from pipeline.storage.view import View, steadily

__all__ = ["Location", "Place", "PlaceError", "View", "is_remote", "location", "place", "shown", "steadily"]
