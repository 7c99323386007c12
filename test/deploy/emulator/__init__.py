"""An AWS emulator with the whole of Amazon ECR, for tests on one machine.

MiniStack does accounts, CloudFormation with change sets and rollback, IAM with SigV4 and policy evaluation, STS, KMS, S3, EC2, Secrets
Manager, and stores images. This package adds what it lacks of ECR, and takes the judgement from others where it can:

- `model` checks every request against the service model that AWS publishes in botocore;
- `registry`, `public`, `resources` are the operations and the CloudFormation types, which call those operations as AWS's handlers do;
- `access` asks MiniStack's IAM evaluator for every action, with the deployed policies of both sides;
- `lifecycle`, `creation`, `upstream`, `replication`, `distribution` follow the ECR user guide; each names its page;
- `network`, `neighbours` are details of EC2, IAM and Secrets Manager.

What is written here is our reading of the documentation, not Amazon ECR.
"""
