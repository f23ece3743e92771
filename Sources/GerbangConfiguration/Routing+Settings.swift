internal import GerbangCore
internal import GerbangEngine
internal import GerbangExpression
internal import GerbangJSON

extension Route {
    /// Reads one route; what is wrong is collected in `reader`.
    ///
    /// - Parameter connections: Those that routes may lead to.
    init?(_ reader: inout SettingsReader, to connections: [ConnectionID: Connection]) {
        let connection = reader.value("connection") { text throws(GerbangError) in
            let id = try ConnectionID(text)
            guard let connection = connections[id] else {
                throw GerbangError(.invalidConfiguration, "there is no connection with this name")
            }
            return connection
        }
        let regions = reader.texts("regions") { text throws(GerbangError) in
            let region = try Region(text)
            guard connection?.regions.contains(where: { region.isWithin($0) }) ?? true else {
                throw GerbangError(.invalidConfiguration, "the connection does not serve this region")
            }
            return region
        }
        let condition = reader.optionalValue("when") { text throws(GerbangError) in try RouteCondition(compiling: text)
        }
        let priority = reader.int("priority", in: 1...1_000_000, default: Self.standardPriority)
        let weight = reader.int("weight", in: 1...1000, default: 1)
        let takesOver = reader.bool("failover", default: true)
        guard let connection else { return nil }
        self.init(
            connection: connection.id,
            regions: regions,
            condition: condition,
            priority: priority,
            weight: weight,
            takesOver: takesOver
        )
    }
}

extension RouteCondition {
    /// What a condition may read. There is no payload and no applicant among it: where a request goes must not depend on
    /// personal data.
    private static let environment = CELEnvironment(variables: [
        "service": .string, "region": .string, "client": .string, "tenant": .string, "channel": .string,
        "now": .timestamp,
    ])

    /// Compiles an expression.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` with the place in the expression.
    init(compiling source: String) throws(GerbangError) {
        let program: CELProgram
        do throws(CELError) {
            program = try Self.environment.compile(source, expecting: .bool)
        } catch {
            throw GerbangError(
                .invalidConfiguration,
                "\(error); an expression may read service, region, client, tenant, channel and now"
            )
        }
        self.init(source) { facts throws(GerbangError) in
            let values: [String: CELValue] = [
                "service": .string(facts.service.text), "region": .string(facts.region.digits),
                "client": .string(facts.client.text), "tenant": .string(facts.tenant?.text ?? ""),
                "channel": .string(facts.channel.rawValue),
                "now": .timestamp(CELTimestamp(facts.now) ?? .epoch),
            ]
            do throws(CELError) {
                guard case .bool(let holds) = try program.evaluate(values) else { return false }
                return holds
            } catch {
                throw GerbangError(.invalidConfiguration, "a route's condition has no value: \(error)")
            }
        }
    }
}

extension FailoverPolicy {
    /// Reads when requests go to another connection.
    init?(_ reader: inout SettingsReader) {
        self.init()
        if reader.optionalJSON("breakerOpenings") == .bool(false) {
            breakerOpenings = nil
        } else {
            breakerOpenings = reader.int("breakerOpenings", in: 1...1000, default: breakerOpenings ?? 1)
        }
        whenPaused = reader.bool("paused", default: whenPaused)
        closedFor = reader.optionalDuration("closedFor")
        if reader.optionalJSON("silentFor") == .bool(false) {
            silentFor = nil
        } else {
            silentFor = reader.optionalDuration("silentFor") ?? silentFor
        }
    }
}

extension Tenant {
    /// Reads one tenant; what is wrong is collected in `reader`.
    init?(_ reader: inout SettingsReader) {
        let id = reader.value("id") { text throws(GerbangError) in try TenantID(text) }
        let name = reader.localizedText("name")
        let regions = reader.texts("regions") { text throws(GerbangError) in try Region(text) }
        let clients = reader.texts("clients") { text throws(GerbangError) in try ClientID(text) }
        for (index, client) in (clients ?? []).enumerated() where clients?.prefix(index).contains(client) == true {
            reader.report("\(client) is in the list twice", at: "clients")
        }
        let limits = reader.object("limits") { reader -> Limits? in
            Limits(
                submissionsPerSecond: reader.optionalDouble("submissionsPerSecond", atLeast: 0.001),
                openRequests: reader.has("openRequests")
                    ? reader.int("openRequests", in: 1...100_000_000, default: 1) : nil
            )
        }
        _ = reader.optionalJSON("limits")
        let contact = reader.optionalLocalizedText("contact")
        if let contact, Language.allCases.contains(where: { contact[$0].count > Self.longestContact }) {
            reader.report("must have at most \(Self.longestContact) characters: it stands in sentences", at: "contact")
        }
        guard let id, let name else { return nil }
        self.init(
            id: id,
            name: name,
            regions: regions ?? [],
            clients: Set(clients ?? []),
            limits: limits ?? Limits(),
            contact: contact
        )
    }
}
