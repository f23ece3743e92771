internal import GerbangJSON
internal import Yams

/// A YAML document as JSON, with the place of every value.
///
/// Plain scalars follow the JSON schema of YAML 1.2 (§10.2): `null`, `true`, `false` and JSON's numbers, kept to the
/// digit; everything else, and everything in quotes, is text.
struct YAMLDocument {
    /// A text that is not YAML.
    struct Malformed: Error {
        var line: Int?
        var column: Int?
        var message: String
    }

    private(set) var value: JSONValue = .object([:])
    private var marks: [JSONPointer: Mark] = [:]

    init(_ text: String) throws {
        do {
            let parser = try Parser(yaml: text)
            guard let node = try parser.singleRoot() else { return }
            // Nodes hold their anchors weakly; the parser keeps them.
            value = try withExtendedLifetime(parser) { try convert(node, at: .root) }
        } catch let error as YamlError {
            throw Self.malformed(error)
        }
    }

    /// Where the value that `pointer` points at stands, or the nearest value around it.
    func mark(of pointer: JSONPointer) -> Mark? {
        var tokens = pointer.tokens
        while true {
            if let mark = marks[JSONPointer(tokens: tokens)] { return mark }
            guard !tokens.isEmpty else { return nil }
            tokens.removeLast()
        }
    }

    private mutating func convert(_ node: Node, at pointer: JSONPointer) throws -> JSONValue {
        if marks[pointer] == nil { marks[pointer] = node.mark }
        // Aliases arrive resolved, so that a few lines could stand for billions; their anchors give them away.
        guard node.anchor == nil else {
            throw Malformed(
                line: node.mark?.line,
                column: node.mark?.column,
                message: "anchors and aliases are not allowed"
            )
        }
        switch node {
        case .scalar(let scalar):
            return Self.scalar(scalar)
        case .sequence(let sequence):
            var items: [JSONValue] = []
            for (index, item) in sequence.enumerated() { items.append(try convert(item, at: pointer.appending(index))) }
            return .array(items)
        case .mapping(let mapping):
            var object = JSONObject()
            for (key, value) in mapping {
                guard let name = key.scalar?.string else {
                    throw Malformed(
                        line: key.mark?.line,
                        column: key.mark?.column,
                        message: "a field's name must be a text"
                    )
                }
                let place = pointer.appending(name)
                // An issue with a field is shown at its name, which is where one looks for it.
                marks[place] = key.mark
                object[name] = try convert(value, at: place)
            }
            return .object(object)
        case .alias:
            throw Malformed(
                line: node.mark?.line,
                column: node.mark?.column,
                message: "anchors and aliases are not allowed"
            )
        }
    }

    private static func scalar(_ scalar: Node.Scalar) -> JSONValue {
        guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
        switch scalar.string {
        case "", "~", "null": return .null
        case "true": return true
        case "false": return false
        default: return JSONNumber(scalar.string).map { .number($0) } ?? .string(scalar.string)
        }
    }

    private static func malformed(_ error: YamlError) -> Malformed {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return Malformed(line: mark.line, column: mark.column, message: "is not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let (mark, names) = (context.mark, duplicates.joined(separator: ", "))
            return Malformed(line: mark.line, column: mark.column, message: "a field is given twice: \(names)")
        default:
            return Malformed(message: "is not YAML")
        }
    }
}
