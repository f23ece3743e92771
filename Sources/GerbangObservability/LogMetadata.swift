internal import Logging

/// The metadata of one event from all its sources, ordered by key.
///
/// Only the keys are collected and sorted. The values stay in their dictionaries, because they are far more expensive
/// to move than to look up.
struct LogMetadata {
    /// A key and the strongest source that has it.
    struct Key {
        var name: String
        fileprivate var source: Source
    }

    /// Where a value comes from, the weakest first.
    fileprivate enum Source: UInt8 {
        case handler
        case provider
        case error
        case event
    }

    private(set) var keys: [Key] = []
    private let handler: Logger.Metadata
    private let provided: Logger.Metadata
    private let explicit: Logger.Metadata
    private let error: (any Error)?

    init(handler: Logger.Metadata, provider: Logger.MetadataProvider?, event: LogEvent) {
        self.handler = handler
        provided = provider?.get() ?? [:]
        explicit = event.metadata ?? [:]
        error = event.error
        keys.reserveCapacity(handler.count + provided.count + explicit.count + 2)
        for name in handler.keys { keys.append(Key(name: name, source: .handler)) }
        for name in provided.keys { keys.append(Key(name: name, source: .provider)) }
        for name in explicit.keys { keys.append(Key(name: name, source: .event)) }
        if error != nil {
            keys.append(Key(name: "error", source: .error))
            keys.append(Key(name: "error_type", source: .error))
        }
        keys.sort { $0.name < $1.name || ($0.name == $1.name && $0.source.rawValue > $1.source.rawValue) }
        var index = 1
        while index < keys.count {
            if keys[index].name == keys[index - 1].name { keys.remove(at: index) } else { index += 1 }
        }
    }

    func value(of key: Key) -> Logger.MetadataValue {
        switch key.source {
        case .handler: handler[key.name] ?? ""
        case .provider: provided[key.name] ?? ""
        case .event: explicit[key.name] ?? ""
        case .error: error.map { .string(key.name == "error" ? "\($0)" : "\(type(of: $0))") } ?? ""
        }
    }
}
