package import GerbangJSON
internal import Synchronization
internal import Yams

/// A YAML document as JSON, with the place of every value.
///
/// Plain scalars follow the JSON schema of YAML 1.2 (§10.2): `null`, `true`, `false` and JSON's numbers, kept to the
/// digit; everything else, and everything in quotes, is text.
package struct YAMLDocument: Sendable {
    /// A text that is not YAML.
    package struct Malformed: Error, Sendable, Hashable {
        /// The line, from 1.
        package var line: Int?
        /// The column, from 1.
        package var column: Int?
        /// What is wrong.
        package var message: String
    }

    /// A place in the text, counted from 1.
    package struct Place: Sendable, Hashable {
        /// The line.
        package var line: Int
        /// The column.
        package var column: Int
    }

    /// The document's content.
    package let value: JSONValue
    /// The places of the values, for who keeps them longer than the content.
    package let places: YAMLPlaces

    /// Reads a text.
    ///
    /// - Throws: ``Malformed`` when it is not YAML, has anchors or aliases, or gives a field twice.
    package init(_ text: String) throws(Malformed) {
        places = YAMLPlaces(text)
        value = try Self.read(text) { node in try Self.convert(node) } ?? .object([:])
    }

    /// See ``YAMLPlaces/place(of:)``.
    package func place(of pointer: JSONPointer) -> Place? { places.place(of: pointer) }

    /// See ``YAMLPlaces/place(of:offset:)``.
    package func place(of pointer: JSONPointer, offset: Int) -> Place? { places.place(of: pointer, offset: offset) }

    /// Hands the text's root to `body`; `nil` for an empty text.
    fileprivate static func read<Result>(
        _ text: String,
        _ body: (Node) throws -> Result
    ) throws(Malformed) -> Result? {
        do {
            // Tags are not wanted, and finding them takes longer than all the rest.
            let parser = try Parser(yaml: text, resolver: .basic)
            guard let node = try parser.singleRoot() else { return nil }
            // Nodes hold their anchors weakly; the parser keeps them.
            return try withExtendedLifetime(parser) { try body(node) }
        } catch let error as Malformed {
            throw error
        } catch let error as YamlError {
            throw malformed(error)
        } catch {
            throw Malformed(message: "is not YAML")
        }
    }

    private static func convert(_ node: Node) throws -> JSONValue {
        // Aliases arrive resolved, so that a few lines could stand for billions; their anchors give them away.
        guard node.anchor == nil else { throw alias(node) }
        switch node {
        case .scalar(let scalar):
            return Self.scalar(scalar)
        case .sequence(let sequence):
            var items: [JSONValue] = []
            items.reserveCapacity(sequence.count)
            for item in sequence { items.append(try convert(item)) }
            return .array(items)
        case .mapping(let mapping):
            var object = JSONObject()
            for (key, value) in mapping {
                guard let name = key.scalar?.string else {
                    let mark = key.mark
                    throw Malformed(line: mark?.line, column: mark?.column, message: "a field's name must be a text")
                }
                object[name] = try convert(value)
            }
            return .object(object)
        case .alias:
            throw alias(node)
        }
    }

    private static func alias(_ node: Node) -> Malformed {
        Malformed(line: node.mark?.line, column: node.mark?.column, message: "anchors and aliases are not allowed")
    }

    fileprivate static func place(_ mark: Mark) -> Place { Place(line: mark.line, column: mark.column) }

    fileprivate static func style(_ style: Node.Scalar.Style) -> ScalarText.Style {
        switch style {
        case .singleQuoted: .singleQuoted
        case .doubleQuoted: .doubleQuoted
        case .literal: .literal
        case .folded: .folded
        case .any, .plain: .plain
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

/// The places of a document's values. Most documents have nothing wrong with them, and finding the places of a large one takes
/// longer than reading it; so they are found when one is first asked for.
package final class YAMLPlaces: Sendable {
    private struct Found: Sendable {
        var byPointer: [JSONPointer: YAMLDocument.Place] = [:]
        var scalars: [JSONPointer: ScalarText.Start] = [:]

        mutating func note(_ node: Node, at pointer: JSONPointer) {
            if let mark = node.mark, byPointer[pointer] == nil { byPointer[pointer] = YAMLDocument.place(mark) }
            switch node {
            case .scalar(let scalar):
                guard let mark = scalar.mark else { return }
                scalars[pointer] = ScalarText.Start(
                    place: YAMLDocument.place(mark),
                    style: YAMLDocument.style(scalar.style)
                )
            case .sequence(let sequence):
                for (index, item) in sequence.enumerated() { note(item, at: pointer.appending(index)) }
            case .mapping(let mapping):
                for (key, value) in mapping {
                    guard let name = key.scalar?.string else { continue }
                    let place = pointer.appending(name)
                    // An issue with a field is shown at its name, which is where one looks for it.
                    if let mark = key.mark { byPointer[place] = YAMLDocument.place(mark) }
                    note(value, at: place)
                }
            case .alias:
                return
            }
        }
    }

    private let text: String
    private let state = Mutex<Found?>(nil)

    init(_ text: String) {
        self.text = text
    }

    /// Where the value that `pointer` points at stands, or the nearest value around it; a field at its name.
    package func place(of pointer: JSONPointer) -> YAMLDocument.Place? {
        let places = found
        var tokens = pointer.tokens
        while true {
            if let place = places.byPointer[JSONPointer(tokens: tokens)] { return place }
            guard !tokens.isEmpty else { return nil }
            tokens.removeLast()
        }
    }

    /// Where the character at `offset` (in Unicode scalars) of the text that `pointer` points at stands.
    package func place(of pointer: JSONPointer, offset: Int) -> YAMLDocument.Place? {
        guard let start = found.scalars[pointer] else { return place(of: pointer) }
        return ScalarText(start: start, in: text).place(at: offset)
    }

    private var found: Found {
        state.withLock { state in
            if let found = state { return found }
            var found = Found()
            // The text has been read once, or nobody would ask.
            _ = try? YAMLDocument.read(text) { found.note($0, at: .root) }
            state = found
            return found
        }
    }
}
