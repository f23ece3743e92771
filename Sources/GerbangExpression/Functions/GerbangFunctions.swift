internal import Crypto
internal import GerbangCore

/// The project's own functions, all in the namespace `gerbang`.
enum GerbangFunctions {
    static let functions: [Function] =
        identifiers + regions + dates + hashes + encodings + padding + LenientFunctions.functions

    // MARK: NIK

    /// Any two digits of a year are taken when no moment decides the century.
    private static let farFuture = CivilDate(daysSinceEpoch: 47_481)

    private static let identifiers: [Function] = [
        .unary("gerbang.nik.isValid", .gerbang, [Signature([.string], .bool)]) { value, frame throws(Failure) in
            let text = try string(value, &frame)
            return .bool((try? NIK(text, today: farFuture)) != nil)
        },
        .unary("gerbang.nik.sex", .gerbang, [Signature([.string], .string)]) { value, frame throws(Failure) in
            .string(try nik(try string(value, &frame), today: farFuture).sex.rawValue)
        },
        .unary("gerbang.nik.region", .gerbang, [Signature([.string], .string)]) { value, frame throws(Failure) in
            let text = try string(value, &frame)
            return .string(String(try nik(text, today: farFuture).revealed.prefix(6)))
        },
        .unary("gerbang.nik.mask", .gerbang, [Signature([.string], .string)]) { value, frame throws(Failure) in
            .string(try nik(try string(value, &frame), today: farFuture).description)
        },
        .binary("gerbang.nik.birthDate", .gerbang, [Signature([.string, .timestamp], .string)]) {
            value,
            now,
            frame throws(Failure) in
            guard case .timestamp(let now) = now else { throw .noSuchOverload }
            let today = CivilTime(now, secondsFromUTC: Zone.wib.secondsFromUTC).date
            return .string(try nik(try string(value, &frame), today: today).birthDate.description)
        },
    ]

    private static func nik(_ text: String, today: CivilDate) throws(Failure) -> NIK {
        do throws(GerbangError) {
            return try NIK(text, today: today)
        } catch {
            throw Failure(.invalidValue, "the text is not a NIK; test it with gerbang.nik.isValid()")
        }
    }

    // MARK: Regions

    private static let regions: [Function] = [
        .unary("gerbang.region.isValid", .gerbang, [Signature([.string], .bool)]) { value, frame throws(Failure) in
            let text = try string(value, &frame)
            return .bool((try? Region(text)) != nil)
        },
        region("gerbang.region.digits") { $0.digits },
        region("gerbang.region.dotted") { $0.description },
        region("gerbang.region.name") { $0.name ?? "Indonesia" },
        region("gerbang.region.zone") { $0.zone == .wita ? "WITA" : $0.zone == .wit ? "WIT" : "WIB" },
        .binary("gerbang.region.isWithin", .gerbang, [Signature([.string, .string], .bool)]) {
            inner,
            outer,
            frame throws(Failure) in
            let outer = try region(try string(outer, &frame))
            return .bool(try region(try string(inner, &frame)).isWithin(outer))
        },
    ]

    private static func region(_ name: String, _ property: @escaping @Sendable (Region) -> String) -> Function {
        .unary(name, .gerbang, [Signature([.string], .string)]) { value, frame throws(Failure) in
            .string(property(try region(try string(value, &frame))))
        }
    }

    private static func region(_ text: String) throws(Failure) -> Region {
        do throws(GerbangError) {
            return try Region(text)
        } catch {
            throw Failure(.invalidValue, "the text is not a region code; test it with gerbang.region.isValid()")
        }
    }

    // MARK: Dates

    private static let months = [
        "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
        "Desember",
    ]

    private static let dates: [Function] = [
        date("gerbang.date.iso") { $0.description },
        date("gerbang.date.dayFirst") { $0.dayFirst },
        date("gerbang.date.compact") { $0.description.filter { $0 != "-" } },
        date("gerbang.date.long") { "\($0.day) \(months[$0.month - 1]) \($0.year)" },
        .binary("gerbang.date.parse", .gerbang, [Signature([.string, .string], .timestamp)]) {
            value,
            zone,
            frame throws(Failure) in
            let text = try string(value, &frame)
            let name = try string(zone, &frame)
            guard let date = CivilDate(text) ?? CivilDate(dayFirst: text) else {
                throw Failure(.invalidValue, "the text is not a date; write it as 2026-01-31 or 31-01-2026")
            }
            // The offset at local midnight, found from that at the same time in UTC.
            let midnight = Int64(date.daysSinceEpoch) * 86_400
            guard let utc = CELTimestamp(seconds: midnight) else { throw .overflow }
            let guess = try Times.offset(of: name, at: utc, &frame)
            guard let near = CELTimestamp(seconds: midnight - Int64(guess)) else { throw .overflow }
            let offset = try Times.offset(of: name, at: near, &frame)
            guard let moment = CELTimestamp(seconds: midnight - Int64(offset)) else { throw .overflow }
            return .timestamp(moment)
        },
    ]

    private static func date(_ name: String, _ text: @escaping @Sendable (CivilDate) -> String) -> Function {
        .binary(name, .gerbang, [Signature([.timestamp, .string], .string)]) { moment, zone, frame throws(Failure) in
            .string(text(try Times.civilTime(moment, zone, &frame).date))
        }
    }

    // MARK: Hashes

    private static let hashes: [Function] =
        hash("sha256", SHA256.self) + hash("sha384", SHA384.self) + hash("sha512", SHA512.self)
        + hash("sha1", Insecure.SHA1.self) + hash("md5", Insecure.MD5.self)

    /// A hash function and its HMAC (RFC 2104).
    private static func hash<Hash: HashFunction>(_ name: String, _ type: Hash.Type) -> [Function] {
        let inputs: [TypeTerm] = [.string, .bytes]
        return [
            .unary("gerbang.hash.\(name)", .gerbang, inputs.map { Signature([$0], .bytes) }) {
                value,
                frame throws(Failure) in
                let data = try bytes(value, &frame)
                return .bytes(Array(Hash.hash(data: data)))
            },
            .binary(
                "gerbang.hmac.\(name)",
                .gerbang,
                inputs.flatMap { key in inputs.map { Signature([key, $0], .bytes) } }
            ) { key, value, frame throws(Failure) in
                let key = SymmetricKey(data: try bytes(key, &frame))
                let data = try bytes(value, &frame)
                return .bytes(Array(HMAC<Hash>.authenticationCode(for: data, using: key)))
            },
        ]
    }

    // MARK: Encodings

    private static let encodings: [Function] = [
        encoder("base64.encode", .encoders) { Base64.standard.encode($0) },
        decoder("base64.decode", .encoders) { Base64.standard.decode($0) },
        encoder("gerbang.base64url.encode", .gerbang) { Base64.url.encode($0) },
        decoder("gerbang.base64url.decode", .gerbang) { Base64.url.decode($0) },
        encoder("gerbang.hex.encode", .gerbang) { Hexadecimal.lower($0) },
        decoder("gerbang.hex.decode", .gerbang) { text in
            let digits = text.utf8.map { Hexadecimal.value(of: $0) }
            guard digits.count % 2 == 0 else { return nil }
            var bytes: [UInt8] = []
            for index in stride(from: 0, to: digits.count, by: 2) {
                guard let high = digits[index], let low = digits[index + 1] else { return nil }
                bytes.append(high << 4 | low)
            }
            return bytes
        },
    ]

    private static func encoder(
        _ name: String,
        _ feature: CELFeatures,
        _ encode: @escaping @Sendable ([UInt8]) -> String
    ) -> Function {
        .unary(name, feature, [Signature([.bytes], .string)]) { value, frame throws(Failure) in
            guard case .bytes(let bytes) = value else { throw .noSuchOverload }
            try frame.charge(bytes: 2 * bytes.count)
            return .string(encode(bytes))
        }
    }

    private static func decoder(
        _ name: String,
        _ feature: CELFeatures,
        _ decode: @escaping @Sendable (String) -> [UInt8]?
    ) -> Function {
        .unary(name, feature, [Signature([.string], .bytes)]) { value, frame throws(Failure) in
            guard let bytes = decode(try string(value, &frame)) else {
                throw Failure(.invalidValue, "the text is not in this encoding")
            }
            return .bytes(bytes)
        }
    }

    // MARK: Padding

    private static let padding: [Function] = [
        pad("gerbang.padLeft") { text, filler in filler + text },
        pad("gerbang.padRight") { text, filler in text + filler },
        .unary("gerbang.digits", .gerbang, [Signature([.string], .string)]) { value, frame throws(Failure) in
            .string(String(decoding: try string(value, &frame).utf8.filter { $0 &- 48 < 10 }, as: UTF8.self))
        },
    ]

    /// Fills a text up to so many code points with one character.
    private static func pad(_ name: String, _ combine: @escaping @Sendable (String, String) -> String) -> Function {
        .variadic(name, .gerbang, [Signature([.string, .int, .string], .string)]) { arguments, frame throws(Failure) in
            guard arguments.count == 3, case .int(let width) = arguments[1] else { throw .noSuchOverload }
            let text = try string(arguments[0], &frame)
            let filler = try string(arguments[2], &frame)
            guard filler.scalarCount == 1 else {
                throw Failure(.invalidValue, "a text is padded with exactly one character")
            }
            let missing = width.subtractingReportingOverflow(Int64(text.scalarCount))
            guard !missing.overflow, missing.partialValue > 0 else { return .string(text) }
            try frame.charge(missing.partialValue > Int64(Int32.max) ? Int.max / 2 : Int(missing.partialValue) / 4)
            return .string(combine(text, String(repeating: filler, count: Int(missing.partialValue))))
        }
    }

    // MARK: Arguments

    private static func string(_ value: CELValue, _ frame: inout Frame) throws(Failure) -> String {
        guard case .string(let text) = value else { throw .noSuchOverload }
        try frame.charge(bytes: text.utf8.count)
        return text
    }

    private static func bytes(_ value: CELValue, _ frame: inout Frame) throws(Failure) -> [UInt8] {
        switch value {
        case .string(let text):
            try frame.charge(bytes: 4 * text.utf8.count)
            return Array(text.utf8)
        case .bytes(let bytes):
            try frame.charge(bytes: 4 * bytes.count)
            return bytes
        default: throw .noSuchOverload
        }
    }
}
