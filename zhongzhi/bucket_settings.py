"""How the S3-compatible storage of files is asked, for the settings."""

from typing import Any

from botocore.config import Config


def bucket_storage(name: str, *, endpoint: str, region: str, access_key: str, secret_key: str) -> dict[str, Any]:
    """An entry of STORAGES. `endpoint` is the address of the storage, empty for Amazon's own."""
    asked = Config(
        connect_timeout=5,
        read_timeout=30,
        retries={"total_max_attempts": 3},
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        request_checksum_calculation="when_required",  # what others than Amazon understand as well
        response_checksum_validation="when_required",
    )
    options = {
        "bucket_name": name,
        "endpoint_url": endpoint or None,
        "region_name": region,
        "access_key": access_key,
        "secret_key": secret_key,
        "file_overwrite": True,  # a place is a fresh UUID; only a restore writes over
        "max_memory_size": 1024 * 1024,
        "client_config": asked,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def buckets(env: Any, name: str) -> dict[str, dict[str, Any]]:
    """What STORAGES says of the bucket of this name, from the environment; nothing without one."""
    if not name:
        return {}
    made = bucket_storage(
        name,
        endpoint=env.str("FILES_ENDPOINT", default=""),
        region=env.str("FILES_REGION", default="us-east-1"),
        access_key=env.str("FILES_ACCESS_KEY"),
        secret_key=env.str("FILES_SECRET_KEY"),
    )
    return {"files": made}
