"""Judges SOAP bodies with two libraries that know nothing of this project: xmlschema and zeep.

Reads one JSON object a line: "wsdl" (a path), "xml" (the element in the body) and "zeep" (whether zeep can be expected to
understand it). xmlschema validates the element by the description's schemas; zeep reads it by the description and writes it
again, which must give the same element, whatever the prefixes. Prints one verdict a line: "good", or what is wrong.
"""

import json
import logging
import os
import sys
import warnings

from lxml import etree
import xmlschema
import zeep
from xmlschema.extras.wsdl import Wsdl11Document
from zeep.transports import Transport

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


class Offline(Transport):
    """Reads files and nothing else."""

    def load(self, url):
        if not os.path.exists(url):
            raise OSError("not a file")
        with open(url, "rb") as file:
            return file.read()


def shape(element):
    """The element without its prefixes."""
    attributes = dict(element.attrib)
    if ":" in attributes.get(XSI_TYPE, ""):
        prefix, local = attributes[XSI_TYPE].split(":")
        attributes[XSI_TYPE] = "{%s}%s" % (element.nsmap[prefix], local)
    children = [(shape(child), (child.tail or "").strip()) for child in element]
    return element.tag, sorted(attributes.items()), (element.text or "").strip(), children


def verdict(case):
    element = etree.fromstring(case["xml"].encode())
    document = Wsdl11Document(case["wsdl"], cls=xmlschema.XMLSchema10, validation="lax", allow="local")
    for error in document.schema.iter_errors(element):
        return f"not valid: {error.reason} at {error.path}"
    if case["zeep"]:
        client = zeep.Client(case["wsdl"], transport=Offline())
        declared = client.get_element(element.tag)
        root = etree.Element("root")
        declared.render(root, declared.parse(element, client.wsdl.types))
        if shape(root[0]) != shape(element):
            return "zeep writes it otherwise: " + etree.tostring(root[0]).decode()
    return "good"


for line in sys.stdin:
    try:
        print(verdict(json.loads(line)).replace("\n", " "), flush=True)
    except Exception as error:
        print(f"{type(error).__name__}: {error}".replace("\n", " "), flush=True)
