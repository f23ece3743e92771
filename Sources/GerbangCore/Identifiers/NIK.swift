/// A citizen's national identity number (Nomor Induk Kependudukan): 16 digits `PP KK CC DD MM YY SSSS`.
///
/// It holds the place of first registration, the date of birth (day plus 40 for women) and a serial number, and has no
/// check digit. Place and date may differ from the citizen's present data, so such a difference is at most a warning.
/// A NIK always prints masked; ``revealed`` is the only way to its digits.
public struct NIK: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The 16 digits. Use them only to build a message to an agency or a client.
    public let revealed: String
    /// The sex as encoded.
    public let sex: Sex
    /// The date of birth as encoded, in the later century that is not in the future.
    public let birthDate: CivilDate

    /// The sex that a NIK encodes.
    public enum Sex: String, Sendable, Hashable {
        /// Laki-laki.
        case male
        /// Perempuan.
        case female
    }

    /// Reads a NIK.
    ///
    /// - Parameters:
    ///   - text: Exactly 16 ASCII digits; nothing is stripped.
    ///   - today: The day that decides the century of the birth date.
    /// - Throws: ``GerbangError/Code/invalidInput`` that says which part is wrong, without the digits.
    public init(_ text: String, today: CivilDate) throws(GerbangError) {
        let digits = text.utf8.map { Int($0) - Int(UInt8(ascii: "0")) }
        guard digits.count == 16, digits.allSatisfy({ (0...9).contains($0) }) else {
            throw Self.invalid("it must be exactly 16 digits 0-9")
        }
        guard text != "9999999999999999" else {
            throw Self.invalid("all nines stand for 'no NIK'; leave the field out instead")
        }
        func pair(_ position: Int) -> Int { digits[position] * 10 + digits[position + 1] }
        guard Region.provinceCodes.contains(Padding.zeros(pair(0), 2)) else {
            throw Self.invalid("digits 1-2 are not a province")
        }
        guard (1...69).contains(pair(2)) || (71...99).contains(pair(2)) else {
            throw Self.invalid("digits 3-4 are neither a regency (01-69) nor a city (71-99)")
        }
        guard pair(4) != 0 else {
            throw Self.invalid("digits 5-6 are not a district")
        }
        let isFemale = pair(6) > 40
        let day = isFemale ? pair(6) - 40 : pair(6)
        guard (1...31).contains(day) else {
            throw Self.invalid("digits 7-8 are not a day of birth (01-31, or 41-71 for women)")
        }
        guard (1...12).contains(pair(8)) else {
            throw Self.invalid("digits 9-10 are not a month of birth")
        }
        let candidates = [2000, 1900].lazy.compactMap { CivilDate(year: $0 + pair(10), month: pair(8), day: day) }
        guard let birthDate = candidates.first(where: { $0 <= today }) else {
            throw Self.invalid("digits 7-12 are not a date of birth that exists")
        }
        guard digits[12...] != [0, 0, 0, 0] else {
            throw Self.invalid("the serial number 0000 is not given out")
        }
        revealed = text
        sex = isFemale ? .female : .male
        self.birthDate = birthDate
    }

    /// Restores a NIK that was checked when its request was accepted, whatever today's tables say.
    package init(restoring revealed: String, sex: Sex, birthDate: CivilDate) {
        self.revealed = revealed
        self.sex = sex
        self.birthDate = birthDate
    }

    /// The province of first registration followed by a mask, such as `31**************`.
    public var description: String { "\(revealed.prefix(2))**************" }
    /// The masked form.
    public var debugDescription: String { description }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    private static func invalid(_ reason: String) -> GerbangError {
        GerbangError(
            .invalidInput,
            "not a NIK: \(reason)",
            texts: LocalizedText(
                id: "NIK tidak benar; mohon periksa 16 angka pada KTP Anda.",
                en: "The NIK is not right; please check the 16 digits on your identity card."
            )
        )
    }
}
