/// A mall or a regency: clients, connections and limits that belong together.
public struct Tenant: Sendable, Hashable {
    /// How much a tenant may ask for, so that one cannot take what others need.
    public struct Limits: Sendable, Hashable {
        /// Submissions a second, on average; `nil` for no limit.
        public var submissionsPerSecond: Double?
        /// Requests that have not ended; `nil` for no limit.
        public var openRequests: Int?

        /// Creates limits; by default none.
        public init(submissionsPerSecond: Double? = nil, openRequests: Int? = nil) {
            self.submissionsPerSecond = submissionsPerSecond
            self.openRequests = openRequests
        }
    }

    /// The longest contact that a sentence on a screen can hold, in characters.
    public static let longestContact = 60

    /// The tenant's name.
    public var id: TenantID
    /// What people call it, such as "Mal Pelayanan Publik Kota Contoh": who holds a request that has ended.
    public var name: LocalizedText
    /// The regions for which its clients may ask; empty for all.
    public var regions: [Region]
    /// Its clients. A client belongs to one tenant at most.
    public var clients: Set<ClientID>
    /// How much it may ask for.
    public var limits: Limits
    /// Where citizens can ask, such as a counter or a telephone number: told where a request needs an officer.
    public var contact: LocalizedText?

    /// Creates a tenant.
    public init(
        id: TenantID,
        name: LocalizedText,
        regions: [Region] = [],
        clients: Set<ClientID> = [],
        limits: Limits = Limits(),
        contact: LocalizedText? = nil
    ) {
        self.id = id
        self.name = name
        self.regions = regions
        self.clients = clients
        self.limits = limits
        self.contact = contact
    }
}
