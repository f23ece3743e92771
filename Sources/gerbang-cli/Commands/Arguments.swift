public import ArgumentParser
public import GerbangCore

extension RequestID: ExpressibleByArgument {
    /// Reads an identifier from the command line.
    public init?(argument: String) {
        self.init(argument)
    }
}

extension ServiceID: ExpressibleByArgument {
    /// Reads a name from the command line.
    public init?(argument: String) {
        try? self.init(argument)
    }
}

extension ConnectionID: ExpressibleByArgument {
    /// Reads a name from the command line.
    public init?(argument: String) {
        try? self.init(argument)
    }
}

extension AdapterID: ExpressibleByArgument {
    /// Reads a name from the command line.
    public init?(argument: String) {
        try? self.init(argument)
    }
}

extension ClientID: ExpressibleByArgument {
    /// Reads a name from the command line.
    public init?(argument: String) {
        try? self.init(argument)
    }
}

extension TenantID: ExpressibleByArgument {
    /// Reads a name from the command line.
    public init?(argument: String) {
        try? self.init(argument)
    }
}

extension RequestState: ExpressibleByArgument {}
extension Channel: ExpressibleByArgument {}
extension Language: ExpressibleByArgument {}

/// A span on the command line: seconds, or a number with a unit, such as `30`, `250ms`, `5m` and `2h`.
struct Span: ExpressibleByArgument, CustomStringConvertible, Sendable, Hashable {
    /// Its length.
    var duration: Duration

    /// Creates a span.
    init(_ duration: Duration) {
        self.duration = duration
    }

    /// Reads a span from the command line.
    init?(argument: String) {
        guard let duration = DurationText.parse(argument) ?? DurationText.parse(argument + "s") else { return nil }
        self.duration = duration
    }

    /// The span as it is written on the command line.
    var description: String {
        let milliseconds = duration.milliseconds
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
    }
}

/// The value of `--wait`, which may also stand alone.
struct WaitLimit: ExpressibleByArgument, CustomStringConvertible, Sendable, Hashable {
    /// How long to wait when no time is given.
    static let standard = WaitLimit(span: Span(.seconds(30)))

    private var span: Span?

    private init(span: Span?) {
        self.span = span
    }

    /// Reads a limit from the command line.
    ///
    /// Where this gives nothing, the parser takes the option for one without a value and what follows for an argument. It
    /// does so for `--wait=x` too, hence only what can be an argument is turned away here and the rest in ``duration()``.
    init?(argument: String) {
        span = Span(argument: argument)
        guard span != nil || !(argument.contains(".") || RequestID(argument) != nil) else { return nil }
    }

    /// How long to wait.
    ///
    /// - Throws: `ValidationError` when what was given is not a span.
    func duration() throws -> Duration {
        guard let span else { throw ValidationError("--wait takes a span such as 30, 90s or 2m, or nothing.") }
        return span.duration
    }

    /// The limit as it is written on the command line.
    var description: String { span?.description ?? "invalid" }
}
