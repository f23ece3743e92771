/// Writes the Prometheus text exposition format, version 0.0.4.
struct PrometheusText {
    private(set) var bytes: [UInt8] = []

    mutating func begin(name: String, help: String, kind: MetricFamily.Kind) {
        append("# HELP ")
        append(name)
        append(" ")
        append(Self.escape(help, quotes: false))
        append("\n# TYPE ")
        append(name)
        append(" ")
        append(kind.rawValue)
        append("\n")
    }

    /// - Parameters:
    ///   - labels: what ``labels(_:redactor:)`` made.
    ///   - bound: the upper bound of a histogram's bucket, for the label `le`.
    mutating func sample(name: String, suffix: String = "", labels: String, bound: String? = nil, value: String) {
        append(name)
        append(suffix)
        if !labels.isEmpty || bound != nil {
            append("{")
            append(labels)
            if let bound {
                append(labels.isEmpty ? "le=\"" : ",le=\"")
                append(bound)
                append("\"")
            }
            append("}")
        }
        append(" ")
        append(value)
        append("\n")
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Labels as they stand between the braces, sorted by name; of two with the same name the later one counts.
    static func labels(_ pairs: some Sequence<(String, String)>, redactor: Redactor) -> String {
        var values: [String: String] = [:]
        for (name, value) in pairs {
            let isHidden = redactor.hides(key: name)
            values[PrometheusNames.label(name)] = isHidden ? Redactor.placeholder : redactor.redact(value)
        }
        return values.sorted { $0.key < $1.key }.map { name, value in "\(name)=\"\(escape(value, quotes: true))\"" }
            .joined(separator: ",")
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let integer = Int64(exactly: value), value.magnitude < 1e15 { return integer.description }
        return value.description
    }

    private static func escape(_ text: String, quotes: Bool) -> String {
        let isPlain = text.utf8.allSatisfy { $0 != 0x0A && $0 != 0x5C && (!quotes || $0 != 0x22) }
        if isPlain { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
