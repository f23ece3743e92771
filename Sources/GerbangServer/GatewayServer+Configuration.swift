public import GerbangCore

extension GatewayServer {
    /// What can be set.
    public struct Configuration: Sendable {
        /// How many bytes the header of a request may have, and each of its fields.
        static let maximumHeaderBytes = 32 << 10
        /// How many fields the header of a request may have.
        static let maximumHeaderFields = 100

        /// The name or address to listen on.
        public var host: String
        /// The port to listen on; 0 lets the system choose one.
        public var port: Int
        /// The largest body that is read.
        public var maximumBodyBytes: Int
        /// The longest time that a client may wait for a request to end.
        public var maximumWait: Duration
        /// How many connections may be open at once; further ones are accepted when others have closed.
        public var maximumConnections: Int
        /// How long a connection may be silent, and how long the header of a request may take to arrive.
        public var idleTimeout: Duration
        /// How long the body of a request may take to arrive, and how long a client may take no more of its answer.
        public var receiveTimeout: Duration
        /// How many streams of events may be open at once.
        public var maximumEventStreams: Int
        /// How often a stream of events gets a sign of life while nothing happens.
        public var heartbeatInterval: Duration
        /// Whether a proxy that ends TLS is the only way to reach the server, so that what it says is seen by nobody else.
        public var isBehindTLS: Bool
        /// How often the API keys are read again: a revoked key works no longer than this.
        public var keyRefreshInterval: Duration
        /// The services that are offered by SOAP too; none means that there is no SOAP face.
        public var soapServices: [ServiceID]
        /// Where clients reach the SOAP face, for its description; by default the host that they ask.
        public var soapAddress: String?

        /// Creates a configuration; the defaults are open to this machine only.
        public init(
            host: String = "127.0.0.1",
            port: Int = 8080,
            maximumBodyBytes: Int = 1 << 20,
            maximumWait: Duration = .seconds(60),
            maximumConnections: Int = 800,
            idleTimeout: Duration = .seconds(75),
            receiveTimeout: Duration = .seconds(30),
            maximumEventStreams: Int = 256,
            heartbeatInterval: Duration = .seconds(15),
            isBehindTLS: Bool = false,
            keyRefreshInterval: Duration = .seconds(2),
            soapServices: [ServiceID] = [],
            soapAddress: String? = nil
        ) {
            self.host = host
            self.port = port
            self.maximumBodyBytes = maximumBodyBytes
            self.maximumWait = maximumWait
            self.maximumConnections = maximumConnections
            self.idleTimeout = idleTimeout
            self.receiveTimeout = receiveTimeout
            self.maximumEventStreams = maximumEventStreams
            self.heartbeatInterval = heartbeatInterval
            self.isBehindTLS = isBehindTLS
            self.keyRefreshInterval = keyRefreshInterval
            self.soapServices = soapServices
            self.soapAddress = soapAddress
        }

        /// Whether only this machine can reach ``host``.
        public var isLoopback: Bool { Self.isLoopback(host) }

        static func isLoopback(_ host: some StringProtocol) -> Bool {
            if host == "localhost" || host == "::1" || host == "[::1]" { return true }
            let parts = host.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
        }
    }
}
