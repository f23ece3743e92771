internal import GerbangCore
internal import GerbangExpression
internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangXML
internal import GerbangYAML

/// What is known and found while a manifest is read: its places, its mistakes and its variables.
///
/// It lives as long as the reading and stays in its task.
final class Compilation {
    let file: String
    let document: YAMLDocument
    /// What lies beside the manifest.
    var files: ManifestFiles
    /// The files with a service that were read.
    var serviceFiles: Set<String> = []
    /// The descriptions that were loaded, or why they could not be.
    var descriptions: [String: Result<WSDL, SOAPError>] = [:]
    /// Whether a contract is broken, so that one may be missing without being another mistake.
    var hasBrokenContract = false
    private(set) var issues: [ManifestIssue] = []
    /// The operation that is read at present.
    var operation: String?
    /// Whether what expressions read of the input will be compared with services: finding it takes every expression apart again.
    var notesInput = false
    /// What expressions read of the input.
    private(set) var inputUses: [InputUse] = []
    /// What was compiled: operations share many expressions and paths.
    private var programs: [ProgramKey: CELProgram] = [:]
    private var paths: [PathKey: XMLPath] = [:]

    private struct ProgramKey: Hashable {
        let source: String
        let type: CELType
        let layer: ObjectIdentifier
    }

    /// A member of the input that an expression of an operation reads.
    struct InputUse {
        struct Place: Hashable {
            let pointer: JSONPointer
            let offset: Int
            let members: [String]
        }

        let operation: String
        let place: Place
    }

    private struct PathKey: Hashable {
        let text: String
        let namespaces: [String: String]
    }

    init(document: YAMLDocument, file: String, files: ManifestFiles) {
        self.document = document
        self.file = file
        self.files = files
    }

    // MARK: Issues

    /// How many errors were found: what depends on a part that is wrong is not another mistake.
    var errorCount: Int { issues.count { $0.severity == .error } }

    /// Reports a mistake at a place.
    func report(
        _ message: String,
        at pointer: JSONPointer,
        offset: Int? = nil,
        severity: ManifestIssue.Severity = .error
    ) {
        let place = offset.map { document.place(of: pointer, offset: $0) } ?? document.place(of: pointer)
        issues.append(
            ManifestIssue(
                severity: severity,
                file: file,
                line: place?.line,
                column: place?.column,
                field: pointer.tokens.joined(separator: "."),
                message: message
            )
        )
    }

    /// Takes over what a reader found.
    func take(_ issues: [SettingsIssue]) {
        for issue in issues { report(issue.message, at: issue.pointer) }
    }

    // MARK: Expressions

    /// Compiles an expression.
    ///
    /// - Parameters:
    ///   - offset: Where the expression begins in the text at `pointer`, in Unicode scalars.
    func expression(
        _ source: String,
        at pointer: JSONPointer,
        offset: Int = 0,
        in scope: ExpressionScope,
        expecting type: CELType = .dyn
    ) -> Expression? {
        do throws(CELError) {
            let program = try program(source, in: scope.narrowed(to: source), expecting: type)
            note(source, at: pointer, offset: offset, in: scope)
            return scope.expression(program, field: pointer.tokens.joined(separator: "."))
        } catch {
            var message = error.message
            if error.code == .undeclaredName {
                // The language lists its variables one by one; here they are drawn together.
                let words = message.prefix { $0 != ";" }
                let parts = scope.parts(of: words.split(separator: "'").dropFirst().first.map { String($0) } ?? "")
                message =
                    parts.isEmpty
                    ? "\(words); known here are: \(scope.description)"
                    : "there is no such part of it; there are: \(parts.joined(separator: ", "))"
            }
            let place = offset + Self.offset(ofLine: error.line, column: error.column, in: source)
            report(message, at: pointer, offset: place)
            return nil
        }
    }

    private func note(_ source: String, at pointer: JSONPointer, offset: Int, in scope: ExpressionScope) {
        guard let operation, notesInput, source.hasBytes(of: CallVariable.input.rawValue) else { return }
        for path in scope.environment.memberPaths(of: CallVariable.input.rawValue, in: source) {
            let place = InputUse.Place(pointer: pointer, offset: offset + path.offset, members: path.members)
            inputUses.append(InputUse(operation: operation, place: place))
        }
    }

    private func program(
        _ source: String,
        in scope: ExpressionScope,
        expecting type: CELType
    ) throws(CELError) -> CELProgram {
        let key = ProgramKey(source: source, type: type, layer: ObjectIdentifier(scope.layer))
        if let known = programs[key] { return known }
        let program = try scope.environment.compileShared(source, expecting: type)
        programs[key] = program
        return program
    }

    /// Compiles a path of XML.
    func path(_ text: String, at pointer: JSONPointer, _ namespaces: [String: String]) -> XMLPath? {
        let key = PathKey(text: text, namespaces: namespaces)
        if let known = paths[key] { return known }
        do throws(XMLError) {
            let path = try XMLPath(text, namespaces: namespaces)
            paths[key] = path
            return path
        } catch {
            report(error.message, at: pointer)
            return nil
        }
    }

    private static func offset(ofLine line: Int, column: Int, in source: String) -> Int {
        var offset = 0
        var current = 1
        for scalar in source.unicodeScalars {
            if current == line { break }
            if scalar == "\n" { current += 1 }
            offset += 1
        }
        return offset + column - 1
    }

    /// Compiles a text with expressions in it.
    func text(_ text: String, at pointer: JSONPointer, in scope: ExpressionScope) -> TextTemplate {
        TextTemplate(parts: parts(of: text, at: pointer, in: scope), field: pointer.tokens.joined(separator: "."))
    }

    private func parts(of text: String, at pointer: JSONPointer, in scope: ExpressionScope) -> [TextPart] {
        let template: TemplateText
        do throws(TemplateText.Unclosed) {
            template = try TemplateText(text)
        } catch {
            report("a '${' has no '}'; write $${ for the characters themselves", at: pointer, offset: error.offset)
            return []
        }
        return template.parts.compactMap { part in
            switch part {
            case .literal(let literal): .literal(literal)
            case .expression(let source, let offset):
                expression(source, at: pointer, offset: offset, in: scope).map { .expression($0) }
            }
        }
    }

    /// Compiles a scalar, which may be one expression as a whole.
    private func scalar(_ text: String, at pointer: JSONPointer, in scope: ExpressionScope) -> Template {
        let parts = parts(of: text, at: pointer, in: scope)
        guard parts.count == 1 else { return parts.isEmpty ? .literal(.string("")) : .text(parts) }
        switch parts[0] {
        case .literal(let literal): return .literal(.string(literal))
        case .expression(let expression): return .expression(expression)
        }
    }

    /// Compiles a tree of values with expressions in them.
    func template(_ value: JSONValue, at pointer: JSONPointer, in scope: ExpressionScope) -> Template {
        switch value {
        case .string(let text): return scalar(text, at: pointer, in: scope)
        case .array(let items):
            return .list(
                items.enumerated().map { template($0.element, at: pointer.appending($0.offset), in: scope) }
            )
        case .object(let object):
            var members: [Template.Member] = []
            var condition: Expression?
            for (name, value) in object {
                let place = pointer.appending(name)
                if name == Self.conditionKey {
                    condition = self.condition(value, at: place, in: scope)
                    continue
                }
                let name = text(name, at: place, in: scope)
                members.append(Template.Member(name: name, value: template(value, at: place, in: scope)))
            }
            return .object(members, condition: condition)
        default: return .literal(value)
        }
    }

    /// The name under which an object says when it is there at all.
    static let conditionKey = "?"

    /// Compiles a condition: an expression without `${}`.
    func condition(_ value: JSONValue?, at pointer: JSONPointer, in scope: ExpressionScope) -> Expression? {
        source(value, at: pointer).flatMap { expression($0, at: pointer, in: scope, expecting: .bool) }
    }

    /// The text of a field that is an expression as a whole.
    func source(_ value: JSONValue?, at pointer: JSONPointer) -> String? {
        switch value {
        case .string(let text):
            guard !text.hasPrefix("${") else {
                report("is an expression as a whole: leave out the ${ and }", at: pointer)
                return nil
            }
            return text
        case .bool(let value): return value ? "true" : "false"
        case .number(let number): return number.text
        default:
            report("must be an expression", at: pointer)
            return nil
        }
    }

    // MARK: Secrecy

    /// Reports expressions that would show a secret where it does not belong.
    func refusePrivate(_ expressions: [Expression], at pointer: JSONPointer, what: String) {
        for expression in expressions where expression.isPrivate {
            report(
                "\(what) would show a secret: 'secret' and 'sent' may be read for what is sent, as decoding keys, and in"
                    + " expressions that are only true or false",
                at: pointer
            )
        }
    }
}

extension Compilation {
    /// Reads an object strictly.
    func read<Value>(
        _ value: JSONValue,
        at pointer: JSONPointer,
        _ body: (inout SettingsReader) -> Value?
    ) -> Value? {
        var reader = SettingsReader(value, at: pointer)
        guard reader.issues.isEmpty else {
            take(reader.issues)
            return nil
        }
        let result = body(&reader)
        reader.reportUnknownKeys()
        take(reader.issues)
        return result
    }

    /// Compiles a value that ends as text: a scalar, a list of scalars, or `{json: …}` for the JSON text of a tree.
    func value(_ value: JSONValue, at pointer: JSONPointer, in scope: ExpressionScope) -> Template {
        if let object = value.objectValue {
            guard object.count == 1, let tree = object["json"] else {
                report("must be a text, a list of texts, or {json: …}", at: pointer)
                return .literal(.null)
            }
            return .encodedJSON(template(tree, at: pointer.appending("json"), in: scope))
        }
        return template(value, at: pointer, in: scope)
    }

    /// Compiles named values, each of which may read those before it.
    func lets(_ value: JSONValue, at pointer: JSONPointer, in scope: inout ExpressionScope) {
        guard let object = value.objectValue else {
            report("must be names with their expressions", at: pointer)
            return
        }
        for (name, source) in object {
            let place = pointer.appending(name)
            guard SettingsPlan.isName(name), name != "value" else {
                report("must be a name of letters, digits and '_', and not 'value'", at: place)
                continue
            }
            guard !scope.has(name) else {
                report("is the name of another value already", at: place)
                continue
            }
            guard let source = self.source(source, at: place),
                let expression = expression(source, at: place, in: scope)
            else { continue }
            do throws(CELError) {
                try scope.add(NamedValue(name: name, expression: expression))
            } catch {
                report(error.message, at: place)
            }
        }
    }

    /// Reports expressions in texts that must be fixed, so that nobody's data gets into an error.
    func refuseExpressions(in values: [JSONValue?], at pointer: JSONPointer) {
        for value in values where value?.stringValue?.hasBytes(of: "${") == true {
            report("texts of errors are fixed: they must not repeat input or answers", at: pointer)
        }
    }
}
