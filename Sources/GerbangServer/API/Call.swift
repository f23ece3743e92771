internal import GerbangCore
internal import GerbangJSON

/// A call that has been let in and read.
struct Call: Sendable {
    var head: CallHead
    var principal: Principal
    /// What stands in the path for the template's parameter; empty when it has none.
    var parameter: Substring
    /// The query as it came.
    var query: String?
    /// The path as it came.
    var path: String
    /// The body, for endpoints that take one.
    var body: JSONValue = .null
    /// The body as it came, for endpoints that take a SOAP message or check a signature.
    var bytes: [UInt8] = []

    /// The request's identifier from the path.
    func requestID() throws(Failure) -> RequestID {
        guard let id = RequestID(String(parameter)) else { throw .noSuchRequest() }
        return id
    }
}

/// The parameters of a query string, each taken once; what is left over is not known.
struct Query {
    private var items: [(name: String, value: String)] = []

    /// Takes the query apart.
    init(_ text: String?) throws(Failure) {
        for item in (text ?? "").split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), let value = Self.decoded(parts.count > 1 ? parts[1] : "") else {
                throw Failure(.malformedRequest, "the query has a % that two hexadecimal digits of UTF-8 do not follow")
            }
            items.append((name, value))
        }
    }

    /// All values of a parameter, also those that stand in one separated by commas.
    mutating func list(_ name: String) -> [Substring] {
        let values = items.filter { $0.name == name }.flatMap { $0.value.split(separator: ",") }
        items.removeAll { $0.name == name }
        return values
    }

    /// The value of a parameter that may come once.
    mutating func text(_ name: String) throws(Failure) -> String? {
        let values = items.filter { $0.name == name }.map(\.value)
        items.removeAll { $0.name == name }
        guard values.count <= 1 else { throw Self.refusal(name, "may come only once") }
        return values.first
    }

    /// A whole number within `range`.
    mutating func number(_ name: String, in range: ClosedRange<Int>) throws(Failure) -> Int? {
        guard let text = try text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Self.refusal(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// `true` or `false`.
    mutating func flag(_ name: String) throws(Failure) -> Bool? {
        switch try text(name) {
        case nil: return nil
        case "true": return true
        case "false": return false
        default: throw Self.refusal(name, "must be true or false")
        }
    }

    /// A name of a service, connection or client.
    mutating func identifier<ID: Identifier>(_ name: String, _ type: ID.Type) throws(Failure) -> ID? {
        guard let text = try text(name) else { return nil }
        do throws(GerbangError) {
            return try ID(text)
        } catch {
            throw Self.refusal(name, "is \(error.message)")
        }
    }

    /// Refuses whatever has not been taken.
    func finish() throws(Failure) {
        guard let item = items.first else { return }
        let name = SafeName.shown(item.name)
        throw Failure(
            .invalidInput,
            "there is no query parameter \(name ?? "of this name") here",
            at: name.map { .parameter($0) }
        )
    }

    static func refusal(_ name: String, _ reason: String) -> Failure {
        Failure(.invalidInput, "the query parameter \(name) \(reason)", at: .parameter(name))
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap({ Hexadecimal.value(of: $0) }),
                    let low = rest.popFirst().flatMap({ Hexadecimal.value(of: $0) })
                else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

/// Names that a caller chose, as far as they can be repeated to them: what does not look like the name of a field could be
/// personal data that went astray.
enum SafeName {
    static func shown(_ name: String) -> String? {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        let digits = name.utf8.count { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return isPlain && (1...40).contains(name.utf8.count) && digits <= 4 ? name : nil
    }
}
