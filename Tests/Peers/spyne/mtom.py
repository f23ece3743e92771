"""A spyne service that takes a file and gives it back, and Python's email package that reads and writes the same messages.

The argument is the SOAP version. Reads one JSON object a line: {"do": "wsdl"}, {"do": "call", "type", "body"},
{"do": "inline", "type", "body"} or {"do": "package", "body", "file"}; bodies are in Base64. Prints one JSON object a line.
spyne is called as a WSGI application, without a network.
"""

import base64
import email
import email.policy
import hashlib
import io
import json
import sys
import warnings
from email.mime.application import MIMEApplication
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart

warnings.filterwarnings("ignore")

from lxml import etree
from spyne import Application, ByteArray, ComplexModel, Integer, ServiceBase, Unicode, rpc
from spyne.protocol.soap import Soap11, Soap12
from spyne.server.wsgi import WsgiApplication

XOP = "{http://www.w3.org/2004/08/xop/include}Include"


class Receipt(ComplexModel):
    __namespace__ = "urn:example:files"
    name = Unicode
    size = Integer
    sha256 = Unicode
    file = ByteArray


class Files(ServiceBase):
    @rpc(Unicode, ByteArray, _returns=Receipt)
    def store(ctx, name, file):
        content = b"".join(file)
        return Receipt(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest(), file=[content[::-1]])


protocol = Soap12 if sys.argv[1] == "1.2" else Soap11
application = WsgiApplication(
    Application([Files], "urn:example:files", name="Files", in_protocol=protocol(validator="lxml"), out_protocol=protocol())
)


def request(method, query="", kind="", body=b""):
    answer = {}

    def start(status, headers, *rest):
        answer["status"] = int(status.split(" ")[0])
        answer["type"] = dict(headers).get("Content-Type", "")

    environment = {
        "REQUEST_METHOD": method, "PATH_INFO": "/", "QUERY_STRING": query, "CONTENT_TYPE": kind, "SCRIPT_NAME": "",
        "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), "wsgi.url_scheme": "http", "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "wsgi.errors": sys.stderr,
    }
    content = b"".join(application(environment, start))
    return {**answer, "body": base64.b64encode(content).decode()}


def inline(task, body):
    """The envelope with every part put back, by Python's email package."""
    message = email.message_from_bytes(
        b"Content-Type: " + task["type"].encode() + b"\r\n\r\n" + body, policy=email.policy.HTTP
    )
    parts = {part["Content-ID"].strip("<>"): part for part in message.iter_parts()}
    root = parts[message.get_param("start").strip("<>")]
    envelope = etree.fromstring(root.get_payload(decode=True))
    types = []
    for include in list(envelope.iter(XOP)):
        part = parts[include.get("href")[4:]]
        types.append(part.get_content_type())
        include.getparent().text = base64.b64encode(part.get_payload(decode=True)).decode()
        include.getparent().remove(include)
    return {"body": base64.b64encode(etree.tostring(envelope)).decode(), "types": types, "root": root.get_content_type()}


def package(task, body):
    """An envelope and a file as a message, by Python's email package: transfer encodings, folded fields and all."""
    message = MIMEMultipart("related", type="application/xop+xml", start="<root@example.org>", boundary="=_some/where")
    root = MIMEBase("application", "xop+xml", charset="UTF-8", type="text/xml")
    root.set_payload(body)
    email.encoders.encode_quopri(root)
    root["Content-ID"] = "<root@example.org>"
    file = MIMEApplication(base64.b64decode(task["file"]), "pdf")
    file["Content-ID"] = "<file%1@example.org>"
    for part in (file, root):
        message.attach(part)
    text = message.as_bytes(policy=email.policy.HTTP.clone(max_line_length=60))
    head, _, content = text.partition(b"\r\n\r\n")
    kind = email.message_from_bytes(head + b"\r\n\r\n", policy=email.policy.HTTP)["Content-Type"]
    return {"type": str(kind), "body": base64.b64encode(content).decode()}


for line in sys.stdin:
    task = json.loads(line)
    body = base64.b64decode(task.get("body", ""))
    try:
        if task["do"] == "wsdl":
            result = request("GET", "wsdl")
        elif task["do"] == "call":
            result = request("POST", "", task["type"], body)
        else:
            result = {"inline": inline, "package": package}[task["do"]](task, body)
    except Exception as error:
        result = {"error": "%s: %s" % (type(error).__name__, error)}
    print(json.dumps(result), flush=True)
