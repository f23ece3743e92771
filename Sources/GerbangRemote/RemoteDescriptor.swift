internal import Crypto
public import GerbangCore
internal import GerbangJSON

/// What an adapter in a process of its own says of itself: the file that is registered for it.
///
/// It is data and is read strictly. `Docs/RemoteAdapters.md` describes it.
public struct RemoteDescriptor: Sendable, Hashable {
    /// Who calls the agency.
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        /// The process translates; the gateway sends.
        case translate
        /// The process calls the agency itself and answers a verdict.
        case call
    }

    /// Something that a connection has to say for the adapter.
    public struct Setting: Sendable, Hashable {
        /// What form it has.
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            /// A text.
            case text
            /// A text that nobody may see.
            case secret
            /// A number.
            case number
            /// `true` or `false`.
            case boolean
        }

        /// The setting's name.
        public var name: String
        /// Its form.
        public var kind: Kind
        /// Whether a connection must give it.
        public var isRequired: Bool
    }

    /// The version of this format that this build reads.
    public static let format = 1

    /// The adapter as the engine sees it.
    public var adapter: AdapterDescriptor
    /// Who calls the agency.
    public var mode: Mode
    /// The host names at which instances may be reached.
    public var hosts: [String]
    /// Where a translated message may go besides the connection's own base URL.
    public var egress: [BaseURL]
    /// What a connection has to say.
    public var settings: [Setting]

    /// Reads a descriptor from its file.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` with everything that is wrong.
    public init(parsing text: String) throws(GerbangError) {
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue(parsing: text)
        } catch {
            throw GerbangError(
                .invalidConfiguration,
                "the descriptor is not JSON: line \(error.line), column \(error.column): \(error.message)"
            )
        }
        var reader = SettingsReader(json)
        let descriptor = RemoteDescriptor(&reader)
        try reader.finish(describing: "the descriptor")
        guard let descriptor else { throw GerbangError(.invalidConfiguration, "the descriptor is incomplete") }
        try descriptor.adapter.validate()
        self = descriptor
    }

    /// The SHA-256 of a registered file, by which its versions are told apart: 64 hexadecimal digits.
    public static func hash(of content: some Sequence<UInt8>) -> String {
        Hexadecimal.lower(SHA256.hash(data: Array(content)))
    }

    /// Whether an instance may be reached at `address`: an approved host, over TLS unless it is this machine.
    public func allows(_ address: BaseURL) -> Bool {
        hosts.contains(address.host) && (address.scheme == "https" || address.isLoopback)
    }
}

extension BaseURL {
    /// Whether it is this machine by its address; a name could lead elsewhere.
    var isLoopback: Bool { host == "127.0.0.1" || host == "[::1]" }
}

extension RemoteDescriptor {
    private init?(_ reader: inout SettingsReader) {
        if reader.int("remote", in: 0...Int.max, default: 0) != Self.format {
            reader.report("must be \(Self.format), the version of this format", at: "remote")
        }
        let id = reader.value("id") { text throws(GerbangError) in try AdapterID(text) }
        let version = reader.value("version") { text throws(GerbangError) in try SemanticVersion.checked(text) }
        let agency = reader.localizedText("agency")
        let mode = reader.value("mode") { text throws(GerbangError) in try Self.word(text, Mode.self) }
        let hosts = reader.texts("hosts") { text throws(GerbangError) in
            let url = try BaseURL("https://\(text)")
            guard url.host == text else {
                throw GerbangError(.invalidConfiguration, "must be a host name or an address, without a port")
            }
            return text
        }
        if hosts?.isEmpty ?? true { reader.report("must name at least one host at which instances run", at: "hosts") }
        let egress = reader.texts("egress") { text throws(GerbangError) in try BaseURL(text) } ?? []
        if mode == .call, !egress.isEmpty {
            reader.report("is for 'translate': in mode 'call' the gateway sends nothing to the agency", at: "egress")
        }
        let settings = reader.list("settings") { Setting(&$0) }
        let operations = reader.list("operations") { OperationDescriptor(remote: &$0) }
        guard let id, let version, let agency, let mode, let hosts else { return nil }
        let adapter = AdapterDescriptor(id: id, version: version, agency: agency, operations: operations)
        self.init(adapter: adapter, mode: mode, hosts: hosts, egress: egress, settings: settings)
    }

    private init(adapter: AdapterDescriptor, mode: Mode, hosts: [String], egress: [BaseURL], settings: [Setting]) {
        self.adapter = adapter
        self.mode = mode
        self.hosts = hosts
        self.egress = egress
        self.settings = settings
    }

    fileprivate static func word<Word: RawRepresentable & CaseIterable>(
        _ text: String,
        _ type: Word.Type
    ) throws(GerbangError) -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw GerbangError(.invalidConfiguration, "must be one of \(words)")
        }
        return word
    }
}

extension RemoteDescriptor.Setting {
    fileprivate init?(_ reader: inout SettingsReader) {
        let name = reader.value("name") { text throws(GerbangError) in
            guard (1...60).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
                throw GerbangError(.invalidConfiguration, "must have 1 to 60 characters of ASCII without spaces")
            }
            return text
        }
        let kind = reader.value("kind") { text throws(GerbangError) in try RemoteDescriptor.word(text, Kind.self) }
        let isRequired = reader.bool("required", default: true)
        guard let name, let kind else { return nil }
        self.init(name: name, kind: kind, isRequired: isRequired)
    }
}

extension OperationDescriptor {
    fileprivate init?(remote reader: inout SettingsReader) {
        let id = reader.value("id") { text throws(GerbangError) in try OperationID(text) }
        let service = reader.optionalValue("provides") { text throws(GerbangError) in try ServiceID(text) }
        let key = reader.optionalString("idempotencyKey")
        let effect = reader.value("effect") { text throws(GerbangError) -> Effect in
            switch (text, key) {
            case ("query", nil): return .query
            case ("nonIdempotent", nil): return .nonIdempotent
            case ("idempotent", let key?): return .idempotent(key: key)
            case ("idempotent", nil):
                throw GerbangError(
                    .invalidConfiguration,
                    "needs 'idempotencyKey' beside it: the element by which the agency recognises a repetition"
                )
            case ("query", _), ("nonIdempotent", _):
                throw GerbangError(.invalidConfiguration, "has no 'idempotencyKey'; only 'idempotent' has one")
            default: throw GerbangError(.invalidConfiguration, "must be one of query, idempotent, nonIdempotent")
            }
        }
        let inquiry = reader.object("inquiry") { reader -> Inquiry? in
            let operation = reader.value("operation") { text throws(GerbangError) in try OperationID(text) }
            let after = reader.duration("conclusiveAfter", default: .seconds(60))
            return operation.map { Inquiry(operation: $0, conclusiveAfter: after) }
        }
        let timeouts = reader.object("timeouts") { reader -> CallTimeouts? in
            let standard = CallTimeouts()
            return CallTimeouts(
                connect: reader.duration("connect", default: standard.connect),
                firstByte: reader.duration("firstByte", default: standard.firstByte),
                total: reader.duration("total", default: standard.total)
            )
        }
        let attempts = reader.int("maximumAttempts", in: 1...1000, default: 15)
        guard let id, let effect else { return nil }
        self.init(
            id: id,
            service: service,
            effect: effect,
            inquiry: inquiry,
            timeouts: timeouts ?? CallTimeouts(),
            maximumAttempts: attempts
        )
    }
}

/// Versions as semantic versioning 2.0.0 writes them.
enum SemanticVersion {
    static func checked(_ text: String) throws(GerbangError) -> String {
        let core = text.prefix { $0 != "-" && $0 != "+" }.split(separator: ".", omittingEmptySubsequences: false)
        let isNumber = { (part: Substring) in
            !part.isEmpty && part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
        guard core.count == 3, core.allSatisfy(isNumber), text.utf8.count <= 60,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { throw GerbangError(.invalidConfiguration, "must be a semantic version such as 1.4.0") }
        return text
    }
}
