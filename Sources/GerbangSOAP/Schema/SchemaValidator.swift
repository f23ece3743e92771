internal import GerbangXML

/// Validates elements by the description's schemas.
final class SchemaValidator: Sendable {
    private let schema: XMLSchema
    /// The types whose content it passes over.
    let openTypes: Set<Int>

    /// How often types are opened before validation is given up; one round finds some hundred of them.
    private static let maximumRounds = 500
    /// How much libxml2 may be given to read in all rounds together.
    private static let maximumBytes = 1 << 30

    /// Builds the schema.
    ///
    /// libxml2 refuses a whole schema for one content model in which an element may belong to more than one particle, or
    /// for one `xs:all` beside something else. Such a type is opened, and such an `xs:all` relaxed, so that everything else is
    /// still validated, and `warn` is told.
    ///
    /// - Parameter sources: The declarations of the types by their numbers.
    /// - Returns: nil where libxml2 refuses the schema for such a model all the same, which is told to `warn` too.
    static func build(
        _ emitter: inout SchemaEmitter,
        sources: [Int: SchemaComponent],
        limits: LoadLimits,
        warn: (String) -> Void
    ) throws(SOAPError) -> SchemaValidator? {
        var xml = limits.xml
        xml.maximumBytes = 2 * limits.maximumBytes
        xml.maximumDepth = 256
        var opened: [String] = []
        var relaxed: [String] = []
        var last: XMLSchemaProblem?
        var bytes = 0
        for _ in 0..<maximumRounds where bytes < maximumBytes {
            let files = emitter.files()
            bytes += files.texts.values.reduce(0) { $0 + $1.count }
            let problems: [XMLSchemaProblem]
            do throws(XMLError) {
                switch try XMLSchema.build(files: files.texts, root: SchemaEmitter.root, limits: xml) {
                case .built(let schema):
                    if !opened.isEmpty { warn(warning(opened)) }
                    if !relaxed.isEmpty { warn(warning(relaxed: relaxed)) }
                    return SchemaValidator(schema, openTypes: emitter.openTypes(among: sources))
                case .refused(let found): problems = found
                }
            } catch {
                throw refusal(error.message, files.source(error.file, error.line))
            }
            if let problem = problems.first(where: { $0.kind == .other }) {
                throw refusal(problem.message, files.source(problem.file, problem.line))
            }
            guard let first = problems.first else { throw refusal("The schema is not valid.", nil) }
            last = first
            var isMended = false
            for problem in problems {
                guard let place = files.source(problem.file, problem.line) else { continue }
                if problem.kind == .ambiguity {
                    guard emitter.open(place) else { continue }
                    opened.append(name(of: place))
                } else {
                    guard emitter.relax(place) else { continue }
                    relaxed.append(name(of: place))
                }
                isMended = true
            }
            guard isMended else {
                guard first.kind == .misplacedAll else { break }
                throw refusal(first.message, files.source(first.file, first.line))
            }
        }
        warn(
            "messages are not validated by libxml2, only checked when they are read: "
                + SOAPError.shown(last?.message ?? "")
        )
        return nil
    }

    private static func refusal(_ message: String, _ source: SchemaComponent?) -> SOAPError {
        SOAPError(.schema, SOAPError.shown(message), file: source?.file.file, line: source?.element.line)
    }

    private static func warning(_ types: [String]) -> String {
        "the content of these types is not validated by libxml2, only checked when it is read, as an element may belong to "
            + "more than one place in it (unique particle attribution): \(MessageEncoder.list(types))"
    }

    private static func warning(relaxed types: [String]) -> String {
        "how often the elements of these types come is not validated by schema, as xs:all stands where XML Schema 1.0 "
            + "does not allow it: \(MessageEncoder.list(types))"
    }

    /// The name of a type or of what it stands in, and the place.
    static func name(of type: SchemaComponent) -> String {
        let element = type.element
        var named: XMLElement? = element
        while let current = named, current.attribute("name") == nil { named = current.parent }
        let name = named?.attribute("name") ?? ""
        return "\(SOAPError.shown(name)) (\(type.file.file):\(element.line))"
    }

    private init(_ schema: XMLSchema, openTypes: Set<Int>) {
        self.schema = schema
        self.openTypes = openTypes
    }

    /// What is wrong with an element, at most some issues.
    func issues(_ element: XMLElement) throws(SOAPError) -> [XMLValidationIssue] {
        do throws(XMLError) {
            return try schema.validate(element)
        } catch {
            throw SOAPError(.xml, error.message)
        }
    }

    /// Refuses an element that is not valid.
    func check(_ element: XMLElement) throws(SOAPError) {
        guard let first = try issues(element).first else { return }
        throw SOAPError(.xml, first.message, line: first.line, path: first.path)
    }
}
