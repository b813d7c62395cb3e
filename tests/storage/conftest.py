"""An S3 server on loopback, and places of every kind."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator

import pytest

BUCKET = "gongbao-test"
KEY, SECRET = "key-of-the-test", "secret-of-the-test"


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of a server with one bucket; endpoint and credentials are in the environment from now on."""
    server_of = pytest.importorskip("moto.server", reason="needs moto: make test installs it")
    boto3 = pytest.importorskip("boto3", reason="needs moto: make test installs it")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = server_of.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=address, aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="us-east-1"
    )
    client.create_bucket(Bucket=BUCKET)
    settings = {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    with pytest.MonkeyPatch.context() as patched:
        for name, value in settings.items():
            patched.setenv(name, value)
        yield address
    server.stop()


@pytest.fixture
def s3(s3_server: str) -> str:
    """An empty prefix on the server; endpoint and credentials are in the environment."""
    return empty_prefix()


def empty_prefix() -> str:
    """An address at which there is nothing."""
    return f"s3://{BUCKET}/{secrets.token_hex(4)}/curated"
