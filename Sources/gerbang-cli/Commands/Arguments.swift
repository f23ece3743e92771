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

extension ClientID: ExpressibleByArgument {
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
