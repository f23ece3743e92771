#ifndef GERBANG_CXMLSEC_H
#define GERBANG_CXMLSEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A private key, or the public key of a certificate. It is immutable, so any number of threads may use it at once.
typedef struct gerbang_xmlsec_key gerbang_xmlsec_key;

/// What kind of key it is.
typedef enum {
    GERBANG_XMLSEC_OTHER = 0,
    GERBANG_XMLSEC_RSA = 1,
    GERBANG_XMLSEC_EC = 2,
} gerbang_xmlsec_kind;

/// Prepares xmlsec and OpenSSL; to be called once, after libxml2 was initialised. False where it fails.
///
/// libxml2's process-wide settings stay as they are; xmlsec's own initialiser would replace the entity loader.
bool gerbang_xmlsec_initialize(void);

/// Reads a private key in PEM, without a password. NULL where it is none.
gerbang_xmlsec_key *gerbang_xmlsec_private_key(const char *pem, size_t size);

/// Reads the first certificate in PEM. NULL where it is none.
gerbang_xmlsec_key *gerbang_xmlsec_certificate(const char *pem, size_t size);

void gerbang_xmlsec_key_free(gerbang_xmlsec_key *key);

gerbang_xmlsec_kind gerbang_xmlsec_key_kind(const gerbang_xmlsec_key *key);

/// The size in bits: of the modulus, or of the curve's field.
int gerbang_xmlsec_key_bits(const gerbang_xmlsec_key *key);

/// The certificate in DER; NULL for a private key. It lives as long as the key.
const uint8_t *gerbang_xmlsec_key_certificate(const gerbang_xmlsec_key *key, size_t *size);

/// Whether a private key belongs to a certificate.
bool gerbang_xmlsec_key_matches(const gerbang_xmlsec_key *key, const gerbang_xmlsec_key *certificate);

/// What became of a signature.
typedef enum {
    GERBANG_XMLSEC_VALID = 0,
    /// The signature does not hold: another key, or other content.
    GERBANG_XMLSEC_INVALID = 1,
    /// The signature could not be worked out: something in it is missing, wrong or not allowed.
    GERBANG_XMLSEC_UNUSABLE = 2,
} gerbang_xmlsec_outcome;

/// Fills in a `ds:Signature`.
///
/// `signature` is the element and `targets` the elements that its references name, in a tree of libxml2. Only the
/// `wsu:Id` of these are known to xmlsec as identifiers; algorithms are those that are allowed, keys only the given one.
gerbang_xmlsec_outcome gerbang_xmlsec_sign(
    void *signature, const gerbang_xmlsec_key *key, void *const *targets, size_t count);

/// Verifies a `ds:Signature` by a key, whatever its KeyInfo says; see `gerbang_xmlsec_sign`.
gerbang_xmlsec_outcome gerbang_xmlsec_verify(
    void *signature, const gerbang_xmlsec_key *key, void *const *targets, size_t count);

#endif
