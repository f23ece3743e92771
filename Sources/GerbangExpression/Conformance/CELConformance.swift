package import GerbangJSON

/// Runs the cases of a file in the form of the language's own conformance suite, and says which fail.
///
/// A case has an expression (`expr`) and the value that it must have (`value`, by type) or the mark that it has none
/// (`error`). `bindings` are the variables, `declared` the names that the checker knows, `dynamic` leaves the checker out, and
/// `container` is the scope of names.
package enum CELConformance {
    /// A case that came out otherwise than it must.
    package struct Failure: Sendable, Hashable {
        /// The file of the suite, the section in it and the name of the case.
        package let name: String
        /// The expression.
        package let expression: String
        /// What was expected and what came out.
        package let message: String
    }

    /// What came of the cases of one file of the suite.
    package struct Tally: Sendable, Hashable {
        /// The file of the suite.
        package let file: String
        /// How many cases came out as they must.
        package var passed = 0
        /// Those that did not.
        package var failures: [Failure] = []

        /// How many cases there are.
        package var count: Int { passed + failures.count }
    }

    /// Runs all cases.
    ///
    /// - Parameter json: The content of the file: an array of cases.
    /// - Throws: ``CELError/Code/invalidValue`` when it has another form.
    /// - Returns: A tally per file of the suite, in the order in which the files come.
    package static func run(_ json: JSONValue) throws(CELError) -> [Tally] {
        guard let cases = json.arrayValue else {
            throw CELError(code: .invalidValue, message: "a file of cases is an array of objects")
        }
        var tallies: [Tally] = []
        for (index, item) in cases.enumerated() {
            guard let expression = item["expr"]?.stringValue else {
                throw CELError(code: .invalidValue, message: "the case at index \(index) has no text 'expr'")
            }
            let file = item["file"]?.stringValue ?? "cases"
            let position = tallies.firstIndex { $0.file == file } ?? tallies.count
            if position == tallies.count { tallies.append(Tally(file: file)) }
            guard let message = complaint(about: item, expression) else {
                tallies[position].passed += 1
                continue
            }
            let name = [file, item["section"]?.stringValue, item["name"]?.stringValue].compactMap { $0 }.joined(
                separator: "/"
            )
            tallies[position].failures.append(Failure(name: name, expression: expression, message: message))
        }
        return tallies
    }

    /// What is wrong with the outcome of a case; nil if nothing is.
    private static func complaint(about item: JSONValue, _ expression: String) -> String? {
        var bindings: [String: CELValue] = [:]
        for (name, json) in item["bindings"]?.objectValue ?? [:] {
            guard let value = CELValue(tagged: json) else { return "the binding of '\(name)' has no known type" }
            bindings[name] = value
        }
        let declared = (item["declared"]?.arrayValue ?? []).compactMap(\.stringValue) + bindings.keys
        let environment = CELEnvironment(
            variables: Dictionary(declared.map { ($0, .dyn) }, uniquingKeysWith: { first, _ in first }),
            container: item["container"]?.stringValue ?? ""
        )
        let isError = item["error"]?.boolValue ?? false
        let value: CELValue
        do throws(CELError) {
            let isDynamic = item["dynamic"]?.boolValue ?? false
            value = try environment.compile(expression, isChecked: !isDynamic).evaluate(bindings)
        } catch {
            return isError ? nil : "expected a value, got an error: \(error)"
        }
        guard !isError else { return "expected an error, got \(value.notation)" }
        guard let json = item["value"], let expected = CELValue(tagged: json) else {
            return "the case has no known value"
        }
        return value == expected ? nil : "expected \(expected.notation), got \(value.notation)"
    }
}

extension CELValue {
    /// Reads a value that is marked with its type, such as `{"int": "1"}`; nil for any other form.
    package init?(tagged json: JSONValue) {
        guard let members = json.objectValue, members.count == 1,
            let (tag, content) = members.first(where: { _ in true })
        else {
            return nil
        }
        let text = content.stringValue
        switch tag {
        case "null": self = .null
        case "bool":
            guard let value = content.boolValue else { return nil }
            self = .bool(value)
        case "int":
            guard let value = text.flatMap({ Int64($0) }) else { return nil }
            self = .int(value)
        case "uint":
            guard let value = text.flatMap({ UInt64($0) }) else { return nil }
            self = .uint(value)
        case "double":
            guard let value = text.flatMap({ Double($0) }) else { return nil }
            self = .double(value)
        case "string":
            guard let text else { return nil }
            self = .string(text)
        case "bytes":
            guard let value = text.flatMap({ Base64.standard.decode($0) }) else { return nil }
            self = .bytes(value)
        case "type":
            guard let text else { return nil }
            self = .type(CELTypeName(text))
        case "timestamp":
            guard let value = text.flatMap({ CELTimestamp($0) }) else { return nil }
            self = .timestamp(value)
        case "duration":
            guard let value = CELDuration(taggedContent: content) else { return nil }
            self = .duration(value)
        case "list":
            guard let items = content.arrayValue else { return nil }
            let elements = items.compactMap { CELValue(tagged: $0) }
            guard elements.count == items.count else { return nil }
            self = .list(CELList(elements))
        case "map":
            guard let items = content.arrayValue else { return nil }
            var entries: [(CELKey, CELValue)] = []
            for item in items {
                guard let key = item[0].flatMap({ CELValue(tagged: $0) }).flatMap({ CELKey($0) }),
                    let value = item[1].flatMap({ CELValue(tagged: $0) })
                else { return nil }
                entries.append((key, value))
            }
            self = .map(CELMap(entries))
        default: return nil
        }
    }
}

extension CELDuration {
    fileprivate init?(taggedContent content: JSONValue) {
        let seconds =
            content["seconds"].flatMap { $0.stringValue.flatMap { Int64($0) } ?? $0.intValue.map { Int64($0) } } ?? 0
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, tooFar) = product.addingReportingOverflow(Int64(content["nanos"]?.intValue ?? 0))
        guard !overflow, !tooFar else { return nil }
        self.init(nanoseconds: sum)
    }
}
