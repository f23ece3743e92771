internal import Glibc

/// The environment of the process.
enum Environment {
    /// A variable; `nil` when it is not set or empty.
    static func value(_ name: String) -> String? {
        guard let text = getenv(name) else { return nil }
        let value = String(cString: text)
        return value.isEmpty ? nil : value
    }
}
