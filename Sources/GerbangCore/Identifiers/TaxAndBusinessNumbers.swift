/// A business identification number (Nomor Induk Berusaha): 13 digits.
public struct NIB: Sendable, Hashable, CustomStringConvertible {
    /// The 13 digits.
    public let description: String

    /// Reads a NIB.
    ///
    /// - Throws: ``GerbangError/Code/invalidInput`` when it is not exactly 13 digits.
    public init(_ text: String) throws(GerbangError) {
        guard text.utf8.count == 13, text.utf8.allSatisfy(isASCIIDigit) else {
            throw GerbangError(.invalidInput, "not a NIB: it must be exactly 13 digits 0-9")
        }
        description = text
    }
}

/// A taxpayer number (Nomor Pokok Wajib Pajak): 15 digits, or 16 since 2024, where a person's is their NIK.
///
/// Since it may be a NIK it prints masked.
public struct NPWP: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The 16-digit form; a 15-digit number gets a leading zero.
    public let revealed: String

    /// Reads an NPWP of 15 or 16 digits, also in the printed form `12.345.678.9-012.345`.
    ///
    /// - Throws: ``GerbangError/Code/invalidInput`` when it has another number of digits.
    public init(_ text: String) throws(GerbangError) {
        let digits = text.utf8.filter { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "-") }
        guard (15...16).contains(digits.count), digits.allSatisfy(isASCIIDigit) else {
            throw GerbangError(.invalidInput, "not an NPWP: it must have 15 or 16 digits")
        }
        revealed = (digits.count == 15 ? "0" : "") + String(decoding: digits, as: UTF8.self)
    }

    /// A mask with the last three digits.
    public var description: String { "*************\(revealed.suffix(3))" }
    /// The masked form.
    public var debugDescription: String { description }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

private func isASCIIDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
