public import GerbangJSON

/// A canonical thing to ask for, whoever answers it, such as `population.identity.verify`.
public struct Service: Sendable, Hashable {
    /// The name.
    public var id: ServiceID
    /// A short title.
    public var title: LocalizedText
    /// What it does and when it is needed.
    public var summary: LocalizedText
    /// The input's JSON Schema (draft 7).
    public var input: JSONValue
    /// The output's JSON Schema (draft 7).
    public var output: JSONValue
    /// What the citizen must bring.
    public var requirements: [LocalizedText]
    /// What the citizen pays; `nil` when it is free.
    public var fee: LocalizedText?
    /// The time in which the agency usually settles it.
    public var standardTime: Duration
    /// The law or regulation it rests on.
    public var legalBasis: String

    /// Reads a service from its catalogue file.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` naming every missing, unknown or ill-typed field.
    public init(json: JSONValue) throws(GerbangError) {
        var reader = SettingsReader(json)
        let id = reader.value("id") { text throws(GerbangError) in try ServiceID(text) }
        let title = reader.localizedText("title")
        let summary = reader.localizedText("summary")
        let input = reader.json("input")
        let output = reader.json("output")
        requirements = reader.list("requirements") { $0.wholeLocalizedText() }
        fee = reader.optionalLocalizedText("fee")
        let standardTime = reader.duration("standardTime")
        let legalBasis = reader.string("legalBasis")
        try reader.finish(describing: "service")
        guard let id, let title, let summary, let input, let output, let standardTime, let legalBasis else {
            throw GerbangError(.invalidConfiguration, "the service is incomplete")
        }
        self.id = id
        self.title = title
        self.summary = summary
        self.input = input
        self.output = output
        self.standardTime = standardTime
        self.legalBasis = legalBasis
    }
}

/// All services by name.
public struct ServiceCatalogue: Sendable {
    private var byID: [ServiceID: Service]

    /// Creates a catalogue.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` when two services have one name.
    public init(_ services: [Service]) throws(GerbangError) {
        var byID: [ServiceID: Service] = [:]
        for service in services where byID.updateValue(service, forKey: service.id) != nil {
            throw GerbangError(.invalidConfiguration, "the service \(service.id) is described twice")
        }
        self.byID = byID
    }

    /// The same with the services that adapters bring along.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` when one has the name of a service that is described
    ///   otherwise: what a service is does not depend on who provides it.
    public func adding(_ services: [Service]) throws(GerbangError) -> ServiceCatalogue {
        var catalogue = self
        for service in services {
            if let known = catalogue.byID.updateValue(service, forKey: service.id), known != service {
                throw GerbangError(
                    .invalidConfiguration,
                    "the service \(service.id) is in the catalogue and is described otherwise"
                )
            }
        }
        return catalogue
    }

    /// The service called `id`.
    public subscript(id: ServiceID) -> Service? { byID[id] }

    /// All services, by name.
    public var all: [Service] { byID.values.sorted { $0.id < $1.id } }
}
