extension MultipartMessage {
    /// A part to be written; its content is sent as it is.
    public struct Content: Sendable {
        /// The content type.
        public var type: String
        /// The identifier without angle brackets.
        public var identifier: String
        /// The content.
        public var bytes: [UInt8]

        /// Creates a part.
        public init(type: String, identifier: String, bytes: [UInt8]) {
            self.type = type
            self.identifier = identifier
            self.bytes = bytes
        }
    }

    /// Writes a `multipart/related` message (RFC 2387).
    ///
    /// The boundary is chosen so that it does not occur in any part, and depends on nothing but the parts: the same
    /// message is always written in the same way.
    ///
    /// - Parameters:
    ///   - root: The root part.
    ///   - parts: The parts that it refers to.
    ///   - parameters: Further parameters of the content type, such as `start-info`.
    /// - Returns: The content type and the message.
    public static func related(
        root: Content,
        parts: [Content],
        parameters: [(name: String, value: String)] = []
    ) -> (contentType: String, body: [UInt8]) {
        let all = [root] + parts
        let boundary = freeBoundary(all)
        var type = "multipart/related; boundary=\"\(boundary)\"; type=\"\(MediaType(root.type).essence)\""
        type += "; start=\"<\(root.identifier)>\""
        for (name, value) in parameters { type += "; \(name)=\"\(quoted(value))\"" }
        var body: [UInt8] = []
        body.reserveCapacity(all.reduce(256) { $0 + $1.bytes.count + $1.type.utf8.count + 256 })
        for part in all {
            body += "--\(boundary)\r\nContent-Type: \(part.type)\r\n".utf8
            body += "Content-Transfer-Encoding: binary\r\nContent-ID: <\(part.identifier)>\r\n\r\n".utf8
            body += part.bytes
            body += "\r\n".utf8
        }
        body += "--\(boundary)--\r\n".utf8
        return (type, body)
    }

    private static func quoted(_ value: String) -> String {
        var result = ""
        for character in value {
            if character == "\"" || character == "\\" { result.append("\\") }
            result.append(character)
        }
        return result
    }

    private static let stem = "gerbang-part-"

    /// The stem with the smallest number that stands behind it nowhere in the parts.
    private static func freeBoundary(_ parts: [Content]) -> String {
        let stem = Array(stem.utf8)
        var taken: Set<Int> = []
        for part in parts {
            part.bytes.withUnsafeBufferPointer { bytes in
                var index = 0
                while index + stem.count < bytes.count {
                    // The byte in the middle is rare, so that most places cost one comparison.
                    guard bytes[index + 7] == stem[7], bytes[index...].starts(with: stem) else {
                        index += 1
                        continue
                    }
                    index += stem.count
                    var number = 0
                    var digits = 0
                    while index < bytes.count, (0x30...0x39).contains(bytes[index]), digits < 9 {
                        number = number * 10 + Int(bytes[index] - 0x30)
                        index += 1
                        digits += 1
                        // Each beginning of the digits could be taken for a boundary.
                        taken.insert(number)
                    }
                }
            }
        }
        var number = 0
        while taken.contains(number) { number += 1 }
        return Self.stem + String(number)
    }
}
