public import Logging

/// Writes one JSON object per line.
///
/// A line has `ts` (RFC 3339, UTC, milliseconds), `level`, `label`, `msg`, and then the metadata as further members,
/// sorted by key:
///
/// ```json
/// {"ts":"2026-11-22T02:37:20.123Z","level":"info","label":"gerbang.engine","msg":"attempt ended","attempt":2,"code":"E-503"}
/// ```
///
/// A metadata key with the name of one of the first four gets an underscore behind it. Integers, floating-point numbers
/// and Boolean values that were given as `.stringConvertible` stay numbers and truth values; dictionaries and arrays
/// become objects and arrays. An error of the event becomes `error` and `error_type`. Everything passes the
/// ``Redactor``.
public struct JSONLogHandler: LogHandler {
    /// Metadata of every line of this handler.
    public var metadata: Logger.Metadata = [:]
    /// The lowest level that is written.
    public var logLevel: Logger.Level
    /// Adds metadata from the context of a call.
    public var metadataProvider: Logger.MetadataProvider?

    private let labelMember: [UInt8]
    private let sink: any LogSink
    private let redactor: Redactor
    private let clock: @Sendable () -> WallClock

    /// Creates a handler, for `LoggingSystem.bootstrap` or a `Logger` of its own.
    ///
    /// - Parameters:
    ///   - label: the logger's label.
    ///   - level: the lowest level that is written.
    ///   - sink: where the lines go; standard error by default.
    ///   - redactor: what hides personal data and credentials. Make one and share it.
    ///   - metadataProvider: adds metadata from the context of a call.
    public init(
        label: String,
        level: Logger.Level = .info,
        sink: any LogSink = FileDescriptorSink.standardError,
        redactor: Redactor = Redactor(),
        metadataProvider: Logger.MetadataProvider? = nil
    ) {
        self.init(
            label: label,
            level: level,
            sink: sink,
            redactor: redactor,
            metadataProvider: metadataProvider,
            clock: WallClock.now
        )
    }

    init(
        label: String,
        level: Logger.Level,
        sink: any LogSink,
        redactor: Redactor,
        metadataProvider: Logger.MetadataProvider?,
        clock: @escaping @Sendable () -> WallClock
    ) {
        var line = LogLine(redactor: redactor)
        line.append(verbatim: "\",\"label\":")
        line.append(string: label)
        line.append(verbatim: ",\"msg\":")
        labelMember = line.bytes
        logLevel = level
        self.sink = sink
        self.redactor = redactor
        self.metadataProvider = metadataProvider
        self.clock = clock
    }

    /// One entry of ``metadata``.
    public subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        var line = LogLine(redactor: redactor)
        line.append(verbatim: "{\"ts\":\"")
        line.append(timestamp: clock())
        line.append(verbatim: "\",\"level\":\"")
        line.append(verbatim: event.level.rawValue)
        line.append(verbatim: labelMember)
        line.append(string: event.message.description)
        let merged = LogMetadata(handler: metadata, provider: metadataProvider, event: event)
        for key in merged.keys {
            line.append(verbatim: ",\"")
            line.append(text: key.name)
            line.append(verbatim: isReserved(key.name) ? "_\":" : "\":")
            line.append(value: merged.value(of: key), of: key.name)
        }
        line.append(verbatim: "}\n")
        sink.write(line.bytes)
    }

    private func isReserved(_ key: String) -> Bool {
        key == "msg" || key == "level" || key == "label" || key == "ts"
    }
}
