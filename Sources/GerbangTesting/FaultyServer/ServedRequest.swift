public import GerbangCore
public import HTTPTypes

/// A request as a ``LoopbackServer`` received it, complete with its body.
public struct ServedRequest: Sendable, Hashable {
    /// The HTTP method.
    public var method: HTTPRequest.Method
    /// The target as it stood in the request line: path and query, still encoded.
    public var target: String
    /// The segments of the path, decoded.
    public var path: [String]
    /// The items of the query in order, decoded.
    public var query: [WireRequest.QueryItem]
    /// The header fields.
    public var headerFields: HTTPFields
    /// The body.
    public var body: [UInt8]
    /// Which connection of the server this is, counted from 1.
    public var connectionNumber: Int
    /// Which request on its connection this is, counted from 1.
    public var requestNumberOnConnection: Int

    /// The path as one text, decoded, starting with a slash.
    public var pathText: String { "/" + path.joined(separator: "/") }

    /// The value of the first query item called `name`.
    public func queryValue(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }
}

extension ServedRequest {
    /// Takes a request head apart, up to and without its empty line; `nil` when it is not HTTP/1.
    init?(head: ArraySlice<UInt8>, connectionNumber: Int, requestNumberOnConnection: Int) {
        var lines = head.split(separator: UInt8(ascii: "\n"))[...]
        guard let requestLine = lines.popFirst() else { return nil }
        let parts = Self.withoutReturn(requestLine).split(
            separator: UInt8(ascii: " "),
            omittingEmptySubsequences: false
        )
        guard parts.count == 3,
            let method = HTTPRequest.Method(rawValue: String(decoding: parts[0], as: UTF8.self)),
            parts[1].first == UInt8(ascii: "/"),
            parts[1].allSatisfy({ $0 > 0x20 && $0 < 0x7f }),
            parts[2].elementsEqual("HTTP/1.1".utf8) || parts[2].elementsEqual("HTTP/1.0".utf8)
        else { return nil }
        var fields = HTTPFields()
        for line in lines {
            let line = Self.withoutReturn(line)
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
                let name = HTTPField.Name(String(decoding: line[..<colon], as: UTF8.self))
            else { return nil }
            let value = line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            fields.append(HTTPField(name: name, value: value))
        }
        // Version 1.0 closes unless told otherwise; the rest of the server knows the rule of 1.1 only.
        if parts[2].last == UInt8(ascii: "0"), fields[.connection] == nil {
            fields[.connection] = "close"
        }
        self.method = method
        target = String(decoding: parts[1], as: UTF8.self)
        (path, query) = Self.split(target: parts[1])
        headerFields = fields
        body = []
        self.connectionNumber = connectionNumber
        self.requestNumberOnConnection = requestNumberOnConnection
    }

    private static func withoutReturn(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }

    private static func split(target: ArraySlice<UInt8>) -> ([String], [WireRequest.QueryItem]) {
        let mark = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        let path = target[..<mark].dropFirst().split(separator: UInt8(ascii: "/")).map {
            decoded($0, plusIsSpace: false)
        }
        let query = target[mark...].dropFirst().split(separator: UInt8(ascii: "&")).map { item in
            let equals = item.firstIndex(of: UInt8(ascii: "=")) ?? item.endIndex
            return WireRequest.QueryItem(
                decoded(item[..<equals], plusIsSpace: true),
                decoded(item[equals...].dropFirst(), plusIsSpace: true)
            )
        }
        return (path, query)
    }

    /// Percent-decodes a part of the target; a percent sign that starts no pair of digits stands for itself.
    private static func decoded(_ text: ArraySlice<UInt8>, plusIsSpace: Bool) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            if byte == UInt8(ascii: "%"), index + 2 < text.endIndex,
                let high = Hexadecimal.value(of: text[index + 1]), let low = Hexadecimal.value(of: text[index + 2])
            {
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
