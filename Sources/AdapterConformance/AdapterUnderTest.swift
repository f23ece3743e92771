internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import HTTPTypes

/// An adapter as a connection would have it: made from settings, with its authentication.
struct AdapterUnderTest: Sendable {
    let adapter: any Adapter
    private(set) var transport: AuthenticatedTransport
    private let authentication: Authentication
    /// Whether a refused token can be renewed.
    let hasTokens: Bool
    /// The secrets of the settings.
    let secrets: [String]

    /// The other way round than a server: says what is wrong instead of an adapter.
    enum Making {
        case made(AdapterUnderTest)
        case refused([SettingsIssue])
    }

    static func make(_ subject: ConformanceSubject, settings: JSONObject, secrets: [String], _ bench: Bench) -> Making {
        var reader = SettingsReader(.object(settings))
        let made = subject.definition.make(&reader)
        reader.reportUnknownKeys()
        guard let made, reader.issues.isEmpty else { return .refused(reader.issues) }
        let declared = subject.authentication ?? made.authentication?.revealed ?? []
        let json = pointingTokens(of: declared, at: bench.agency.tokenURL)
        var authenticationReader = SettingsReader(["authentication": json])
        let authentication = Authentication(&authenticationReader)
        guard authenticationReader.issues.isEmpty else { return .refused(authenticationReader.issues) }
        return .made(
            AdapterUnderTest(
                adapter: made,
                transport: AuthenticatedTransport(bench.transport, authentication: authentication),
                authentication: authentication,
                hasTokens: (json.arrayValue ?? []).contains { $0["oauth2"] != nil },
                secrets: secrets
            )
        )
    }

    /// The schemes with token endpoints that are ours.
    private static func pointingTokens(of schemes: JSONValue, at url: String) -> JSONValue {
        .array(
            (schemes.arrayValue ?? []).map { scheme in
                guard var object = scheme.objectValue, var client = object["oauth2"]?.objectValue else { return scheme }
                client["tokenURL"] = .string(url)
                object["oauth2"] = .object(client)
                return .object(object)
            }
        )
    }

    /// Gets the tokens that later calls have in stock, so that a fault meets the message and not their fetching.
    func fetchTokens(_ bench: Bench) async {
        guard hasTokens else { return }
        bench.agency.behave(.replies([.once(WireResponse(status: 204))]))
        _ = await transport.send(OutboundRequest(method: .get, url: bench.agency.baseURL + "/"))
    }

    /// The same with tokens that have not been renewed yet, which is not done too often.
    func renewed(_ bench: Bench) async -> AdapterUnderTest {
        guard hasTokens else { return self }
        var copy = self
        copy.transport = AuthenticatedTransport(bench.transport, authentication: authentication)
        await copy.fetchTokens(bench)
        return copy
    }

    /// Sends a message as the engine does.
    func send(
        _ message: WireRequest,
        of operation: OperationDescriptor,
        to url: String,
        limit: Duration = .seconds(60)
    ) async -> WireOutcome {
        guard let base = try? BaseURL(url) else { return .failed(WireFailure(.unsendable, .notSent)) }
        return await transport.send(
            OutboundRequest(
                message,
                below: base,
                timeouts: CallTimeouts(connect: limit, firstByte: limit, total: limit),
                resend: operation.effect.isRepeatable ? .allowed : .never
            )
        )
    }
}
