"""A register of vessels written with spyne, which knows nothing of this project: SOAP 1.1 or 1.2.

It has arrays, inheritance, declared faults, dates, decimals, optional values and files. A file that came as an attachment
(MTOM) goes back as one. Arguments: 1.1 or 1.2. Prints its port and serves until its standard input ends.
"""

import base64
import datetime
import decimal
import email.encoders
import email.policy
import sys
import threading
from email.mime.application import MIMEApplication
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from lxml import etree
from spyne import (
    Application, Array, Boolean, ByteArray, ComplexModel, Date, DateTime, Decimal, Fault, Integer, ServiceBase, Unicode, rpc,
)
from spyne.protocol.soap import Soap11, Soap12
from spyne.server.wsgi import WsgiApplication

NAMESPACE = "urn:kapal.example:register"


class Vessel(ComplexModel):
    __namespace__ = NAMESPACE
    name = Unicode(min_occurs=1, max_len=40)
    grossTonnage = Decimal(18, 3, min_occurs=1)
    built = Date
    ports = Array(Unicode)
    flags = Unicode(max_occurs="unbounded")


class Ferry(Vessel):
    __namespace__ = NAMESPACE
    passengers = Integer(min_occurs=1, ge=0)


class Unknown(Fault):
    __namespace__ = NAMESPACE
    CODE = "Client.Unknown"


VESSELS = {
    "KM Contoh": Ferry(
        name="KM Contoh",
        grossTonnage=decimal.Decimal("1234.500"),
        built=datetime.date(2011, 5, 17),
        ports=["Merak", "Bakauheni"],
        flags=["ID"],
        passengers=800,
    ),
    "KM Kecil": Vessel(name="KM Kecil", grossTonnage=decimal.Decimal("7"), ports=[], flags=["ID", "SG"]),
}
SAILINGS = []
LOCK = threading.Lock()


class Register(ServiceBase):
    @rpc(Unicode(min_occurs=1, nillable=False), _returns=Ferry, _throws=[Unknown])
    def getFerry(ctx, name):
        found = VESSELS.get(name)
        if not isinstance(found, Ferry):
            raise Unknown("Client.Unknown", "there is no such ferry", "", {"asked": "yes"})
        return found

    @rpc(Array(Unicode), _returns=Array(Vessel))
    def listVessels(ctx, names):
        return [VESSELS[name] for name in names or [] if name in VESSELS]

    @rpc(Unicode(min_occurs=1, nillable=False), DateTime(min_occurs=1), Vessel, Boolean, _returns=[Integer, Decimal(12, 2)],
         _out_variable_names=["number", "fee"])
    def registerSailing(ctx, reference, leaves, vessel, express):
        with LOCK:
            SAILINGS.append((reference, leaves, vessel.name if vessel else None))
            return len(SAILINGS), decimal.Decimal("1500000.50") if express else decimal.Decimal("0.10")

    @rpc(_returns=Integer)
    def countSailings(ctx):
        return len(SAILINGS)

    @rpc(Unicode(min_occurs=1, nillable=False), ByteArray(min_occurs=1, nillable=False), _returns=[Integer, ByteArray],
         _out_variable_names=["size", "file"])
    def storeManifest(ctx, name, file):
        content = b"".join(file)
        return len(content), [content[::-1]]

    @rpc(Unicode)
    def fail(ctx, text):
        raise RuntimeError("broken")


def packaged(envelope):
    """An answer with its file beside it, by Python's email package: spyne's own writer of MTOM fails in Python 3."""
    root = etree.fromstring(envelope)
    message = MIMEMultipart("related", type="application/xop+xml", start="<root@kapal.example>", boundary="=_kapal")
    for element in list(root.iter("{%s}file" % NAMESPACE)):
        file = MIMEApplication(base64.b64decode(element.text), "octet-stream", email.encoders.encode_base64)
        file["Content-ID"] = "<file@kapal.example>"
        element.text = None
        etree.SubElement(element, "{http://www.w3.org/2004/08/xop/include}Include", href="cid:file@kapal.example")
        message.attach(file)
    part = MIMEBase("application", "xop+xml", charset="UTF-8", type="text/xml")
    part.set_payload(etree.tostring(root))
    part["Content-ID"] = "<root@kapal.example>"
    message.attach(part)
    text = message.as_bytes(policy=email.policy.HTTP)
    return message["Content-Type"].replace("\n", ""), text.partition(b"\r\n\r\n")[2]


class Attachments:
    """Answers with an attachment whoever sent one."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environment, start):
        if not environment.get("CONTENT_TYPE", "").startswith("multipart/"):
            return self.application(environment, start)
        head = []
        body = b"".join(self.application(environment, lambda status, fields, *rest: head.extend([status, fields])))
        kind, body = packaged(body)
        fields = [(name, value) for name, value in head[1] if name.lower() not in ("content-type", "content-length")]
        start(head[0], fields + [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def main():
    protocol = {"1.1": Soap11, "1.2": Soap12}[sys.argv[1]]
    application = Application(
        [Register], tns=NAMESPACE, name="VesselRegister", in_protocol=protocol(validator="lxml"),
        out_protocol=protocol(polymorphic=True),
    )
    server = make_server("127.0.0.1", 0, Attachments(WsgiApplication(application)), server_class=Server, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


main()
