"""Measures zeep: how many nanoseconds it takes to write and to read each message.

The argument is a description with one operation; each line of the input is its message in JSON. Prints two numbers a line:
writing, from plain values to the bytes of an envelope, as a call does it, and reading, from these bytes to zeep's values, as a
service does it.
"""

import decimal
import json
import logging
import sys
import time
import warnings

from lxml import etree
import zeep
from zeep.loader import parse_xml

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
client = zeep.Client(sys.argv[1])
service = next(iter(client.wsdl.services.values()))
operation = next(iter(next(iter(service.ports.values())).binding.all().values()))


def named(value):
    if isinstance(value, dict):
        return {key.lstrip("@"): named(item) for key, item in value.items()}
    return [named(item) for item in value] if isinstance(value, list) else value


def best(body):
    result = float("inf")
    start = time.process_time()
    while time.process_time() - start < 1.5 or result == float("inf"):
        before = time.process_time_ns()
        body()
        result = min(result, time.process_time_ns() - before)
    return result


for line in sys.stdin:
    values = named(json.loads(line, parse_float=decimal.Decimal))

    def write():
        return etree.tostring(client.create_message(client.service, operation.name, **values))

    envelope = write()

    def read():
        return operation.input.deserialize(parse_xml(envelope, client.transport, settings=client.settings))

    print(best(write), best(read), flush=True)
