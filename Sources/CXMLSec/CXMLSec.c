#include "CXMLSec.h"

#include <stdlib.h>

#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/tree.h>
#include <libxml/valid.h>

#include <xmlsec/version.h>

#if XMLSEC_VERSION_MAJOR != 1 || XMLSEC_VERSION_MINOR < 2 || (XMLSEC_VERSION_MINOR == 2 && XMLSEC_VERSION_SUBMINOR < 37)
#error "libxmlsec1 1.2.37 or newer is required"
#endif
#if XMLSEC_VERSION_MINOR == 2
// As 1.2 is built by default; it decides the layout of structures.
#define XMLSEC_NO_SIZE_T
#endif
#define XMLSEC_NO_CRYPTO_DYNAMIC_LOADING 1
#define XMLSEC_CRYPTO_OPENSSL 1

#include <xmlsec/xmlsec.h>

#include <xmlsec/errors.h>
#include <xmlsec/keys.h>
#include <xmlsec/keysdata.h>
#include <xmlsec/transforms.h>
#include <xmlsec/xmldsig.h>

#include <xmlsec/openssl/crypto.h>
#include <xmlsec/openssl/evp.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

struct gerbang_xmlsec_key {
    xmlSecKeyPtr key;
    EVP_PKEY *pkey;
    uint8_t *certificate;
    size_t certificate_size;
};

// xmlsec's own handler prints document content to standard error.
static void ignore_error(const char *file, int line, const char *function, const char *object, const char *subject,
    int reason, const char *message) {
    (void)file;
    (void)line;
    (void)function;
    (void)object;
    (void)subject;
    (void)reason;
    (void)message;
}

bool gerbang_xmlsec_initialize(void) {
    // The parts of xmlSecInit that are needed: it would also replace libxml2's entity loader, and register readers of
    // files and of the net for references, which never are to be used.
    xmlSecErrorsInit();
    xmlSecErrorsSetCallback(ignore_error);
    return xmlSecKeyDataIdsInit() >= 0 && xmlSecTransformIdsInit() >= 0 && xmlSecOpenSSLInit() >= 0;
}

// MARK: Keys

// Without it OpenSSL would ask for a password at the terminal.
static int no_password(char *buffer, int size, int writing, void *context) {
    (void)buffer;
    (void)size;
    (void)writing;
    (void)context;
    return 0;
}

static gerbang_xmlsec_key *make_key(EVP_PKEY *pkey, uint8_t *certificate, size_t size) {
    gerbang_xmlsec_key *result = NULL;
    xmlSecKeyDataPtr data = NULL;
    xmlSecKeyPtr key = NULL;
    EVP_PKEY *own = pkey;
    // xmlsec takes one reference, we keep the other.
    if (pkey == NULL || EVP_PKEY_up_ref(pkey) != 1) {
        goto failed;
    }
    data = xmlSecOpenSSLEvpKeyAdopt(pkey);
    if (data == NULL) {
        EVP_PKEY_free(pkey);
        goto failed;
    }
    key = xmlSecKeyCreate();
    if (key == NULL || xmlSecKeySetValue(key, data) < 0) {
        xmlSecKeyDataDestroy(data);
        goto failed;
    }
    result = calloc(1, sizeof(*result));
    if (result == NULL) {
        goto failed;
    }
    result->key = key;
    result->pkey = own;
    result->certificate = certificate;
    result->certificate_size = size;
    return result;

failed:
    if (key != NULL) {
        xmlSecKeyDestroy(key);
    }
    if (own != NULL) {
        EVP_PKEY_free(own);
    }
    OPENSSL_free(certificate);
    return NULL;
}

gerbang_xmlsec_key *gerbang_xmlsec_private_key(const char *pem, size_t size) {
    EVP_PKEY *pkey;
    BIO *source;
    if (size > INT32_MAX || (source = BIO_new_mem_buf(pem, (int)size)) == NULL) {
        return NULL;
    }
    pkey = PEM_read_bio_PrivateKey(source, NULL, no_password, NULL);
    BIO_free(source);
    return make_key(pkey, NULL, 0);
}

gerbang_xmlsec_key *gerbang_xmlsec_certificate(const char *pem, size_t size) {
    X509 *certificate;
    EVP_PKEY *pkey;
    uint8_t *der = NULL;
    int der_size;
    BIO *source;
    if (size > INT32_MAX || (source = BIO_new_mem_buf(pem, (int)size)) == NULL) {
        return NULL;
    }
    certificate = PEM_read_bio_X509(source, NULL, no_password, NULL);
    BIO_free(source);
    if (certificate == NULL) {
        return NULL;
    }
    der_size = i2d_X509(certificate, &der);
    pkey = X509_get_pubkey(certificate);
    X509_free(certificate);
    if (der_size <= 0) {
        EVP_PKEY_free(pkey);
        return NULL;
    }
    return make_key(pkey, der, (size_t)der_size);
}

void gerbang_xmlsec_key_free(gerbang_xmlsec_key *key) {
    if (key == NULL) {
        return;
    }
    xmlSecKeyDestroy(key->key);
    EVP_PKEY_free(key->pkey);
    OPENSSL_free(key->certificate);
    free(key);
}

gerbang_xmlsec_kind gerbang_xmlsec_key_kind(const gerbang_xmlsec_key *key) {
    switch (EVP_PKEY_get_base_id(key->pkey)) {
    case EVP_PKEY_RSA:
        return GERBANG_XMLSEC_RSA;
    case EVP_PKEY_EC:
        return GERBANG_XMLSEC_EC;
    default:
        return GERBANG_XMLSEC_OTHER;
    }
}

int gerbang_xmlsec_key_bits(const gerbang_xmlsec_key *key) {
    return EVP_PKEY_get_bits(key->pkey);
}

const uint8_t *gerbang_xmlsec_key_certificate(const gerbang_xmlsec_key *key, size_t *size) {
    *size = key->certificate_size;
    return key->certificate;
}

bool gerbang_xmlsec_key_matches(const gerbang_xmlsec_key *key, const gerbang_xmlsec_key *certificate) {
    return EVP_PKEY_eq(key->pkey, certificate->pkey) == 1;
}

// MARK: Signatures

static const xmlChar *const utility_namespace =
    BAD_CAST "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

/// Makes the `wsu:Id` of an element, and no other attribute, the identifier that a reference finds.
static bool declare_identifier(xmlNodePtr element) {
    xmlAttrPtr attribute = xmlHasNsProp(element, BAD_CAST "Id", utility_namespace);
    xmlAttrPtr known;
    xmlChar *value;
    bool is_declared;
    if (attribute == NULL || attribute->type != XML_ATTRIBUTE_NODE ||
        (value = xmlNodeListGetString(element->doc, attribute->children, 1)) == NULL) {
        return false;
    }
    known = xmlGetID(element->doc, value);
    if (known == NULL) {
        is_declared = xmlAddID(NULL, element->doc, value, attribute) != NULL;
    } else {
        // libxml2 itself takes every xml:id for an identifier.
        is_declared = known == attribute;
    }
    xmlFree(value);
    return is_declared;
}

static bool allow_algorithms(xmlSecDSigCtxPtr context) {
    const xmlSecTransformId signing[] = {
        xmlSecTransformExclC14NGetKlass(),
        xmlSecOpenSSLTransformRsaSha256GetKlass(),
        xmlSecOpenSSLTransformRsaSha384GetKlass(),
        xmlSecOpenSSLTransformRsaSha512GetKlass(),
        xmlSecOpenSSLTransformEcdsaSha256GetKlass(),
        xmlSecOpenSSLTransformEcdsaSha384GetKlass(),
        xmlSecOpenSSLTransformEcdsaSha512GetKlass(),
    };
    const xmlSecTransformId referring[] = {
        xmlSecTransformExclC14NGetKlass(),
        xmlSecOpenSSLTransformSha256GetKlass(),
        xmlSecOpenSSLTransformSha384GetKlass(),
        xmlSecOpenSSLTransformSha512GetKlass(),
    };
    for (size_t index = 0; index < sizeof(signing) / sizeof(signing[0]); index++) {
        if (xmlSecDSigCtxEnableSignatureTransform(context, signing[index]) < 0) {
            return false;
        }
    }
    for (size_t index = 0; index < sizeof(referring) / sizeof(referring[0]); index++) {
        if (xmlSecDSigCtxEnableReferenceTransform(context, referring[index]) < 0) {
            return false;
        }
    }
    return true;
}

/// A context for one signature; NULL where it cannot be made.
static xmlSecDSigCtxPtr make_context(const gerbang_xmlsec_key *key, void *const *targets, size_t count) {
    xmlSecDSigCtxPtr context;
    for (size_t index = 0; index < count; index++) {
        if (!declare_identifier((xmlNodePtr)targets[index])) {
            return NULL;
        }
    }
    context = xmlSecDSigCtxCreate(NULL);
    if (context == NULL) {
        return NULL;
    }
    context->flags = XMLSEC_DSIG_FLAGS_IGNORE_MANIFESTS;
    // Not even the empty reference, which means the whole document.
    context->enabledReferenceUris = xmlSecTransformUriTypeSameDocument;
    // With a key given, xmlsec never looks for another one in KeyInfo.
    context->signKey = xmlSecKeyDuplicate(key->key);
    if (context->signKey == NULL || !allow_algorithms(context)) {
        xmlSecDSigCtxDestroy(context);
        return NULL;
    }
    return context;
}

static gerbang_xmlsec_outcome finish(xmlSecDSigCtxPtr context, int result, size_t count) {
    gerbang_xmlsec_outcome outcome = GERBANG_XMLSEC_UNUSABLE;
    if (result >= 0) {
        switch (context->status) {
        case xmlSecDSigStatusSucceeded:
            // Every reference that was expected was worked out, and no other one.
            if (xmlSecPtrListGetSize(&context->signedInfoReferences) == count) {
                outcome = GERBANG_XMLSEC_VALID;
            }
            break;
        case xmlSecDSigStatusInvalid:
            outcome = GERBANG_XMLSEC_INVALID;
            break;
        default:
            break;
        }
    }
    xmlSecDSigCtxDestroy(context);
    return outcome;
}

gerbang_xmlsec_outcome gerbang_xmlsec_sign(
    void *signature, const gerbang_xmlsec_key *key, void *const *targets, size_t count) {
    xmlSecDSigCtxPtr context = make_context(key, targets, count);
    if (context == NULL) {
        return GERBANG_XMLSEC_UNUSABLE;
    }
    return finish(context, xmlSecDSigCtxSign(context, (xmlNodePtr)signature), count);
}

gerbang_xmlsec_outcome gerbang_xmlsec_verify(
    void *signature, const gerbang_xmlsec_key *key, void *const *targets, size_t count) {
    xmlSecDSigCtxPtr context = make_context(key, targets, count);
    if (context == NULL) {
        return GERBANG_XMLSEC_UNUSABLE;
    }
    return finish(context, xmlSecDSigCtxVerify(context, (xmlNodePtr)signature), count);
}
