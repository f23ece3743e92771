/// The functions that convert between types and are called like them.
enum Conversions {
    static let functions: [Function] = [
        .unary(
            "bool",
            .core,
            [Signature([.bool], .bool), Signature([.string], .bool)]
        ) { value, _ throws(Failure) in
            switch value {
            case .bool: return value
            case .string("1"), .string("t"), .string("T"), .string("true"), .string("TRUE"), .string("True"):
                return .bool(true)
            case .string("0"), .string("f"), .string("F"), .string("false"), .string("FALSE"), .string("False"):
                return .bool(false)
            case .string: throw Failure(.invalidValue, "the text is not a bool; write true or false")
            default: throw .noSuchOverload
            }
        },
        .unary("bytes", .core, [Signature([.bytes], .bytes), Signature([.string], .bytes)]) {
            value,
            frame throws(Failure) in
            switch value {
            case .bytes: return value
            case .string(let text):
                try frame.charge(bytes: text.utf8.count)
                return .bytes(Array(text.utf8))
            default: throw .noSuchOverload
            }
        },
        .unary("int", .core, [.int, .uint, .double, .string, .timestamp].map { Signature([$0], .int) }, int),
        .unary("uint", .core, [.int, .uint, .double, .string].map { Signature([$0], .uint) }, uint),
        .unary("double", .core, [.int, .uint, .double, .string].map { Signature([$0], .double) }, double),
        .unary(
            "string",
            .core,
            [.string, .bool, .int, .uint, .double, .bytes, .timestamp, .duration, .address, .network]
                .map { Signature([$0], .string) },
            string
        ),
        .unary(
            "timestamp",
            .core,
            [Signature([.timestamp], .timestamp), Signature([.string], .timestamp), Signature([.int], .timestamp)]
        ) { value, _ throws(Failure) in
            switch value {
            case .timestamp: return value
            case .int(let seconds):
                guard let moment = CELTimestamp(seconds: seconds) else { throw .overflow }
                return .timestamp(moment)
            case .string(let text):
                guard let moment = CELTimestamp(text) else {
                    throw Failure(
                        .invalidValue,
                        "the text is not a timestamp from the years 1 to 9999; write it as 2026-01-31T08:15:30Z"
                    )
                }
                return .timestamp(moment)
            default: throw .noSuchOverload
            }
        },
        .unary("duration", .core, [Signature([.duration], .duration), Signature([.string], .duration)]) {
            value,
            _ throws(Failure) in
            switch value {
            case .duration: return value
            case .string(let text):
                guard let duration = CELDuration(text) else {
                    throw Failure(
                        .invalidValue,
                        "the text is not a duration, or it is too long; write it as 1h30m or 1.5s"
                    )
                }
                return .duration(duration)
            default: throw .noSuchOverload
            }
        },
    ]

    private static let notANumber = Failure(.invalidValue, "the text is not a number of this type")

    @Sendable
    private static func int(_ value: CELValue, _ frame: inout Frame) throws(Failure) -> CELValue {
        switch value {
        case .int: return value
        case .uint(let number):
            guard let result = Int64(exactly: number) else { throw .overflow }
            return .int(result)
        case .double(let number):
            // -2^63 itself is refused too, like all doubles whose neighbours do not fit.
            guard number > -0x1p63, number < 0x1p63 else { throw .overflow }
            return .int(Int64(number))
        case .string(let text):
            guard let result = Int64(text) else { throw notANumber }
            return .int(result)
        case .timestamp(let moment): return .int(moment.seconds)
        default: throw .noSuchOverload
        }
    }

    @Sendable
    private static func uint(_ value: CELValue, _ frame: inout Frame) throws(Failure) -> CELValue {
        switch value {
        case .uint: return value
        case .int(let number):
            guard let result = UInt64(exactly: number) else { throw .overflow }
            return .uint(result)
        case .double(let number):
            guard number >= 0, number < 0x1p64 else { throw .overflow }
            return .uint(UInt64(number))
        case .string(let text):
            guard let first = text.utf8.first, first &- 48 < 10, let result = UInt64(text) else { throw notANumber }
            return .uint(result)
        default: throw .noSuchOverload
        }
    }

    @Sendable
    private static func double(_ value: CELValue, _ frame: inout Frame) throws(Failure) -> CELValue {
        switch value {
        case .double: return value
        case .int(let number): return .double(Double(number))
        case .uint(let number): return .double(Double(number))
        case .string(let text):
            try frame.charge(bytes: text.utf8.count)
            guard let result = Double(text) else { throw notANumber }
            let isWord = text.utf8.contains { $0 | 0x20 == UInt8(ascii: "i") }
            guard result.isFinite || result.isNaN || isWord else { throw .overflow }
            return .double(result)
        default: throw .noSuchOverload
        }
    }

    @Sendable
    private static func string(_ value: CELValue, _ frame: inout Frame) throws(Failure) -> CELValue {
        switch value {
        case .string: return value
        case .bool(let value): return .string(value ? "true" : "false")
        case .int(let value): return .string(String(value))
        case .uint(let value): return .string(String(value))
        case .double(let value): return .string(NumberText.general(value))
        case .timestamp(let value): return .string(value.description)
        case .duration(let value): return .string(value.description)
        case .address(let value): return .string(value.description)
        case .network(let value): return .string(value.description)
        case .bytes(let bytes):
            try frame.charge(bytes: bytes.count)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw Failure(.invalidValue, "the bytes are not UTF-8 text")
            }
            return .string(text)
        default: throw .noSuchOverload
        }
    }
}
