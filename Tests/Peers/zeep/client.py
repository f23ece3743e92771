"""A client written with zeep, which knows nothing of this project: reads a WSDL and calls the office behind it.

Arguments: the URL of the WSDL. Prints one line of JSON with what it was told.
"""

import datetime
import json
import sys

import zeep
from zeep.helpers import serialize_object


def told(service, operation, arguments):
    try:
        return serialize_object(service[operation](**arguments), dict)
    except zeep.exceptions.Fault as fault:
        return {"fault": fault.message}


def main():
    client = zeep.Client(sys.argv[1])
    calls = json.loads(sys.stdin.read())
    answers = [told(client.service, call["operation"], call["arguments"]) for call in calls]
    operations = sorted(
        operation
        for service in client.wsdl.services.values()
        for port in service.ports.values()
        for operation in port.binding._operations
    )
    text = {datetime.date: str, datetime.datetime: str}
    print(json.dumps({"operations": operations, "answers": answers}, default=lambda value: text.get(type(value), repr)(value)))


main()
