public import Logging

/// Writes lines for a person at a terminal: `02:37:20.123 info  gerbang.engine: attempt ended attempt=2 code="E-503"`.
///
/// The time is UTC. Values are written as in ``JSONLogHandler`` and everything passes the ``Redactor``.
public struct ConsoleLogHandler: LogHandler {
    /// Metadata of every line of this handler.
    public var metadata: Logger.Metadata = [:]
    /// The lowest level that is written.
    public var logLevel: Logger.Level
    /// Adds metadata from the context of a call.
    public var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let sink: any LogSink
    private let redactor: Redactor
    private let isColored: Bool

    /// Creates a handler.
    ///
    /// - Parameters:
    ///   - label: the logger's label.
    ///   - level: the lowest level that is written.
    ///   - sink: where the lines go; standard error by default.
    ///   - redactor: what hides personal data and credentials.
    ///   - isColored: whether the level is coloured; the caller knows whether the sink is a terminal.
    public init(
        label: String,
        level: Logger.Level = .info,
        sink: any LogSink = FileDescriptorSink.standardError,
        redactor: Redactor = Redactor(),
        isColored: Bool = true
    ) {
        logLevel = level
        self.label = label
        self.sink = sink
        self.redactor = redactor
        self.isColored = isColored
    }

    /// One entry of ``metadata``.
    public subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        var line = LogLine(redactor: redactor)
        line.append(timeOfDay: .now())
        line.append(verbatim: isColored ? " \u{1B}[\(event.level.color)m" : " ")
        line.append(verbatim: event.level.rawValue)
        line.append(verbatim: isColored ? "\u{1B}[0m " : " ")
        line.append(text: label)
        line.append(verbatim: ": ")
        line.append(text: event.message.description)
        let merged = LogMetadata(handler: metadata, provider: metadataProvider, event: event)
        for key in merged.keys {
            line.append(UInt8(ascii: " "))
            line.append(text: key.name)
            line.append(UInt8(ascii: "="))
            line.append(value: merged.value(of: key), of: key.name)
        }
        line.append(UInt8(ascii: "\n"))
        sink.write(line.bytes)
    }
}

extension Logger.Level {
    /// The SGR parameter of the level's colour.
    fileprivate var color: String {
        switch self {
        case .trace, .debug: "90"
        case .info: "32"
        case .notice: "36"
        case .warning: "33"
        case .error, .critical: "31"
        }
    }
}
