/// Resolves the locations of imports and includes to names of files.
enum Location {
    /// Whether the location has a scheme, as in `http://…`, `urn:…` or `file:…`.
    static func isAbsolute(_ location: String) -> Bool {
        guard let colon = location.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let scheme = location.utf8[..<colon]
        // A single letter is a drive, not a scheme.
        return scheme.count > 1
            && scheme.allSatisfy {
                switch $0 | 0x20 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"): true
                default: (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || [0x2B, 0x2D, 0x2E].contains($0)
                }
            }
    }

    /// The path of a relative location, seen from a file; nil where it leads out of the tree.
    static func path(of location: String, from file: String) -> String? {
        let text = decoded(withoutFragment(location)).replacing("\\", with: "/")
        guard !text.isEmpty, !text.hasPrefix("/"), !text.utf8.contains(0) else { return nil }
        var steps = file.split(separator: "/").dropLast().map { String($0) }
        for step in text.split(separator: "/") {
            switch step {
            case ".": continue
            case "..":
                guard !steps.isEmpty else { return nil }
                steps.removeLast()
            default: steps.append(String(step))
            }
        }
        return steps.isEmpty ? nil : steps.joined(separator: "/")
    }

    /// The address that a location means, seen from another address (RFC 3986, section 5.2); nil where it is none of `http`
    /// or `https`.
    static func join(_ base: String, _ location: String) -> String? {
        let reference = withoutFragment(location)
        if isAbsolute(reference) { return isAddress(reference) ? reference : nil }
        guard isAddress(base), !reference.isEmpty else { return nil }
        let parts = base.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3 else { return nil }
        if reference.hasPrefix("//") { return "\(parts[0])\(reference)" }
        let origin = parts[..<3].joined(separator: "/")
        let path = parts.count > 3 ? String(parts[3].prefix { $0 != "?" && $0 != "#" }) : ""
        if reference.hasPrefix("?") { return "\(origin)/\(path)\(reference)" }
        let query = reference.firstIndex(of: "?") ?? reference.endIndex
        let isRooted = reference.hasPrefix("/")
        var steps =
            isRooted ? [] : path.split(separator: "/", omittingEmptySubsequences: false).dropLast().map(String.init)
        let given = reference[..<query].split(separator: "/", omittingEmptySubsequences: false)
        for (number, step) in given.dropFirst(isRooted ? 1 : 0).enumerated() {
            let isLast = number == given.count - (isRooted ? 2 : 1)
            switch step {
            case ".": if isLast { steps.append("") }
            case "..":
                if !steps.isEmpty { steps.removeLast() }
                if isLast { steps.append("") }
            default: steps.append(String(step))
            }
        }
        return "\(origin)/\(steps.joined(separator: "/"))\(reference[query...])"
    }

    /// Whether it is an address of the web.
    static func isAddress(_ text: String) -> Bool {
        let head = text.prefix(8).lowercased()
        return head.hasPrefix("http://") || head.hasPrefix("https://")
    }

    /// The file names under which somebody may have stored what the location names: its last component, and for a
    /// query such as `service.svc?xsd=xsd0` the names that tools give such files.
    static func storedNames(of location: String) -> [String] {
        let text = withoutFragment(location).replacing("\\", with: "/")
        guard let last = text.split(separator: "/").last.map({ decoded(String($0)) }) else { return [] }
        guard let mark = last.firstIndex(of: "?") else { return acceptable([last]) }
        let head = String(last[..<mark])
        let query = String(last[last.index(after: mark)...])
        guard let value = query.split(separator: "=").last.map(String.init) else { return acceptable([last, head]) }
        let kind = query.lowercased().hasPrefix("wsdl") ? "wsdl" : "xsd"
        return acceptable([last, value, "\(value).\(kind)", "\(head).\(kind)", "\(head)_\(value).\(kind)"])
    }

    private static func acceptable(_ names: [String]) -> [String] {
        names.filter { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains(0) && !$0.contains("/") }
    }

    private static func withoutFragment(_ location: String) -> String {
        let trimmed = location.trimmingXMLSpace
        guard let hash = trimmed.firstIndex(of: "#") else { return trimmed }
        return String(trimmed[..<hash])
    }

    private static func decoded(_ text: String) -> String {
        guard text.contains("%") else { return text }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
