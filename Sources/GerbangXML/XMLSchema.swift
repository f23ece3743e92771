internal import CLibXML2

/// An XML Schema (XSD 1.0), built once and used for any number of documents, in parallel.
///
/// The files come from memory, and an import or include reaches these files only: never the disk, never the network.
@safe
public final class XMLSchema: Sendable {
    // libxml2 only reads a schema after it was built: all state of a validation is in the validation's own context,
    // and `xsi:schemaLocation`, which could add to a schema, is followed only when validating without one.
    private nonisolated(unsafe) let pointer: xmlSchemaPtr
    private let vocabulary: SchemaVocabulary

    /// The most issues that one validation reports.
    public static let maximumIssues = 100

    /// Builds a schema from files in memory.
    ///
    /// A location is resolved as a relative path against the name of the file it stands in, or as an absolute URI
    /// that is itself the name of a file.
    ///
    /// - Parameters:
    ///   - files: The files by name: a relative path (`common/types.xsd`) or an absolute URI.
    ///   - root: The name of the file to start from.
    ///   - limits: What is accepted of each file; `maximumBytes` holds for all files together.
    /// - Throws: ``XMLError`` with the file and line: `xml.schema-location` for a location that is none of the files,
    ///   `xml.schema` for an invalid schema, and those of ``XMLDocument/init(parsing:limits:charset:)``.
    public init(
        files: [String: [UInt8]],
        root: String,
        limits: XMLLimits = XMLLimits()
    ) throws(XMLError) {
        let (schema, vocabulary, problems) = unsafe try Self.parse(files, root, limits)
        guard let schema = unsafe schema else {
            let problem = problems.first
            throw XMLError(
                .schema,
                problem?.message ?? "The schema is not valid.",
                line: problem?.line,
                file: problem?.file
            )
        }
        unsafe pointer = unsafe schema
        self.vocabulary = vocabulary
    }

    /// Builds a schema, or tells everything that libxml2 finds wrong with it.
    ///
    /// - Throws: What ``init(files:root:limits:)`` throws before libxml2 sees the files.
    package static func build(
        files: [String: [UInt8]],
        root: String,
        limits: XMLLimits
    ) throws(XMLError) -> Attempt {
        let (schema, vocabulary, problems) = unsafe try parse(files, root, limits)
        guard let schema = unsafe schema else { return .refused(problems) }
        return unsafe .built(XMLSchema(schema, vocabulary))
    }

    /// What became of files that a schema was to be built from.
    package enum Attempt {
        case built(XMLSchema)
        case refused([XMLSchemaProblem])
    }

    private init(_ pointer: xmlSchemaPtr, _ vocabulary: SchemaVocabulary) {
        unsafe self.pointer = unsafe pointer
        self.vocabulary = vocabulary
    }

    private static func parse(
        _ files: [String: [UInt8]],
        _ root: String,
        _ limits: XMLLimits
    ) throws(XMLError) -> (xmlSchemaPtr?, SchemaVocabulary, [XMLSchemaProblem]) {
        let sources = try SchemaFiles(files, root: root, limits: limits)
        let (schema, problems) = unsafe SchemaFiles.$building.withValue(sources) {
            unsafe LibXML2.run {
                unsafe ProblemList.collect { sink -> xmlSchemaPtr? in
                    guard let parser = unsafe xmlSchemaNewParserCtxt(sources.root) else { return nil }
                    defer { unsafe xmlSchemaFreeParserCtxt(parser) }
                    unsafe cxml_schema_parser_report(parser, sink)
                    return unsafe xmlSchemaParse(parser)
                }
            }
        }
        return unsafe (schema, sources.vocabulary, problems.map { XMLSchemaProblem($0, in: sources) })
    }

    deinit {
        unsafe xmlSchemaFree(pointer)
    }

    /// Validates a whole document.
    ///
    /// - Returns: What is wrong, in document order, at most ``maximumIssues``; empty for a valid document.
    public func validate(_ document: XMLDocument) throws(XMLError) -> [XMLValidationIssue] {
        try validate(document.root)
    }

    /// Validates an element, such as the first in a SOAP body, as if it were a document of its own.
    public func validate(_ element: XMLElement) throws(XMLError) -> [XMLValidationIssue] {
        let (result, problems) = LibXML2.run {
            unsafe ProblemList.collect(maximum: Self.maximumIssues) { sink -> Int32 in
                guard let validation = unsafe xmlSchemaNewValidCtxt(pointer) else { return -1 }
                defer { unsafe xmlSchemaFreeValidCtxt(validation) }
                unsafe cxml_schema_validation_report(validation, sink)
                return unsafe xmlSchemaValidateOneElement(validation, element.node)
            }
        }
        guard result >= 0, result == 0 || !problems.isEmpty else {
            throw XMLError(.internal, "The validation failed for a reason unknown.")
        }
        return problems.map { XMLValidationIssue($0, below: element, vocabulary) }
    }
}

/// Something that libxml2 finds wrong with the files of a schema.
package struct XMLSchemaProblem: Sendable {
    /// libxml2's own words; a schema's texts are no secret.
    package let message: String
    /// The name of the file, where it is known.
    package let file: String?
    /// The line in the file, where it is known.
    package let line: Int?
    /// Which rule is broken, as far as somebody can do something about it.
    package let kind: Kind

    package enum Kind: Sendable {
        /// A content model in which an element may belong to more than one particle (XML Schema 1.0, section 3.8.6, unique
        /// particle attribution).
        case ambiguity
        /// An `xs:all` where it may not be (section 3.8.6, all group limited), such as in an extended type.
        case misplacedAll
        case other
    }

    init(_ problem: ProblemList.Problem, in files: SchemaFiles) {
        message = String(problem.message.prefix(400))
        file = problem.file.flatMap { files.name(of: $0) }
        line = problem.line > 0 ? problem.line : nil
        kind =
            switch problem.code {
            case XML_SCHEMAP_NOT_DETERMINISTIC.rawValue: .ambiguity
            case XML_SCHEMAP_COS_ALL_LIMITED.rawValue: .misplacedAll
            default: .other
            }
    }
}
