package import GerbangJSON
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
    package private(set) var value: JSONValue = .object([:])
    private var root = Spot()
    private let text: String

    /// Where a value stands, and the values in it: a tree of the same form as the document, which is cheap to make and
    /// seldom looked at.
    private struct Spot: Sendable {
        /// The value's place; a field's is that of its name.
        var place: Place?
        /// How a scalar is written.
        var scalar: ScalarText.Start?
        /// The names of a mapping's fields.
        var names: [String] = []
        /// The fields of a mapping, or the items of a sequence.
        var inner: [Spot] = []

        subscript(token: String) -> Spot? {
            guard let position = names.isEmpty ? Int(token) : names.firstIndex(of: token),
                inner.indices.contains(position)
            else { return nil }
            return inner[position]
        }
    }

    /// Reads a text.
    ///
    /// - Throws: ``Malformed`` when it is not YAML, has anchors or aliases, or gives a field twice.
    package init(_ text: String) throws(Malformed) {
        self.text = text
        do {
            // Tags are not wanted, and finding them takes longer than all the rest.
            let parser = try Parser(yaml: text, resolver: .basic)
            guard let node = try parser.singleRoot() else { return }
            // Nodes hold their anchors weakly; the parser keeps them.
            (value, root) = try withExtendedLifetime(parser) { try Self.convert(node) }
        } catch let error as Malformed {
            throw error
        } catch let error as YamlError {
            throw Self.malformed(error)
        } catch {
            throw Malformed(message: "is not YAML")
        }
    }

    /// Where the value that `pointer` points at stands, or the nearest value around it; a field at its name.
    package func place(of pointer: JSONPointer) -> Place? {
        var spot = root
        var place = root.place
        for token in pointer.tokens {
            guard let next = spot[token] else { break }
            spot = next
            place = spot.place ?? place
        }
        return place
    }

    /// Where the character at `offset` (in Unicode scalars) of the text that `pointer` points at stands.
    package func place(of pointer: JSONPointer, offset: Int) -> Place? {
        var spot: Spot? = root
        for token in pointer.tokens { spot = spot?[token] }
        guard let start = spot?.scalar else { return place(of: pointer) }
        return ScalarText(start: start, in: text).place(at: offset)
    }

    private static func convert(_ node: Node) throws -> (JSONValue, Spot) {
        var spot = Spot(place: node.mark.map { place($0) })
        // Aliases arrive resolved, so that a few lines could stand for billions; their anchors give them away.
        guard node.anchor == nil else { throw alias(node) }
        switch node {
        case .scalar(let scalar):
            if let mark = scalar.mark {
                spot.scalar = ScalarText.Start(place: place(mark), style: style(scalar.style))
            }
            return (self.scalar(scalar), spot)
        case .sequence(let sequence):
            var items: [JSONValue] = []
            items.reserveCapacity(sequence.count)
            spot.inner.reserveCapacity(sequence.count)
            for item in sequence {
                let (value, inner) = try convert(item)
                items.append(value)
                spot.inner.append(inner)
            }
            return (.array(items), spot)
        case .mapping(let mapping):
            var members: [(String, JSONValue)] = []
            members.reserveCapacity(mapping.count)
            spot.names.reserveCapacity(mapping.count)
            spot.inner.reserveCapacity(mapping.count)
            for (key, value) in mapping {
                guard let name = key.scalar?.string else {
                    let mark = key.mark
                    throw Malformed(line: mark?.line, column: mark?.column, message: "a field's name must be a text")
                }
                let content = try convert(value)
                var inner = content.1
                // An issue with a field is shown at its name, which is where one looks for it.
                if let mark = key.mark { inner.place = place(mark) }
                members.append((name, content.0))
                spot.names.append(name)
                spot.inner.append(inner)
            }
            return (.object(JSONObject(uniqueKeysWithValues: members)), spot)
        case .alias:
            throw alias(node)
        }
    }

    private static func alias(_ node: Node) -> Malformed {
        Malformed(line: node.mark?.line, column: node.mark?.column, message: "anchors and aliases are not allowed")
    }

    private static func place(_ mark: Mark) -> Place { Place(line: mark.line, column: mark.column) }

    private static func style(_ style: Node.Scalar.Style) -> ScalarText.Style {
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
