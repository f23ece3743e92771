internal import GerbangXML

/// Validates elements by the description's schemas.
final class SchemaValidator: Sendable {
    private let schema: XMLSchema

    /// Builds the schema; nil where libxml2 cannot because of a content model that is not deterministic, which is then
    /// told to `warn`.
    static func build(_ emitter: SchemaEmitter, limits: LoadLimits, warn: (String) -> Void) throws(SOAPError)
        -> SchemaValidator?
    {
        let files = emitter.files()
        var xml = limits.xml
        xml.maximumBytes = 2 * limits.maximumBytes
        xml.maximumDepth = 256
        do throws(XMLError) {
            return SchemaValidator(try XMLSchema(files: files, root: SchemaEmitter.root, limits: xml))
        } catch {
            if error.message.contains("not determinist") {
                warn("messages are not validated by schema: \(SOAPError.shown(error.message))")
                return nil
            }
            let number = error.file.flatMap { name in Int(name.dropFirst().prefix { $0.isNumber }) }
            let source =
                error.file?.hasPrefix("s") == true
                ? number.flatMap { number in emitter.set.files.first { $0.number == number } } : nil
            throw SOAPError(.schema, SOAPError.shown(error.message), file: source?.file)
        }
    }

    private init(_ schema: XMLSchema) {
        self.schema = schema
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
