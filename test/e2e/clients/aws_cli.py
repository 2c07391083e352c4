"""The real aws CLI, many commands in one process: starting it anew for each would take most of the time.

Reads one JSON list of arguments a line; answers each with one line {"code", "out", "err"}.
"""
import functools
import io
import json
import sys

import botocore.loaders

# The services' models are the same for every command: read once. The CLI takes the function when it is imported.
botocore.loaders.create_loader = functools.lru_cache(botocore.loaders.create_loader)

import awscli.clidriver  # noqa: E402

answers = sys.stdout


def run(arguments):
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    sys.stdout, sys.stderr = out, err
    try:
        code = awscli.clidriver.create_clidriver().main(arguments)
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdout, sys.stderr = answers, sys.__stderr__
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode("utf-8"))
    return {"code": code, "out": texts[0], "err": texts[1]}


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), file=answers, flush=True)
