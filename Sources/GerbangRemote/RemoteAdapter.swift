public import GerbangCore
public import GerbangHTTP
public import GerbangJSON
internal import GerbangSchema
internal import HTTPTypes

/// The part of a remote adapter that is in this process: pure, like any other.
///
/// It wraps the call as it is; ``RemoteTransport`` has an instance translate it and answers with what the instance found
/// out, which is read here.
public struct RemoteAdapter: CarriedAdapter {
    /// What the adapter says of itself.
    public var descriptor: AdapterDescriptor { remote.adapter }
    /// The registered description.
    public let remote: RemoteDescriptor
    /// What the connection says for the adapter: instances get it with a heartbeat's answer.
    public let settings: Sensitive<JSONValue>

    let fleet: RemoteFleet
    let outputs: [ServiceID: JSONSchema]

    /// See ``GerbangCore/Adapter/prepare(_:)``.
    public func prepare(_ call: AdapterCall) throws(GerbangError) -> WireRequest {
        WireRequest(method: .post, body: CallEnvelope(call).json.encoded())
    }

    /// See ``GerbangCore/Adapter/classify(_:for:)``.
    public func classify(_ exchange: Exchange, for call: AdapterCall) -> Verdict {
        guard let answer = try? JSONValue(parsing: exchange.response.body) else {
            return call.unreadable("the adapter's answer is not JSON")
        }
        if let reason = answer["unreadable"]?.stringValue { return call.unreadable(reason) }
        if let refused = answer["refused"] { return verdict(onRefusal: refused, for: call) }
        guard let verdict = answer["verdict"].flatMap({ VerdictReader.verdict($0, now: call.now) }) else {
            return call.unreadable("the adapter's verdict does not fit the protocol")
        }
        if case .succeeded(let output, _) = verdict, !fits(output, call) {
            return call.unreadable("the adapter's output does not fit the service")
        }
        return verdict
    }

    /// See ``GerbangCore/Adapter/assess(_:for:)``.
    public func assess(_ exchange: Exchange, for call: AdapterCall) -> Finding {
        let unreadable = GerbangError(.agencyUnreadable, "the adapter's finding does not fit the protocol")
        guard let answer = try? JSONValue(parsing: exchange.response.body),
            let finding = answer["finding"].flatMap({ VerdictReader.finding($0) })
        else { return .unclear(unreadable) }
        if case .done(let output, _) = finding, !fits(output, call) {
            return .unclear(GerbangError(.agencyUnreadable, "the adapter's output does not fit the service"))
        }
        return finding
    }

    /// That a request cannot be translated is final only as long as nothing can have been done for it before.
    private func verdict(onRefusal json: JSONValue, for call: AdapterCall) -> Verdict {
        guard let error = VerdictReader.refusal(json) else {
            return call.unreadable("the adapter's refusal does not fit the protocol")
        }
        return call.attempt == 1 || call.operation.effect == .query ? .invalid(error) : .inDoubt(error)
    }

    private func fits(_ output: JSONValue, _ call: AdapterCall) -> Bool {
        guard let schema = outputs[call.request.submission.service] else { return true }
        return schema.validate(output).isEmpty
    }

    /// Carries messages by way of an instance.
    public func carrier(to agency: any HTTPTransport, by plain: any HTTPTransport) -> any HTTPTransport {
        RemoteTransport(adapter: remote, fleet: fleet, agency: agency, plain: plain)
    }
}

extension RemoteDescriptor {
    /// What a registry needs to make the adapter from the settings of a connection.
    ///
    /// - Parameters:
    ///   - fleet: Where its instances are known.
    ///   - catalogue: The services, whose schemas outputs are held to.
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` when the catalogue lacks a service or its schema is broken.
    public func definition(
        fleet: RemoteFleet,
        catalogue: ServiceCatalogue
    ) throws(GerbangError) -> AdapterDefinition {
        var outputs: [ServiceID: JSONSchema] = [:]
        for id in adapter.operations.compactMap(\.service) {
            guard let service = catalogue[id] else {
                throw GerbangError(.invalidConfiguration, "it provides \(id), which the catalogue does not have")
            }
            do throws(SchemaError) {
                outputs[id] = try JSONSchema(service.output)
            } catch {
                throw GerbangError(.invalidConfiguration, "the output schema of \(id): \(error)")
            }
        }
        return AdapterDefinition(descriptor: adapter) { [outputs] reader in
            let settings = self.settings(&reader)
            return RemoteAdapter(remote: self, settings: settings, fleet: fleet, outputs: outputs)
        }
    }

    private func settings(_ reader: inout SettingsReader) -> Sensitive<JSONValue> {
        var values = JSONObject()
        for setting in settings {
            let name = setting.name
            switch setting.kind {
            case .text:
                values[name] = (setting.isRequired ? reader.string(name) : reader.optionalString(name)).map {
                    .string($0)
                }
            case .secret:
                let secret = setting.isRequired ? reader.secret(name) : reader.optionalSecret(name)
                values[name] = secret.map { .string($0.revealed) }
            case .number, .boolean:
                guard let value = setting.isRequired ? reader.json(name) : reader.optionalJSON(name) else { continue }
                let isRight = setting.kind == .number ? value.numberValue != nil : value.boolValue != nil
                if isRight {
                    values[name] = value
                } else {
                    reader.report("must be \(setting.kind == .number ? "a number" : "true or false")", at: name)
                }
            }
        }
        return Sensitive(.object(values))
    }
}
