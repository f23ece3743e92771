public import GerbangXML

/// A service description (WSDL 1.1), with everything that it imports, ready for use.
public struct WSDL: Sendable {
    /// Fetches a file from the net; called only where it was given.
    public typealias Fetch = @Sendable (_ url: String) throws(SOAPError) -> [UInt8]

    /// How a description is loaded.
    public struct Options: Sendable {
        /// Schemas that are imported by absolute addresses or without any.
        public var catalogue = SchemaCatalogue.builtin
        /// The folder that relative imports may reach; nil for the folder of the description.
        public var folder: String?
        /// Fetches what an absolute address names and the catalogue does not have; nil, the default, for never.
        public var fetch: Fetch?
        /// How large it may be.
        public var limits = LoadLimits()

        /// The default options.
        public init() {}
    }

    /// The file's name, relative to its folder.
    public let file: String
    /// The files that it was read from, itself first, relative to its folder; what came from the catalogue or the net is
    /// not among them.
    public let files: [String]
    /// The description's target namespace; empty for none.
    public let targetNamespace: String
    /// Its documentation.
    public let documentation: String?
    /// Its services, in document order; a port type that no port offers stands in a service without name.
    public let services: [Service]
    /// What was passed over while loading, for people.
    public let warnings: [String]
    let table: SchemaTable

    /// A service of a description.
    public struct Service: Sendable {
        /// The service's name; empty for port types that no port offers.
        public let name: String
        /// Its documentation.
        public let documentation: String?
        /// Its ports.
        public let ports: [Port]
    }

    /// A port of a service: a binding at an address.
    public struct Port: Sendable {
        /// How a port is spoken to.
        public enum Kind: Sendable, Hashable {
            /// SOAP in a version.
            case soap(SOAPVersion)
            /// HTTP GET or POST without SOAP; described, but not called.
            case http(verb: String)
            /// A port type that no binding binds; its operations are taken for document/literal.
            case unbound
            /// Another binding; described, but not called.
            case other(namespace: String)
        }

        /// The port's name, or that of an unbound port type.
        public let name: String
        /// The name of its binding.
        public let binding: String
        /// Where it is.
        public let address: String?
        /// How it is spoken to.
        public let kind: Kind
        /// The URI of what carries the messages; HTTP unless said otherwise.
        public let transport: String?
        /// Its documentation.
        public let documentation: String?
        /// The policies attached to the port or its binding.
        public let policies: [SOAPPolicy]
        /// Whether it says that it uses WS-Addressing.
        public let usesAddressing: Bool
        /// Its operations; of a port that is not SOAP, only their names are known.
        public let operations: [SOAPOperation]
        /// The names of the operations of a port that is not SOAP.
        public let otherOperations: [String]
    }

    /// All operations that can be encoded and decoded.
    public var operations: [SOAPOperation] { services.flatMap(\.ports).flatMap(\.operations) }

    /// Loads a description from a file.
    ///
    /// - Throws: ``SOAPError`` with the file and line of the first mistake.
    public static func load(file: String, options: Options = Options()) throws(SOAPError) -> WSDL {
        let folder =
            options.folder ?? (file.contains("/") ? String(file[...(file.lastIndex(of: "/") ?? file.startIndex)]) : ".")
        let source = try FileSource(folder: folder)
        guard let path = source.relativePath(of: file) else {
            throw SOAPError(.file, "There is no such file in the folder.", file: SOAPError.shown(file))
        }
        return try DescriptionReader(source: source, options: options).read(path)
    }

    /// Loads a description from memory.
    ///
    /// - Parameters:
    ///   - files: The files by relative path.
    ///   - root: The path of the description.
    public static func load(
        files: [String: [UInt8]],
        root: String,
        options: Options = Options()
    ) throws(SOAPError) -> WSDL {
        try DescriptionReader(source: FileSource(files: files), options: options).read(root)
    }

    /// The operation of a name.
    ///
    /// - Parameters:
    ///   - name: The operation's name.
    ///   - port: The port's name, needed where several ports offer the operation with different bindings.
    ///   - service: The service's name, needed where several services have such a port.
    ///   - overload: Which of the operations of this name in one port, from 1; WSDL 1.1 lets them differ by their messages.
    /// - Throws: ``SOAPError`` with code `soap.not-found`, naming the operations that there are.
    public func operation(
        _ name: String,
        port: String? = nil,
        service: String? = nil,
        overload: Int = 1
    ) throws(SOAPError) -> SOAPOperation {
        let ports = services.filter { service == nil || $0.name == service }.flatMap(\.ports).filter {
            port == nil || $0.name == port
        }
        // A bound port comes before one without binding, SOAP 1.1 before 1.2, as long as the name itself decides.
        if let port = ports.first(where: { port in port.operations.contains { $0.name == name } }) {
            let found = port.operations.filter { $0.name == name }
            guard found.indices.contains(overload - 1) else {
                throw SOAPError(
                    .notFound,
                    "The port has no \(overload == 2 ? "second" : "\(overload)th") operation of this name."
                )
            }
            return found[overload - 1]
        }
        let names = Set(ports.flatMap(\.operations).map(\.name)).sorted()
        throw SOAPError(
            .notFound,
            names.isEmpty
                ? "There is no such service or port with SOAP operations."
                : "There is no operation '\(SOAPError.shown(name))'; there are: \(MessageEncoder.list(names))."
        )
    }
}

/// A policy (WS-Policy) that a part of a description refers to.
public struct SOAPPolicy: Sendable, Hashable {
    /// The reference or the policy's own name; empty for a policy without one.
    public let name: String
    /// Whether the policy is in the description.
    public let isResolved: Bool
    /// The local names of its assertions, in order, without those within others.
    public let assertions: [String]
}
