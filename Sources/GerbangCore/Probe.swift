/// Tells a test that the process has come to a named point, so that it can be made to die there.
///
/// Points are named after what is about to happen or has just happened, such as `settle.before-commit`.
public struct Probe: Sendable {
    private let body: (@Sendable (String) -> Void)?

    /// A probe that tells nobody.
    public static let none = Probe(body: nil)

    /// Creates a probe that calls `body` at every point.
    public init(_ body: @escaping @Sendable (String) -> Void) {
        self.body = body
    }

    private init(body: (@Sendable (String) -> Void)?) {
        self.body = body
    }

    /// Tells that the process has come to `point`.
    public func reach(_ point: @autoclosure () -> String) {
        if let body { body(point()) }
    }
}
