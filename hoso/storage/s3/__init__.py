"""Objects on any server that speaks S3; the only part that knows the `minio` SDK and urllib3."""
