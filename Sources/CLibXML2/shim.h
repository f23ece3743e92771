#ifndef GERBANG_CLIBXML2_SHIM_H
#define GERBANG_CLIBXML2_SHIM_H

#include <libxml/xmlversion.h>

// libxml/encoding.h would pull in ICU's headers, whose types clash with Foundation's when a file sees both.
#undef LIBXML_ICU_ENABLED

#if LIBXML_VERSION < 20914
#error "libxml2 2.9.14 or newer is required"
#endif
#if !defined(LIBXML_SCHEMAS_ENABLED) || !defined(LIBXML_XPATH_ENABLED) || !defined(LIBXML_C14N_ENABLED) || \
    !defined(LIBXML_SAX1_ENABLED) || !defined(LIBXML_OUTPUT_ENABLED) || !defined(LIBXML_THREAD_ENABLED)
#error "libxml2 must be built with threads, output, XPath, XML Schema and C14N"
#endif

#include <libxml/SAX2.h>
#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>
#include <libxml/uri.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlschemastypes.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

// From 2.12 on, error handlers get a pointer to const.
#if LIBXML_VERSION >= 21200
typedef const xmlError *cxml_error_ref;
#else
typedef xmlErrorPtr cxml_error_ref;
#endif

/// One error as libxml2 reports it, without its version-dependent layout. Valid during the report only.
typedef struct {
    int code;
    int level;
    int line;
    int column;
    const char *file;
    const char *message;
    xmlNodePtr node;
} cxml_problem;

/// Where errors of one operation go.
typedef struct {
    void *context;
    void (*report)(void *context, const cxml_problem *problem);
} cxml_sink;

static void cxml_report(void *sink, cxml_error_ref error) {
    cxml_sink *target = (cxml_sink *)sink;
    cxml_problem problem;
    if (target == NULL || error == NULL) {
        return;
    }
    problem.code = error->code;
    problem.level = (int)error->level;
    problem.line = error->line;
    problem.column = error->int2;
    problem.file = error->file;
    problem.message = error->message;
    problem.node = (xmlNodePtr)error->node;
    target->report(target->context, &problem);
}

static void cxml_report_from_parser(void *context, cxml_error_ref error) {
    xmlParserCtxtPtr parser = (xmlParserCtxtPtr)context;
    if (parser != NULL) {
        cxml_report(parser->_private, error);
    }
}

static void cxml_ignore(void *context, cxml_error_ref error) {
    (void)context;
    (void)error;
}

/// The calling thread's handler for errors that belong to no context.
typedef struct {
    xmlStructuredErrorFunc handler;
    void *context;
} cxml_thread_errors;

/// Keeps this thread's context-free errors off standard error, where libxml2 would print document content.
static inline cxml_thread_errors cxml_silence(void) {
    cxml_thread_errors previous;
    previous.handler = xmlStructuredError;
    previous.context = xmlStructuredErrorContext;
    xmlSetStructuredErrorFunc(NULL, cxml_ignore);
    return previous;
}

static inline void cxml_restore(cxml_thread_errors previous) {
    xmlSetStructuredErrorFunc(previous.context, previous.handler);
}

/// The parser's errors go to the `cxml_sink` at the start of what `_private` points to.
static inline void cxml_parser_report(xmlParserCtxtPtr parser, cxml_sink *sink) {
    parser->_private = sink;
    parser->sax->serror = cxml_report_from_parser;
}

static inline void cxml_schema_parser_report(xmlSchemaParserCtxtPtr parser, cxml_sink *sink) {
    xmlSchemaSetParserStructuredErrors(parser, cxml_report, sink);
}

static inline void cxml_schema_validation_report(xmlSchemaValidCtxtPtr validation, cxml_sink *sink) {
    xmlSchemaSetValidStructuredErrors(validation, cxml_report, sink);
}

static inline void cxml_xpath_report(xmlXPathContextPtr context, cxml_sink *sink) {
    context->error = cxml_report;
    context->userData = sink;
}

/// `xmlFree` is a mutable global function pointer, which Swift cannot call safely.
static inline void cxml_free(void *memory) {
    xmlFree(memory);
}

/// A string that libxml2 may keep and free itself.
static inline char *cxml_copy(const char *string) {
    return (char *)xmlStrdup((const xmlChar *)string);
}

#endif
