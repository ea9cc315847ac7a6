"""Calls a local endpoint with boto3 as users do, and prints what came back as one JSON object.

Usage: boto3_calls.py URL
"""

import json
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

URL = sys.argv[1]


def client(service, secret="local"):
    return boto3.client(
        service,
        region_name="eu-west-1",
        endpoint_url=URL,
        aws_access_key_id="local",
        aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )


runtime = client("sagemaker-runtime")
s3 = client("s3")


def invoke():
    answer = runtime.invoke_endpoint(
        EndpointName="churn",
        ContentType="text/csv",
        CustomAttributes="trace=1",
        TargetVariant="blue",
        Body=b"a,b",
    )
    return {
        "body": answer["Body"].read().decode(),
        "contentType": answer["ContentType"],
        "variant": answer["InvokedProductionVariant"],
        "customAttributes": answer["CustomAttributes"],
    }


def model_error():
    try:
        runtime.invoke_endpoint(EndpointName="churn", Body=b"fail")
    except runtime.exceptions.ModelError as error:
        return {
            "status": error.response["ResponseMetadata"]["HTTPStatusCode"],
            "originalStatusCode": error.response["OriginalStatusCode"],
            "originalMessage": error.response["OriginalMessage"],
        }
    return None


def stream():
    answer = runtime.invoke_endpoint_with_response_stream(EndpointName="churn", Body=b"stream")
    return [event["PayloadPart"]["Bytes"].decode() for event in answer["Body"]]


def location(url):
    bucket, _, key = url.removeprefix("s3://").partition("/")
    return {"Bucket": bucket, "Key": key}


def poll(url, deadline=time.monotonic() + 20):
    while time.monotonic() < deadline:
        try:
            return s3.get_object(**location(url))["Body"].read().decode()
        except s3.exceptions.NoSuchKey:
            time.sleep(0.02)
    raise TimeoutError(url)


def enqueue():
    s3.put_object(Bucket="inputs", Key="a/b c.csv", Body=b"x,y")
    answer = runtime.invoke_endpoint_async(EndpointName="churn", InputLocation="s3://inputs/a/b c.csv", InferenceId="id-1")
    return {
        "inferenceId": answer["InferenceId"],
        "result": poll(answer["OutputLocation"]),
        "inputBytes": s3.head_object(Bucket="inputs", Key="a/b c.csv")["ContentLength"],
    }


def refusal(call):
    try:
        call()
    except ClientError as error:
        return [error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]]
    return None


def main():
    wrong = client("sagemaker-runtime", "wrong")
    wrong_s3 = client("s3", "wrong")
    print(
        json.dumps(
            {
                "invoke": invoke(),
                "modelError": model_error(),
                "stream": stream(),
                "enqueue": enqueue(),
                "wrongSecret": refusal(lambda: wrong.invoke_endpoint(EndpointName="churn", Body=b"a")),
                "wrongSecretS3": refusal(lambda: wrong_s3.get_object(Bucket="inputs", Key="a/b c.csv")),
            }
        )
    )


main()
