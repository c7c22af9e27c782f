"""The AWS services behind the use cases. boto3 is imported here and nowhere else."""
