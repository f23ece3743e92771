"""Signs and verifies documents by XML Signature: with signxml where the signature is enveloped, with xmlsec where it
stands beside what it signs.

Reads a line of JSON per task and writes one per answer: {"do": "sign", "xml", "method", "canonicalization"} gives {"xml",
"certificate"}, {"do": "verify", "xml", "method", "certificate"} gives {"valid"}. The key is made anew in every run.
"""

import datetime
import json
import sys

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import CanonicalizationMethod, SignatureMethod, XMLSigner, XMLVerifier, methods
from signxml.exceptions import InvalidDigest, InvalidInput, InvalidSignature

CANONICALIZATIONS = {
    "exclusive": (CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0, xmlsec.Transform.EXCL_C14N),
    "inclusive": (CanonicalizationMethod.CANONICAL_XML_1_0, xmlsec.Transform.C14N),
}


def identity():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Dinas Contoh")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    return key, certificate.public_bytes(serialization.Encoding.PEM).decode()


def sign(task, key, certificate):
    root = etree.fromstring(task["xml"].encode())
    form, transform = CANONICALIZATIONS[task["canonicalization"]]
    if task["method"] == "enveloped":
        signer = XMLSigner(
            method=methods.enveloped, signature_algorithm=SignatureMethod.RSA_SHA256, c14n_algorithm=form
        )
        root = signer.sign(root, key=key, cert=certificate)
    else:
        signature = xmlsec.template.create(root, transform, xmlsec.Transform.RSA_SHA256)
        root.append(signature)
        reference = xmlsec.template.add_reference(signature, xmlsec.Transform.SHA256, uri="#" + root[0].get("Id"))
        xmlsec.template.add_transform(reference, transform)
        xmlsec.tree.add_ids(root, ["Id"])
        context = xmlsec.SignatureContext()
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        context.key = xmlsec.Key.from_memory(pem, xmlsec.KeyFormat.PEM)
        context.sign(signature)
    return {"xml": etree.tostring(root, encoding="unicode"), "certificate": certificate}


def verify(task):
    root = etree.fromstring(task["xml"].encode())
    try:
        if task["method"] == "enveloped":
            XMLVerifier().verify(root, x509_cert=task["certificate"])
        else:
            xmlsec.tree.add_ids(root, ["Id"])
            context = xmlsec.SignatureContext()
            context.key = xmlsec.Key.from_memory(task["certificate"].encode(), xmlsec.KeyFormat.CERT_PEM)
            context.verify(xmlsec.tree.find_node(root, xmlsec.constants.NodeSignature))
        return {"valid": True}
    except (InvalidDigest, InvalidInput, InvalidSignature, xmlsec.Error):
        return {"valid": False}


def main():
    key, certificate = identity()
    for line in sys.stdin:
        task = json.loads(line)
        answer = sign(task, key, certificate) if task["do"] == "sign" else verify(task)
        print(json.dumps(answer), flush=True)


main()
