internal import GerbangCore
internal import GerbangJSON

/// Replaces personal data and secrets by invented ones of the same form: the same value everywhere by the same other.
struct Substitutions {
    /// What a value is, as far as its form or its name tells.
    enum Kind {
        case nik, date, phone, email, name, place, secret, number
    }

    private static let names = ["Sari Contoh", "Budi Teladan", "Wati Misal", "Joko Umpama", "Rina Percontohan"]

    /// What was replaced, and by what; the longest first when it is looked for in other texts.
    private(set) var replaced: [String: String] = [:]
    private var dates: [CivilDate: CivilDate] = [:]
    private var counters: [String: Int] = [:]

    /// The value to write in place of `text`, which is known to be of this kind.
    mutating func replacement(for text: String, as kind: Kind) -> String {
        if let known = replaced[text] { return known }
        let new: String =
            switch kind {
            case .nik: nik(for: text)
            case .date: date(for: text) ?? sameForm(as: text)
            case .phone: phone(for: text)
            case .email: "warga\(count("email"))@contoh.example"
            case .name: name(for: text)
            case .place: cased(like: text, "Jalan Contoh \(count("place"))")
            case .secret, .number: sameForm(as: text)
            }
        replaced[text] = new
        return new
    }

    private mutating func count(_ what: String) -> Int {
        counters[what, default: 0] += 1
        return counters[what, default: 0]
    }

    // MARK: Forms

    /// A valid NIK of the same sex, born on the day by which that person's day of birth is replaced.
    private mutating func nik(for text: String) -> String {
        guard let old = try? NIK(text, today: CivilDate(daysSinceEpoch: 25_000)) else { return sameForm(as: text) }
        let born = day(for: old.birthDate)
        let day = born.day + (old.sex == .female ? 40 : 0)
        return "317401" + Self.padded(day, 2) + Self.padded(born.month, 2) + Self.padded(born.year % 100, 2)
            + Self.padded(count("nik"), 4)
    }

    private mutating func day(for old: CivilDate) -> CivilDate {
        if let known = dates[old] { return known }
        var new = CivilDate(daysSinceEpoch: 7_305 + 37 * count("date"))
        while new == old { new = CivilDate(daysSinceEpoch: 7_305 + 37 * count("date")) }
        dates[old] = new
        return new
    }

    /// A date in one of the usual forms, with what follows it; `nil` when it is none.
    private mutating func date(for text: String) -> String? {
        let head = String(text.prefix(10))
        let rest = text.dropFirst(10)
        if let old = CivilDate(head) { return day(for: old).description + rest }
        for separator in ["-", "/", "."] {
            guard let old = CivilDate(dayFirst: head.replacing(separator, with: "-")) else { continue }
            return day(for: old).dayFirst.replacing("-", with: separator) + rest
        }
        guard text.utf8.count == 8, text.allSatisfy(\.isNumber),
            let old = CivilDate("\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))")
        else { return nil }
        return day(for: old).description.replacing("-", with: "")
    }

    /// The same beginning, by which networks and countries are told apart, and other digits.
    private mutating func phone(for text: String) -> String {
        let digits = text.filter(\.isNumber)
        let kept = text.hasPrefix("+") || digits.hasPrefix("62") ? 3 : 2
        let tail = Self.padded(count("phone"), max(0, digits.count - kept))
        var new = (digits.prefix(kept) + tail)[...]
        return String(text.map { $0.isNumber ? new.popFirst() ?? "0" : $0 })
    }

    private mutating func name(for text: String) -> String {
        let number = count("name") - 1
        let base = Self.names[number % Self.names.count]
        return cased(like: text, number < Self.names.count ? base : "\(base) \(number)")
    }

    private func cased(like text: String, _ new: String) -> String {
        if text == text.uppercased() { return new.uppercased() }
        return text == text.lowercased() ? new.lowercased() : new
    }

    /// Digits by digits, letters by letters, everything else as it is.
    private mutating func sameForm(as text: String) -> String {
        while true {
            var state = UInt64(count("form")) &* 0x9E37_79B9_7F4A_7C15
            let new = String(
                text.map { character -> Character in
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    let draw = Int(state >> 40)
                    guard character.isASCII else { return character.isLetter ? "x" : character }
                    if character.isNumber { return Character(String(draw % 10)) }
                    guard character.isLetter else { return character }
                    let letters = character.isUppercase ? "ABCDEFGHJKLMNPQRSTUVWXYZ" : "abcdefghjkmnpqrstuvwxyz"
                    return letters[letters.index(letters.startIndex, offsetBy: draw % letters.count)]
                }
            )
            if new != text || !text.contains(where: { $0.isASCII && ($0.isNumber || $0.isLetter) }) { return new }
        }
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + String(digits.suffix(max(width, 1)))
    }

    // MARK: Texts

    /// A text with every value replaced that was replaced elsewhere.
    func applied(to text: String) -> String {
        var text = text
        for (old, new) in replaced.sorted(by: { $0.key.utf8.count > $1.key.utf8.count }) where old.utf8.count >= 3 {
            text = text.replacing(old, with: new)
            if old != old.uppercased() { text = text.replacing(old.uppercased(), with: new.uppercased()) }
        }
        return text
    }
}

extension Substitutions.Kind {
    /// Names of members that hold personal data or secrets, in Indonesian and English; the first that fits decides.
    private static let hints: [(Substitutions.Kind, [String])] = [
        (
            .secret,
            [
                "token", "secret", "password", "passwd", "apikey", "api_key", "signature", "session", "kunci", "sandi",
                "otp", "pin",
            ]
        ),
        (.nik, ["nik", "identitynumber", "nomor_ktp", "no_ktp"]),
        (
            .date,
            [
                "birthdate", "birth_date", "dateofbirth", "dob", "tgl_lhr", "tanggal_lahir", "tanggallahir", "tgllahir",
                "lahir",
            ]
        ),
        (.phone, ["phone", "telepon", "telp", "hp", "mobile", "whatsapp", "msisdn"]),
        (.email, ["email", "surel"]),
        (.place, ["address", "alamat", "tmpt_lhr", "birthplace", "tempat_lahir", "jalan", "street"]),
        (.name, ["name", "nama", "given", "family", "ayah", "ibu", "mother", "father", "pemilik", "owner"]),
        (
            .number,
            [
                "npwp", "kk", "familycard", "kartu", "card", "rekening", "account", "paspor", "passport", "plate",
                "nopol", "rangka", "chassis", "sim",
            ]
        ),
    ]

    /// What a value is: by its form, or by the name of its member.
    init?(of text: String, called name: String) {
        let digits = text.filter(\.isNumber)
        if text.utf8.count == 16, digits.count == 16 {
            self = .nik
        } else if text.contains("@"), text.split(separator: "@").count == 2, !text.contains(" ") {
            self = .email
        } else if text.hasPrefix("+62") || (text.hasPrefix("08") && (9...14).contains(digits.count)),
            text.allSatisfy({ $0.isNumber || "+- ".contains($0) })
        {
            self = .phone
        } else if text.hasPrefix("eyJ") || text.hasPrefix("Bearer ") || text.hasPrefix("Basic ") {
            self = .secret
        } else {
            let name = name.lowercased()
            let words = Set(name.split { !$0.isLetter && !$0.isNumber }.map(String.init) + [name])
            let found = Self.hints.first { _, hints in
                hints.contains { hint in
                    hint.count <= 4 ? words.contains(hint) || name.hasSuffix(hint) : name.contains(hint)
                }
            }
            guard let found else { return nil }
            self = found.0
        }
    }
}
