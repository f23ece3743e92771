"""Writes the same input by the same description with zeep, and compares the XML with ours.

The argument is a file with a JSON object: schemas by their addresses and namespaces, for imports that lead to the net.
Reads one JSON object a line: "wsdl" (a path), "service", "port", "operation", "kind" ("input" or "output"), "json" (the
message as this project has it) and "xml" (the envelope that this project wrote). Both bodies are brought into exclusive canonical
form with the same prefixes. Prints one JSON object a line: {"class": NAME, "detail": TEXT}, where the class is "same", the name
of a difference that FAILURES, OTHER_MESSAGES, DIFFERENCES or NotExpressible explain, or "unexplained".
"""

import base64
import decimal
import json
import logging
import os
import re
import sys
import warnings

from lxml import etree
import zeep
from zeep import xsd
from zeep.transports import Transport
from zeep.xsd.elements.indicators import Indicator

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def bare(url):
    return re.sub("^https?://", "", url.strip()).rstrip("/")


with open(sys.argv[1]) as file:
    CATALOGUE = {bare(url): text for url, text in json.load(file).items()}


class Offline(Transport):
    """Reads files and the catalogue, and nothing else."""

    def load(self, url):
        if bare(url) in CATALOGUE:
            # The catalogue's own imports have no locations; zeep needs some.
            text = re.sub('<xs:import namespace="([^"]*)"/>', r'<xs:import namespace="\1" schemaLocation="\1"/>', CATALOGUE[bare(url)])
            return text.encode()
        if not os.path.exists(url):
            raise OSError("not a file: " + url)
        with open(url, "rb") as file:
            return file.read()


class NotExpressible(Exception):
    """The input has a form that zeep's values do not have; the first argument names the class."""


# MARK: Input


def convert(value, kind, client):
    """The value for zeep that the JSON stands for, by zeep's own types."""
    if value is None:
        return xsd.Nil
    if isinstance(value, dict) and value.get("#type") and not isinstance(kind, xsd.ComplexType):
        raise NotExpressible("typed-any")
    if isinstance(kind, xsd.ComplexType):
        return structure(value, kind, client)
    if type(kind) is xsd.AnyType:
        raise NotExpressible("any-type")
    return simple(value, kind)


def simple(value, kind):
    if isinstance(value, list):
        item = getattr(kind, "item_type", None)
        return [simple(each, item) if item is not None else each for each in value]
    names = [base.__name__ for base in type(kind).__mro__]
    if "Base64Binary" in names and isinstance(value, str):
        return base64.b64decode(value)
    if {"gYear", "gMonth", "gDay", "gYearMonth", "gMonthDay", "Duration"} & set(names) and isinstance(value, str):
        # Only for these zeep does not take the text itself.
        return kind.pythonvalue(value)
    if "QName" in names and isinstance(value, str):
        raise NotExpressible("qname")
    return value


def structure(value, kind, client):
    if not isinstance(value, dict):
        if not kind.attributes and not any(name == "_value_1" for name, _ in kind.elements_nested):
            raise NotExpressible("any-type")
        return kind(_value_1=simple(value, content_type(kind)))
    if "#type" in value:
        kind = named_type(value["#type"], client)
    if value.get("#nil"):
        raise NotExpressible("nil-with-attributes")
    arguments = {}
    for key, item in value.items():
        if key == "#type":
            continue
        if key.startswith("@"):
            arguments[attribute(key[1:], kind)] = item
        elif key == "#text":
            arguments["_value_1"] = simple(item, content_type(kind))
        elif key.startswith("#"):
            raise NotExpressible({"#content": "mixed", "#any": "wildcard"}.get(key, "repeated-group"))
        else:
            name, element = child(key, kind)
            arguments[name] = member(item, element, client)
    return kind(**arguments)


def member(item, element, client):
    if not isinstance(element, xsd.Element):
        raise NotExpressible("wildcard")
    if isinstance(item, list) and (element.accepts_multiple or isinstance(element.type, xsd.ComplexType)):
        return [convert(each, element.type, client) for each in item]
    return convert(item, element.type, client)


def content_type(kind):
    for name, element in kind.elements_nested:
        if name == "_value_1" and isinstance(element, xsd.Element):
            return element.type
    return None


def named_type(name, client):
    found = [
        each for each in client.wsdl.types.types if each.qname and name in (each.qname.localname, each.qname.text)
    ]
    if len(found) != 1 or not isinstance(found[0], xsd.ComplexType):
        raise NotExpressible("typed-any")
    return found[0]


def attribute(key, kind):
    known = [(name, each.qname) for name, each in kind.attributes if each.qname is not None]
    for name, qname in sorted(known, key=lambda pair: pair[1].namespace is not None):
        if key in (qname.localname, qname.text):
            return name
    raise NotExpressible("wildcard")


def child(key, kind):
    for name, element in kind.elements:
        if isinstance(element, xsd.Element) and key in (element.qname.localname, element.qname.text):
            return name, element
    raise NotExpressible("substitution" if "{" not in key and "#" not in key else "doubled-name")


# MARK: Output


def normal(element):
    """The element with prefixes of its own making, in exclusive canonical form."""
    prefixes = {"http://www.w3.org/XML/1998/namespace": "xml"}

    def prefixed(uri):
        return prefixes.setdefault(uri, "p%d" % len(prefixes))

    def rebuild(source, parent):
        attributes = {}
        for name, text in source.attrib.items():
            uri = etree.QName(name).namespace
            if uri:
                prefixed(uri)
            if name == "{%s}type" % XSI:
                prefix, _, local = text.rpartition(":")
                uri = source.nsmap.get(prefix or None, "")
                text = "%s:%s" % (prefixed(uri), local)
            attributes[name] = text
        uri = etree.QName(source).namespace
        if uri:
            prefixed(uri)
        names.append((source.tag, attributes, source.text, source.tail))
        for each in source.iterchildren(tag=etree.Element):
            rebuild(each, None)
        names.append(None)

    names = []
    rebuild(element, None)
    nsmap = {prefix: uri for uri, prefix in prefixes.items() if prefix != "xml"}
    stack = [etree.Element("root", nsmap=nsmap)]
    for entry in names:
        if entry is None:
            stack.pop()
            continue
        tag, attributes, text, tail = entry
        # An empty attribute list and text that is only layout between elements do not tell messages apart.
        made = etree.SubElement(stack[-1], tag, attributes)
        made.text, made.tail = text, tail if len(stack) > 1 else None
        stack.append(made)
    return etree.tostring(stack[0][0], method="c14n", exclusive=True)


def body_of(case, client):
    service = client.wsdl.services[case["service"]] if case["service"] else next(iter(client.wsdl.services.values()))
    port = service.ports[case["port"]]
    operation = port.binding.get(case["operation"])
    message = getattr(operation, case["kind"])
    return message.body


clients = {}


def judge(case):
    path = case["wsdl"]
    if path not in clients:
        try:
            clients[path] = zeep.Client(path, transport=Offline())
        except Exception as error:
            clients[path] = error
    client = clients[path]
    if isinstance(client, Exception):
        return explained("load", client)
    ours = etree.fromstring(case["xml"].encode()).find("{*}Body")[0]
    try:
        element = body_of(case, client) if case["service"] else client.get_element(ours.tag)
    except Exception as error:
        return explained("find", error)
    if not isinstance(element, xsd.Element):
        return "no-element", "zeep takes an answer without content for one without element"
    root = etree.Element("root")
    try:
        value = convert(case["json"], element.type, client)
    except NotExpressible as error:
        return "not-expressible: %s" % error.args[0], ""
    except TypeError as error:
        return explained("write", error)
    try:
        if isinstance(element.type, xsd.ComplexType) and value is not xsd.Nil and not isinstance(value, xsd.CompoundValue):
            value = element.type(value)
        element.render(root, value)
    except Exception as error:
        return explained("write", error)
    try:
        mine, theirs = normal(ours), normal(root[0])
    except etree.C14NError:
        return "relative-namespace", "a relative namespace name has no canonical form"
    if mine == theirs:
        return "same", ""
    detail = "ours %s theirs %s" % (mine.decode(), theirs.decode())
    for name, _, holds in OTHER_MESSAGES:
        if holds(ours, root[0], case):
            return name, detail
    # Each difference alone, then all together, as a message may have several.
    for rules in [[rule] for rule in DIFFERENCES] + [DIFFERENCES]:
        first, second = copied(ours), copied(root[0])
        names = [name for name, _, remove in rules if remove(first, second, case)]
        if names and normal(first) == normal(second):
            return " + ".join(names), detail
    return "unexplained", detail


# What zeep cannot do at all: the name, the reason, when it shows, and what its error says.
FAILURES = [
    ("no-xml-attributes", "zeep does not know xml:lang unless the schema of xml: is imported with a location", "load",
     "NamespaceError: .*XML/1998/namespace"),
    ("several-parts", "zeep takes one element in a document's body", "load", "ValueError: Multiple parts for message"),
    ("no-target-namespace", "zeep demands a target namespace of every schema that a WSDL imports", "load",
     "KeyError: 'targetNamespace'"),
    ("encoded-arrays", "zeep cannot load the schema of SOAP encoding without the net", "load",
     "(OSError: not a file|.*schemas.xmlsoap.org/soap/encoding)"),
    ("redefinition", "zeep does not know xs:redefine", "load", "ValueError: No visitor defined for '{[^}]*}redefine'"),
    ("processing-instruction", "zeep takes a processing instruction in a schema for an element", "load",
     "XMLParseError: Unexpected element <cyfunction ProcessingInstruction"),
    ("no-input", "zeep demands an input of every operation that a binding binds", "load",
     "AttributeError: 'NoneType' object has no attribute 'parts'"),
    ("extended-choice", "zeep takes a choice that extends a choice for one choice; by the specification they follow each other",
     "write", "TypeError: .* got an unexpected keyword argument"),
]

# Where both do not write the same message at all: the name, the reason, and whether it is that.
OTHER_MESSAGES = [
    ("soap-encoding", "zeep writes encoded messages as if they were literal: without encodingStyle, types and array types",
     lambda ours, theirs, case: any(name.endswith("}encodingStyle") for name in ours.attrib)),
    ("overloading", "zeep knows only the last one of the operations of one name",
     lambda ours, theirs, case: ours.tag != theirs.tag and overloaded(case)),
]


def overloaded(case):
    operations = definitions(case).iterfind("{*}portType/{*}operation[@name='%s']" % case["operation"])
    return len(list(operations)) > 1


def definitions(case):
    return etree.parse(case["wsdl"]).getroot()


# Each of these takes one difference away from both messages, and tells whether it was there.


def same_wrapper(ours, theirs, case):
    if ours.tag == theirs.tag or ours.tag != "{%s}%sResponse" % (etree.QName(ours).namespace, case["operation"]):
        return False
    ours.tag = theirs.tag
    return True


def no_doubled_attributes(ours, theirs, case):
    found = False
    for mine, other in zip(ours.iter(), theirs.iter()):
        locals = [etree.QName(name).localname for name in mine.attrib]
        for name in list(mine.attrib):
            if locals.count(etree.QName(name).localname) > 1 and mine.get(name) != other.get(name):
                del mine.attrib[name]
                other.attrib.pop(name, None)
                found = True
    return found


def no_added_defaults(ours, theirs, case):
    declared = {
        (each.get("name"), value)
        for each in definitions(case).iter("{http://www.w3.org/2001/XMLSchema}attribute")
        for value in (each.get("default"), each.get("fixed"))
        if value is not None
    }
    found = False
    for mine, other in zip(ours.iter(), theirs.iter()):
        for name, value in list(other.attrib.items()):
            if name not in mine.attrib and (etree.QName(name).localname, value) in declared:
                del other.attrib[name]
                found = True
    return found


def no_falsy_choices(ours, theirs, case):
    found = False
    others = list(theirs)
    for child in list(ours):
        if others and others[0].tag == child.tag:
            found = no_falsy_choices(child, others.pop(0), case) or found
        elif not len(child) and (child.text or "") in ("", "0", "false"):
            ours.remove(child)
            found = True
    return found


DIFFERENCES = [
    ("rpc-wrapper", "zeep calls the wrapper of an rpc answer as the output is called; by WS-I BP 1.1 R2729 it is the operation's "
     "name with 'Response'", same_wrapper),
    ("doubled-attribute", "zeep calls an attribute by its local name, so that of two the one has the other's value",
     no_doubled_attributes),
    ("added-default", "zeep writes the default or fixed value of an attribute that was left out, which says the same",
     no_added_defaults),
    ("falsy-choice", "zeep takes a branch of a choice whose value is false, 0 or empty for one that is not there",
     no_falsy_choices),
]


def copied(element):
    return etree.fromstring(etree.tostring(element))


def explained(stage, error):
    text = "%s: %s" % (type(error).__name__, error)
    for name, _, moment, pattern in FAILURES:
        if moment == stage and re.match(pattern, text, re.DOTALL):
            return "zeep-cannot: " + name, text
    return "unexplained", "zeep fails to %s: %s" % (stage, text)


for line in sys.stdin:
    case = json.loads(line, parse_float=decimal.Decimal)
    try:
        name, detail = judge(case)
    except Exception as error:
        name, detail = "unexplained", "%s: %s" % (type(error).__name__, error)
    print(json.dumps({"class": name, "detail": detail}), flush=True)
