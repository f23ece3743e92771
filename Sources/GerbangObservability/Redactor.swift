/// Hides what looks like personal data or a credential in text that is about to leave the process.
///
/// This is a safety net. The types of the gateway (a NIK, a secret) already refuse to print themselves; the net catches
/// what a library, an agency's error text or a mistake puts into a message. It looks for:
///
/// - **numbers** of 15 digits (old NPWP, also written `01.234.567.8-901.000`), 16 digits (NIK, NO_KK, NPWP; also in
///   the groups 4-4-4-4, 6-6-4 and 2-2-2-6-4), 18 digits (NIP) and 22 digits (NITKU), which become `[16 digits]`;
/// - **credentials**: what follows `Bearer` or `Basic`, and the user and password of a URL;
/// - **values of sensitive names**, as `name=value`, `name: value`, `"name": "value"` or `<name>value</name>`, with
///   the names of ``defaultFragments`` and ``defaultWords``. They become `[redacted]`.
///
/// UUIDs, checksums, timestamps and identifiers of other lengths (a NIB has 13 digits) stay. Text without a match is
/// returned as it is, without an allocation. In doubt the net hides too much: a free text `token: expired` loses its
/// second word.
public struct Redactor: Sendable {
    /// What stands in the place of a hidden value.
    public static let placeholder = "[redacted]"

    /// Parts of names that make a value sensitive wherever they stand in the name.
    ///
    /// Case and the separators `_`, `-`, `.` and space do not count: `apikey` also finds `X-Api-Key`. Only the first two
    /// letters have to be next to each other.
    public static let defaultFragments = [
        "password", "passwd", "passphrase", "passcode", "secret", "token", "authorization", "apikey", "userkey",
        "privatekey", "credential", "cookie", "signature", "username",
        "nama", "fullname", "firstname", "middlename", "lastname", "familyname", "givenname", "maidenname",
        "personname", "applicantname", "mothername", "fathername", "patientname", "ownername", "holdername",
        "birth", "tanggallahir", "tgllahir", "tgllhr", "tempatlahir", "tmptlhr", "nokartu", "notelp", "nohp",
    ]

    /// Whole words of names that make a value sensitive; too short to be looked for inside other words.
    ///
    /// Words end at a separator and at a change to upper case: `nik` finds `NIK`, `nik_ibu` and `noNik`, not `teknik`.
    public static let defaultWords = [
        "nik", "npwp", "npwp15", "npwp16", "nip", "nitku", "kk", "nokk", "pwd", "pin", "otp", "jwt",
        "email", "phone", "telepon", "telp", "hp", "alamat",
    ]

    let names: SensitiveNames

    /// Creates a redactor that knows the default names and these.
    ///
    /// - Parameters:
    ///   - additionalFragments: more names in the manner of ``defaultFragments``, of two letters or more.
    ///   - additionalWords: more names in the manner of ``defaultWords``, of two letters or more.
    public init(additionalFragments: [String] = [], additionalWords: [String] = []) {
        names = SensitiveNames(
            fragments: Self.defaultFragments + additionalFragments,
            words: Self.defaultWords + additionalWords
        )
    }

    /// Whether the value of something with this name is to be hidden, whatever it is.
    ///
    /// - Parameter key: a metadata key, a field name, a header name or a metric's label name.
    public func hides(key: String) -> Bool {
        let bytes = key.utf8Span.span
        return names.match(bytes, 0..<bytes.count)
    }

    /// The text with everything sensitive replaced; the same string when there is nothing.
    ///
    /// - Parameter text: any text, of a message or a value.
    public func redact(_ text: String) -> String {
        let bytes = text.utf8Span.span
        guard nextMatch(in: bytes, from: 0) != nil else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 16)
        forEachPiece(of: bytes) { piece in
            switch piece {
            case .text(let range): bytes.append(range, to: &result)
            case .replacement(let replacement): result.append(contentsOf: replacement.utf8)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    enum Piece {
        case text(Range<Int>)
        case replacement(String)
    }

    /// Goes through a text in order, as pieces to keep and replacements for the rest.
    @inline(__always)
    func forEachPiece(of text: Span<UInt8>, _ body: (Piece) -> Void) {
        var position = 0
        while let match = nextMatch(in: text, from: position) {
            body(.text(position..<match.range.lowerBound))
            body(.replacement(match.replacement))
            position = match.range.upperBound
        }
        body(.text(position..<text.count))
    }
}

extension Span<UInt8> {
    /// Appends a part of the span to an array.
    @inline(__always)
    func append(_ range: Range<Int>, to bytes: inout [UInt8]) {
        guard !range.isEmpty else { return }
        extracting(range).withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }
}
