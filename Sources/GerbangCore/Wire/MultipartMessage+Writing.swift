extension MultipartMessage {
    /// A part to be written; its content is sent as it is.
    public struct Content: Sendable {
        /// The content type.
        public var type: String
        /// The identifier without angle brackets.
        public var identifier: String
        /// The content.
        public var piece: StreamedBody.Piece

        /// Creates a part.
        public init(type: String, identifier: String, piece: StreamedBody.Piece) {
            self.type = type
            self.identifier = identifier
            self.piece = piece
        }

        /// Creates a part of bytes.
        public init(type: String, identifier: String, bytes: [UInt8]) {
            self.init(type: type, identifier: identifier, piece: .bytes(bytes))
        }
    }

    /// Writes a `multipart/related` message (RFC 2387).
    ///
    /// The boundary occurs in no part. Where all parts are in memory it depends on nothing but them, so that the same
    /// message is always written in the same way; files are not looked into, and 128 random bits stand in it instead.
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
    ) -> (contentType: String, body: StreamedBody) {
        let all = [root] + parts
        let boundary = freeBoundary(all)
        var type = "multipart/related; boundary=\"\(boundary)\"; type=\"\(MediaType(root.type).essence)\""
        type += "; start=\"<\(root.identifier)>\""
        for (name, value) in parameters { type += "; \(name)=\"\(quoted(value))\"" }
        var body = StreamedBody()
        for part in all {
            var head = "--\(boundary)\r\nContent-Type: \(part.type)\r\n"
            head += "Content-Transfer-Encoding: binary\r\nContent-ID: <\(part.identifier)>\r\n\r\n"
            body.append(.bytes(Array(head.utf8)))
            body.append(part.piece)
            body.append(.bytes(Array("\r\n".utf8)))
        }
        body.append(.bytes(Array("--\(boundary)--\r\n".utf8)))
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
            guard case .bytes(let content) = part.piece else {
                let bits = UInt128.random(in: 0...UInt128.max)
                return Self.stem + String(bits, radix: 36)
            }
            content.withUnsafeBufferPointer { bytes in
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
