"""File systems from addresses: those of pyarrow, and of fsspec for all others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pipeline.addresses import masked
from pipeline.storage.base import PlaceError

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import fs

#: Files up to this size are read in one request.
_WHOLE = 8 * 1024 * 1024
_ATTEMPTS = 4
_S3 = ("s3", "s3a", "s3n")


def open_filesystem(address: str) -> tuple[fs.FileSystem, str]:
    """The file system of an address, and the path in it. PlaceError for what nobody knows, or without a path."""
    scheme, _, rest = address.partition("://")
    try:
        filesystem, base = _s3(f"s3://{rest}") if scheme.lower() in _S3 else _fsspec(address)
    except Exception as error:  # fsspec lets each file system raise its own
        known = masked(" ".join(str(error).split()))[:200]
        raise PlaceError(f"{masked(address)}: 无法使用此地址 no usable address: {known}") from None
    if not base.strip("/"):
        raise PlaceError(f"{masked(address)}: 地址不全 no path in the address: write SCHEME://BUCKET/PREFIX")
    return filesystem, base.rstrip("/")


def read_whole(filesystem: fs.FileSystem, path: str) -> bytes:
    """The bytes of one version of a file. FileNotFoundError where there is none, also when it goes at this moment."""
    for left in reversed(range(_ATTEMPTS)):
        try:
            with filesystem.open_input_stream(path) as handle:
                return bytes(handle.readall())
        except FileNotFoundError:
            raise
        except OSError as error:
            if "NETWORK_CONNECTION" in str(error):
                raise  # has been tried several times
            # Size and content are two requests: a file that was replaced or removed between them is no fault.
            if not filesystem.get_file_info(path).is_file:
                raise FileNotFoundError(path) from None
            if not left:
                raise
    raise AssertionError("unreachable")


def _s3(address: str) -> tuple[fs.FileSystem, str]:
    from pyarrow.fs import FileSystem

    # Options may stand in the address (?region=…&endpoint_override=…&scheme=http); else the environment has them.
    if "allow_delayed_open" not in address:  # a small object then takes one request, not three
        address += f"{'&' if '?' in address else '?'}allow_delayed_open=true"
    filesystem, base = FileSystem.from_uri(address)
    return filesystem, base


def _fsspec(address: str) -> tuple[fs.FileSystem, str]:
    from fsspec.core import url_to_fs
    from pyarrow.fs import FSSpecHandler, PyFileSystem

    filesystem, base = url_to_fs(address)
    return PyFileSystem(FSSpecHandler(filesystem)), base  # type: ignore[abstract]  # so say the stubs


@contextmanager
def telling(place: Any, name: str) -> Iterator[None]:
    """Errors of a file system as one line that names the file and has no credentials. FileNotFoundError stays one."""
    try:
        yield
    except FileNotFoundError:
        raise FileNotFoundError(f"{place}/{name}: 没有此文件 no such file") from None
    except PlaceError:
        raise
    except OSError as error:
        if isinstance(error, PermissionError) or "ACCESS_DENIED" in str(error):
            raise PermissionError(f"{place}/{name}: 没有权限 no permission ({_line(error)})") from None
        raise PlaceError(f"{place}/{name}: {_line(error)}: 请检查地址和凭据 check address and credentials") from None


def _line(error: OSError) -> str:
    text = masked(" ".join(str(error).split()))
    for secret in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        text = text.replace(os.environ.get(secret) or "\0", "***")
    return text[:300]


class WholeFiles:
    """Handler of a file system for reading tables: opens files up to `_WHOLE` bytes by reading them at once.

    Such a file is one version of itself even when it is replaced meanwhile; larger ones are merged files, which
    never change under their name.
    """

    @staticmethod
    def over(filesystem: fs.FileSystem) -> fs.FileSystem:
        """The file system with this way of opening files."""
        import pyarrow as pa
        from pyarrow import fs

        class Handler(fs.FileSystemHandler):
            def open_input_file(self, path: str) -> pa.NativeFile:
                size = filesystem.get_file_info(path).size
                if size is not None and size > _WHOLE:
                    return filesystem.open_input_file(path)
                return pa.BufferReader(read_whole(filesystem, path))

            def get_type_name(self) -> str:
                return "whole-files"

            def normalize_path(self, path: str) -> str:
                return path

            def get_file_info(self, paths: Any) -> Any:
                return filesystem.get_file_info(paths)

            def __eq__(self, other: object) -> bool:
                return self is other

            def __ne__(self, other: object) -> bool:
                return self is not other

            def _refuse(self, *_: Any, **__: Any) -> Any:
                raise NotImplementedError("for reading only")

            get_file_info_selector = open_input_stream = open_output_stream = open_append_stream = _refuse
            create_dir = delete_dir = delete_dir_contents = delete_root_dir_contents = _refuse
            delete_file = move = copy_file = _refuse

        return fs.PyFileSystem(Handler())
