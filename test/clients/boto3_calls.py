"""The AWS SDK for Python, as the cases of operations call it.

Reads one JSON object {"service", "operation", "input"} a line; answers each with one line {"output"} or {"fault"}, or {"unsent"}
where boto3 does not know the operation, or says itself what is wrong with the input.
"""
import base64
import datetime
import json
import sys

import boto3
import botocore.exceptions

clients = {name: boto3.client(name) for name in ("iam", "sts")}


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).isoformat().replace("+00:00", "Z")
    # A blob that is text stands in the cases as text.
    return value.decode("ascii") if value.isascii() else base64.b64encode(value).decode("ascii")


def call(service, operation, input):
    client = clients[service]
    names = {wire: name for name, wire in client.meta.method_to_api_mapping.items()}
    if operation not in names:
        return {"unsent": True}
    try:
        output = getattr(client, names[operation])(**input)
    except botocore.exceptions.ClientError as error:
        return {"fault": f"{error.response['Error']['Code']}: {error.response['Error'].get('Message', '')}"}
    except botocore.exceptions.ParamValidationError:
        return {"unsent": True}
    output.pop("ResponseMetadata")
    return {"output": output}


for line in sys.stdin:
    print(json.dumps(call(**json.loads(line)), default=plain), flush=True)
