internal import GerbangCore
internal import GerbangEngine
internal import GerbangHTTP
internal import GerbangJSON

extension Connection {
    /// Reads one connection; what is wrong is collected in `reader`.
    init?(_ reader: inout SettingsReader, adapters: AdapterRegistry) {
        let id = reader.value("id") { text throws(GerbangError) in try ConnectionID(text) }
        let definition = reader.value("adapter") { text throws(GerbangError) in
            guard let definition = adapters[try AdapterID(text)] else {
                let known = adapters.descriptors.map(\.id.text).joined(separator: ", ")
                throw GerbangError(.invalidConfiguration, "there is no such adapter; known are: \(known)")
            }
            return definition
        }
        let baseURL = reader.value("baseURL") { text throws(GerbangError) in try BaseURL(text) }
        let regions = reader.texts("regions") { text throws(GerbangError) in try Region(text) }
        let tenant = reader.optionalValue("tenant") { text throws(GerbangError) in try TenantID(text) }
        let agencyGroup = reader.optionalString("agencyGroup")
        if reader.optionalJSON("regions")?.arrayValue?.isEmpty == true {
            reader.report("must name at least one region; leave it out for the whole nation", at: "regions")
        }
        let limits = FlowLimits(&reader)
        let calendar = reader.object("hours", ServiceCalendar.init) ?? ServiceCalendar()
        let schedule = reader.object("retry", RetrySchedule.init) ?? .standard
        let profile = TransportProfile(&reader)
        var authentication = Authentication(&reader)
        let adapter = reader.adapter(definition)
        if authentication.isEmpty, let own = adapter?.authentication {
            // What an adapter says is read as if the connection said it.
            var own = SettingsReader(["authentication": own.revealed], at: reader.pointer.appending("adapter"))
            authentication = Authentication(&own)
            for issue in own.issues { reader.report("the adapter's \(issue.pointer): \(issue.message)", at: "adapter") }
        }
        guard let id, let baseURL, let adapter else { return nil }
        self.init(
            id: id,
            adapter: adapter,
            baseURL: baseURL,
            regions: regions ?? [.nation],
            limits: limits,
            calendar: calendar,
            schedule: schedule,
            profile: profile,
            authentication: authentication,
            tenant: tenant,
            agencyGroup: agencyGroup
        )
    }
}

extension SettingsReader {
    /// Reads `settings` with the adapter's own reading.
    fileprivate mutating func adapter(_ definition: AdapterDefinition?) -> (any Adapter)? {
        guard let definition else {
            _ = optionalJSON("settings")
            return nil
        }
        guard has("settings") else {
            // Lets the adapter say what it needs.
            var empty = SettingsReader([:], at: pointer.appending("settings"))
            let adapter = definition.make(&empty)
            for issue in empty.issues { report("settings: \(issue.pointer.tokens.last ?? "") \(issue.message)") }
            _ = optionalJSON("settings")
            return adapter
        }
        return object("settings", definition.make)
    }
}

extension FlowLimits {
    /// Reads `limits` and `breaker`.
    fileprivate init(_ reader: inout SettingsReader) {
        self.init()
        let limits = reader.object("limits") { reader -> FlowLimits? in
            FlowLimits(
                concurrency: reader.int("concurrency", in: 1...4096, default: 16),
                callsPerSecond: reader.optionalDouble("callsPerSecond", atLeast: 0.001),
                retryShare: reader.optionalDouble("retryShare", in: 0...1) ?? 0.2,
                minimumRetries: reader.int("minimumRetries", in: 0...4096, default: 3)
            )
        }
        if let limits { self = limits }
        let standard = BreakerLimits()
        let breaker = reader.object("breaker") { reader -> BreakerLimits? in
            let limits = BreakerLimits(
                consecutiveFailures: reader.int(
                    "consecutiveFailures",
                    in: 1...100_000,
                    default: standard.consecutiveFailures
                ),
                failureShare: reader.optionalDouble("failureShare", in: 0.01...1) ?? standard.failureShare,
                minimumCalls: reader.int("minimumCalls", in: 1...100_000, default: standard.minimumCalls),
                open: reader.duration("open", default: standard.open),
                maximumOpen: reader.duration("maximumOpen", default: standard.maximumOpen),
                probes: reader.int("probes", in: 1...1000, default: standard.probes)
            )
            if limits.open > limits.maximumOpen {
                let longest = DurationText.readable(limits.maximumOpen)
                reader.report("must not be longer than maximumOpen, which is \(longest)", at: "open")
            }
            return limits
        }
        if let breaker { self.breaker = breaker }
    }
}

extension RetrySchedule {
    private static let noPause = "must be longer than 0s: whoever is down would be called again without a pause"

    /// Reads a part called `retry`.
    init?(_ reader: inout SettingsReader) {
        let delays = reader.texts("delays") { text throws(GerbangError) in
            guard let delay = DurationText.parse(text) else {
                throw GerbangError(.invalidConfiguration, "must be a duration such as 250ms, 30s, 5m, 2h or 3d")
            }
            guard delay > .zero else { throw GerbangError(.invalidConfiguration, Self.noPause) }
            return delay
        }
        let ceiling = reader.duration("ceiling", default: RetrySchedule.standard.ceiling)
        if ceiling <= .zero { reader.report(Self.noPause, at: "ceiling") }
        self.init(delays: delays ?? RetrySchedule.standard.delays, ceiling: ceiling)
    }
}

extension ServiceCalendar {
    private static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    fileprivate init?(_ reader: inout SettingsReader) {
        self.init()
        let zones: [(String, Zone)] = [("WIB", .wib), ("WITA", .wita), ("WIT", .wit), ("UTC", .utc)]
        zone = reader.choice("zone", zones, default: .wib)
        hours = reader.list("weekly", Self.weeklyHours).flatMap(\.self)
        closures = reader.list("closed") { reader in
            let from = reader.value("from", Self.moment)
            let until = reader.value("until", Self.moment)
            guard let from, let until else { return nil }
            guard from < until else {
                reader.report("must be later than 'from'", at: "until")
                return nil
            }
            return Closure(from: from, until: until)
        }
    }

    private static func weeklyHours(_ reader: inout SettingsReader) -> [Hours]? {
        let days = reader.texts("days") { text throws(GerbangError) in
            guard let index = weekdays.firstIndex(of: text) else {
                throw GerbangError(.invalidConfiguration, "must be one of \(weekdays.joined(separator: ", "))")
            }
            return index + 1
        }
        // Without this, hours on no day would be no hours at all, which means always.
        if reader.optionalJSON("days")?.arrayValue?.isEmpty == true {
            reader.report("must name at least one day", at: "days")
        }
        let opens = reader.value("opens", secondOfDay)
        let closes = reader.value("closes", secondOfDay)
        guard let opens, let closes else { return nil }
        guard opens != closes else {
            reader.report(
                "must not be the time at which it opens; write 00:00 to 24:00 for the whole day",
                at: "closes"
            )
            return nil
        }
        return (days ?? Array(1...7)).map { Hours(weekday: $0, opens: opens, closes: closes) }
    }

    private static func moment(_ text: String) throws(GerbangError) -> Timestamp {
        guard let moment = Timestamp(text) else {
            throw GerbangError(.invalidConfiguration, "must be a time such as 2026-12-31T22:00:00+07:00")
        }
        return moment
    }

    private static func secondOfDay(_ text: String) throws(GerbangError) -> Int {
        let parts = text.split(separator: ":").compactMap { part in
            part.utf8.count == 2 && part.utf8.allSatisfy { Hexadecimal.value(of: $0).map { $0 < 10 } ?? false }
                ? Int(part) : nil
        }
        guard text.utf8.count == 5, parts.count == 2, parts[1] < 60, parts[0] * 60 + parts[1] <= 1440 else {
            throw GerbangError(.invalidConfiguration, "must be a time of day in quotes, such as \"08:00\"")
        }
        return (parts[0] * 60 + parts[1]) * 60
    }
}

extension TransportProfile {
    /// Reads `tls` and `proxy`.
    fileprivate init(_ reader: inout SettingsReader) {
        self.init()
        reader.object("tls") { reader -> Void? in
            certificateAuthorities = reader.optionalString("authorities").map { .file($0) }
            let key = reader.optionalString("key")
            let keyPassword = reader.optionalSecret("keyPassword")?.revealed
            clientCertificate = reader.optionalString("certificate").map { path in
                ClientCertificate(
                    certificate: .file(path),
                    privateKey: key.map { .file($0) },
                    privateKeyPassword: keyPassword
                )
            }
            if clientCertificate == nil, key != nil { reader.report("needs a 'certificate' beside it", at: "key") }
            pinnedPublicKeySHA256 = reader.optionalValue("publicKeySHA256", Self.hash)
            return ()
        }
        proxy = reader.object("proxy") { reader in
            let url = reader.value("url", Self.proxyAddress)
            let user = reader.optionalString("user")
            let password = reader.optionalSecret("password")?.revealed
            return url.map { Proxy(url: $0, user: user, password: password) }
        }
    }

    /// An address as libcurl takes it: with any scheme or none; its host has to be one.
    private static func proxyAddress(_ text: String) throws(GerbangError) -> String {
        let rest = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? text[...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), (try? BaseURL("http://\(host)")) != nil else {
            throw GerbangError(
                .invalidConfiguration,
                "must be an address such as http://10.0.0.1:3128, with a host and without spaces"
            )
        }
        return text
    }

    private static func hash(_ text: String) throws(GerbangError) -> [UInt8] {
        let digits = text.utf8.compactMap { Hexadecimal.value(of: $0) }
        guard text.utf8.count == 64, digits.count == 64 else {
            throw GerbangError(.invalidConfiguration, "must be the SHA-256 of the public key: 64 hexadecimal digits")
        }
        return stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
