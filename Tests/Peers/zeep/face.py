"""A backend that speaks only SOAP, written with zeep: submits a request to the gateway and asks for its result.

Arguments: the URL of the WSDL, the client's name and its key. Prints one line of JSON for each binding.
"""

import json
import sys

import requests
import zeep
from zeep.helpers import serialize_object
from zeep.wsse.username import UsernameToken


def failure(fault):
    detail = fault.detail
    if detail is None:
        return {"message": fault.message}
    element = next(iter(detail))
    return {child.tag.split("}")[1]: child.text for child in element}


def submit(service, key, plate):
    try:
        answer = service.submitTransportVehicleLookup(
            idempotencyKey=key, region="31", payload={"plate": plate}, waitSeconds=50
        )
    except zeep.exceptions.Fault as fault:
        return {"fault": failure(fault)}
    answer = serialize_object(answer, dict)
    again = serialize_object(service.status(requestId=answer["status"]["id"]), dict)
    return {"isReplay": answer["isReplay"], "status": answer["status"], "again": again}


def main():
    url, user, key = sys.argv[1:4]
    for binding in ["Gerbang11", "Gerbang12"]:
        session = requests.Session()
        token = None
        if binding == "Gerbang11":
            session.headers["Authorization"] = "Bearer " + key
        else:
            token = UsernameToken(user, key)
        client = zeep.Client(url, transport=zeep.Transport(session=session), wsse=token)
        service = client.bind("Gerbang", binding)
        told = {
            "first": submit(service, "zeep-" + binding, "B 1234 XYZ"),
            "second": submit(service, "zeep-" + binding, "B 1234 XYZ"),
            "other": submit(service, "zeep-" + binding, "B 9012 TRK"),
            "wrong": submit(service, "zeep-wrong-" + binding, "not a plate"),
        }
        stranger = zeep.Client(url, wsse=UsernameToken(user, key[:-1]))
        told["stranger"] = submit(stranger.bind("Gerbang", binding), "k", "B 1234 XYZ")
        print(json.dumps(told, default=str))


main()
