/// Names as Prometheus wants them: `snake_case`, a base unit and the suffix of the type at the end.
enum PrometheusNames {
    /// Endings that mean a sample of a histogram or a summary and must not end any other name.
    private static let reservedEndings = ["_bucket", "_count", "_sum", "_total"]
    /// Label names that Prometheus gives a meaning of its own.
    private static let reservedLabels: Set<String> = ["le", "quantile"]

    /// The name of a metric of this kind, from any text.
    ///
    /// - Parameters:
    ///   - unit: a unit that the name has to end in, before the suffix of the type.
    static func metric(_ text: String, kind: MetricFamily.Kind, unit: String? = nil) -> String {
        var name = snakeCase(text)
        if let unit, !name.hasSuffix("_" + unit) { name += "_" + unit }
        switch kind {
        case .counter:
            return name.hasSuffix("_total") ? name : name + "_total"
        case .gauge, .histogram:
            return reservedEndings.contains(where: name.hasSuffix) ? name + "_value" : name
        }
    }

    /// The name of a label, from any text.
    static func label(_ text: String) -> String {
        let name = snakeCase(text)
        return reservedLabels.contains(name) ? "exported_" + name : name
    }

    /// A sentence for a metric that nobody described: `gerbang_retries_total` becomes “Gerbang retries.”.
    static func defaultHelp(for name: String, kind: MetricFamily.Kind) -> String {
        var words = name.split(separator: "_").map(String.init)
        if kind == .counter, words.count > 1 { words.removeLast() }
        if words.count > 1, let unit = words.last, ["seconds", "bytes", "ratio"].contains(unit) {
            words[words.count - 1] = unit == "ratio" ? "as a ratio" : "in \(unit)"
        }
        let sentence = words.joined(separator: " ")
        return sentence.prefix(1).uppercased() + sentence.dropFirst() + "."
    }

    private static func snakeCase(_ text: String) -> String {
        var bytes: [UInt8] = []
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if isUppercase(byte) {
                if isLowercase(previous) || isDigit(previous) { bytes.append(UInt8(ascii: "_")) }
                bytes.append(lowercased(byte))
            } else if isLetter(byte) || isDigit(byte) {
                bytes.append(byte)
            } else if let last = bytes.last, last != UInt8(ascii: "_") {
                bytes.append(UInt8(ascii: "_"))
            }
            previous = byte
        }
        while bytes.last == UInt8(ascii: "_") { bytes.removeLast() }
        guard let first = bytes.first else { return "unnamed" }
        return (isDigit(first) ? "n" : "") + String(decoding: bytes, as: UTF8.self)
    }
}
