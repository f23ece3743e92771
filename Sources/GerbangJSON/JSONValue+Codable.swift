extension JSONValue: Codable {
    /// Takes whatever value the decoder holds, such as one from YAML.
    ///
    /// Numbers come as the decoder gives them, as `Int64`, `UInt64` or `Double`, and members in its order: to keep every digit
    /// of a JSON text, parse it with ``init(parsing:limits:)-([UInt8],_)`` instead. The default limit of depth holds here too.
    public init(from decoder: any Decoder) throws {
        if let members = try? decoder.container(keyedBy: MemberKey.self) {
            try JSONValue.checkDepth(of: decoder)
            var object = JSONObject()
            for key in members.allKeys {
                object[key.stringValue] = try members.decode(JSONValue.self, forKey: key)
            }
            self = .object(object)
        } else if var elements = try? decoder.unkeyedContainer() {
            try JSONValue.checkDepth(of: decoder)
            var array: [JSONValue] = []
            // Not decodeNil() first: some decoders (Yams 6) step over the element even when it is not null.
            while !elements.isAtEnd {
                array.append(try elements.decode(JSONValue.self))
            }
            self = .array(array)
        } else {
            self = try JSONValue(scalar: decoder.singleValueContainer())
        }
    }

    private static func checkDepth(of decoder: any Decoder) throws {
        let limit = JSONLimits.default.maximumDepth
        guard decoder.codingPath.count >= limit else { return }
        throw DecodingError.dataCorrupted(
            DecodingError.Context(
                codingPath: decoder.codingPath,
                debugDescription: "arrays and objects nest deeper than the \(limit) levels allowed"
            )
        )
    }

    private init(scalar: any SingleValueDecodingContainer) throws {
        if scalar.decodeNil() {
            self = .null
        } else if let value = try? scalar.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? scalar.decode(Int64.self) {
            self = .number(JSONNumber(value))
        } else if let value = try? scalar.decode(UInt64.self) {
            self = .number(JSONNumber(value))
        } else if let value = try? scalar.decode(Double.self), let number = JSONNumber(value) {
            self = .number(number)
        } else {
            self = .string(try scalar.decode(String.self))
        }
    }

    /// Gives the value to any encoder.
    ///
    /// Numbers go out as `Int64`, `UInt64` or `Double`. One that none of these holds to the last digit is an
    /// `EncodingError.invalidValue` rather than a different number.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let value):
            var container = encoder.singleValueContainer()
            try container.encode(value)
        case .number(let number):
            try number.encode(to: encoder)
        case .string(let value):
            var container = encoder.singleValueContainer()
            try container.encode(value)
        case .array(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(element) }
        case .object(let members):
            var container = encoder.container(keyedBy: MemberKey.self)
            for (key, value) in members { try container.encode(value, forKey: MemberKey(key)) }
        }
    }
}

extension JSONNumber {
    fileprivate func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        // An integer has no negative zero, a double has.
        if isWrittenAsInteger, text != "-0" {
            if let value = int64 { return try container.encode(value) }
            if let value = uint64 { return try container.encode(value) }
        }
        let value = double
        guard let written = JSONNumber(value), written.isNumericallyEqual(to: self) else {
            throw EncodingError.invalidValue(
                self,
                EncodingError.Context(
                    codingPath: encoder.codingPath,
                    debugDescription: "the number has more digits than an Int64, UInt64 or Double holds"
                )
            )
        }
        try container.encode(value)
    }
}

private struct MemberKey: CodingKey {
    let stringValue: String

    var intValue: Int? { nil }

    init(_ key: String) {
        stringValue = key
    }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        stringValue = String(intValue)
    }
}
