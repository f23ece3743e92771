public import GerbangCore
public import GerbangHTTP

/// How clients are called back.
public struct CallbackConfiguration: Sendable {
    /// Where callbacks may go: the public Internet, and what is allowed besides.
    public var addresses: AddressPolicy
    /// Whether `http` URLs are taken as well as `https`.
    public var allowsHTTP: Bool
    /// How many deliveries may be under way at once.
    public var concurrency: Int
    /// How many of them may be for one client: one that does not answer holds up no other.
    public var concurrencyPerClient: Int
    /// How long to wait after failures.
    public var schedule: RetrySchedule
    /// How old an event may become before it is given up after a failure.
    public var giveUpAfter: Duration
    /// The time limits of a delivery.
    public var timeouts: CallTimeouts
    /// The `source` of the events: a URI that names this gateway.
    public var source: String

    /// Creates a configuration; the defaults reach the public Internet over `https` only.
    public init(
        addresses: AddressPolicy = .publicInternet(),
        allowsHTTP: Bool = false,
        concurrency: Int = 32,
        concurrencyPerClient: Int = 4,
        schedule: RetrySchedule = .standard,
        giveUpAfter: Duration = .seconds(72 * 3600),
        timeouts: CallTimeouts = CallTimeouts(firstByte: .seconds(15), total: .seconds(15)),
        source: String = "urn:gerbang:gateway"
    ) {
        self.addresses = addresses
        self.allowsHTTP = allowsHTTP
        self.concurrency = concurrency
        self.concurrencyPerClient = concurrencyPerClient
        self.schedule = schedule
        self.giveUpAfter = giveUpAfter
        self.timeouts = timeouts
        self.source = source
    }
}

extension CallbackConfiguration {
    /// Refuses a callback that could never be delivered; what its name resolves to is seen at each delivery.
    func check(_ callback: Callback) throws(GerbangError) {
        guard callback.isEncrypted || allowsHTTP else {
            throw GerbangError(.invalidInput, "must start with https://; http is not allowed here")
        }
        if let address = IPAddress(callback.host), !addresses.permits(address) {
            throw GerbangError(.invalidInput, "its address is not one that callbacks may go to")
        }
    }
}
