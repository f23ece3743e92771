"""Signs and verifies SOAP messages with libraries that are not ours: signxml, xmlsec (through zeep) and zeep's tokens.

Reads one task in JSON a line: {"do": "verify" | "sign" | "token", "by": "signxml" | "zeep", "xml", "certificate", "key"}.
Prints one line for each: the signed message in Base64, "good", or what went wrong.
"""

import base64
import datetime
import json
import sys

import xmlsec
from lxml import etree
from signxml import SignatureConfiguration, XMLSigner, XMLVerifier, algorithms, methods
from zeep.wsse import signature as zeep_signature
from zeep.wsse import utils
from zeep.wsse.username import UsernameToken
from zeep.wsse.utils import get_security_header

WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
DS = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = algorithms.CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0


def soap(envelope, name):
    return "{%s}%s" % (etree.QName(envelope).namespace, name)


def timestamp(envelope):
    security = get_security_header(envelope)
    element = etree.SubElement(security, "{%s}Timestamp" % WSU, nsmap={"wsu": WSU})
    now = datetime.datetime.now(datetime.timezone.utc)
    for name, moment in [("Created", now), ("Expires", now + datetime.timedelta(minutes=5))]:
        etree.SubElement(element, "{%s}%s" % (WSU, name)).text = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return element


def verify(task, envelope):
    if task["by"] == "zeep":
        zeep_signature._verify_envelope_with_key(envelope, zeep_signature._make_verify_key(task["certificate"].encode()))
        return "good"
    references = len(envelope.findall(".//{%s}Reference" % DS))
    results = XMLVerifier().verify(
        envelope,
        x509_cert=task["certificate"],
        expect_config=SignatureConfiguration(expect_references=references),
    )
    signed = {etree.QName(result.signed_xml).localname for result in results}
    return "good" if {"Body", "Timestamp"} <= signed else "not everything is signed: %s" % signed


def sign(task, envelope):
    body = envelope.find(soap(envelope, "Body"))
    stamp = timestamp(envelope)
    is_curve = task.get("curve", False)
    if task["by"] == "zeep":
        key = zeep_signature._make_sign_key(task["key"].encode(), task["certificate"].encode(), None)
        method = xmlsec.Transform.ECDSA_SHA256 if is_curve else xmlsec.Transform.RSA_SHA256
        zeep_signature._sign_envelope_with_key_binary(envelope, key, method, xmlsec.Transform.SHA256)
    else:
        for element, identifier in [(body, "id-body"), (stamp, "id-stamp")]:
            element.set("{%s}Id" % WSU, identifier)
        signer = XMLSigner(
            method=methods.detached,
            signature_algorithm="ecdsa-sha256" if is_curve else "rsa-sha256",
            digest_algorithm="sha256",
            c14n_algorithm=EXCLUSIVE,
        )
        signature = signer.sign(
            envelope,
            key=task["key"],
            cert=task["certificate"],
            reference_uri=["#id-body", "#id-stamp"],
        )
        get_security_header(envelope).append(signature)
    return base64.b64encode(etree.tostring(envelope)).decode()


class Nonce(bytes):
    """Random bytes where zeep expects a text."""

    def encode(self, encoding):
        return bytes(self)


def token(task, envelope):
    """Lets zeep work out the digest of the token that the message carries."""
    found = envelope.find(".//{*}UsernameToken")
    created = found.find("{*}Created").text
    nonce = Nonce(base64.b64decode(found.find("{*}Nonce").text))
    # zeep writes whole seconds only, so that its text of the moment is replaced by the message's.
    utils.get_timestamp = lambda *arguments: created
    zeep_token = UsernameToken(found.find("{*}Username").text, task["password"], use_digest=True, nonce=nonce)
    elements = {etree.QName(item).localname: item.text for item in zeep_token._create_password_digest()}
    return "good" if elements["Password"] == found.find("{*}Password").text else "another digest"


for line in sys.stdin:
    task = json.loads(line)
    try:
        envelope = etree.fromstring(task["xml"].encode())
        print({"verify": verify, "sign": sign, "token": token}[task["do"]](task, envelope))
    except Exception as error:  # whatever it is, it is the verdict
        print("%s: %s" % (type(error).__name__, error))
