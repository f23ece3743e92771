internal import GerbangCore
internal import GerbangJSON

/// Translates between Gerbang's calls and the platform's FHIR interface.
struct HealthExchange: Adapter {
    let settings: SATUSEHATSettings

    var descriptor: AdapterDescriptor {
        SATUSEHATAdapter.descriptor(conclusiveAfter: settings.conclusiveAfter)
    }

    func prepare(_ call: AdapterCall) throws(GerbangError) -> WireRequest {
        switch call.operation.id {
        case SATUSEHATAdapter.findPatient: search(for: try PatientInput(call))
        case SATUSEHATAdapter.registerEncounter: registration(of: try EncounterInput(call), for: call)
        case SATUSEHATAdapter.findEncounter: searchForEncounter(of: call)
        default: throw GerbangError(.internalFault, "the adapter satusehat has no operation \(call.operation.id)")
        }
    }

    func classify(_ exchange: Exchange, for call: AdapterCall) -> Verdict {
        verdict(on: exchange.response, for: call).mentioning(SupportReference(in: exchange.response))
    }

    func assess(_ exchange: Exchange, for call: AdapterCall) -> Finding {
        let response = exchange.response
        if (200..<300).contains(response.status), case .resource(let resource) = PlatformReply(response.body),
            let bundle = SearchResult(resource), let finding = finding(in: bundle, for: call)
        {
            return finding
        }
        return unclear(classify(exchange, for: call), now: call.now)
    }

    private func verdict(on response: WireResponse, for call: AdapterCall) -> Verdict {
        let isSuccess = (200..<300).contains(response.status)
        switch PlatformReply(response.body) {
        case .outcome(let outcome): return verdict(on: outcome, response, for: call)
        case .fault(let fault): return verdict(on: fault, response, for: call)
        case .unreadable(let reason): return isSuccess ? call.unreadable(reason) : unexplained(response, for: call)
        case .resource(let resource):
            guard isSuccess else { return unexplained(response, for: call) }
            switch call.operation.id {
            case SATUSEHATAdapter.findPatient: return patient(in: resource, for: call)
            case SATUSEHATAdapter.registerEncounter: return registered(resource, for: call)
            default: return call.unreadable("the answer does not say whether there is such an encounter")
            }
        }
    }

    /// The verdict on a status with a body that explains nothing.
    ///
    /// A 404 or 405 comes from the gateway in front of the platform, as when the base URL is wrong: nobody judged the
    /// citizen's input. A 409 may mean that the encounter is there already.
    func unexplained(_ response: WireResponse, for call: AdapterCall) -> Verdict {
        switch response.status {
        case 404, 405:
            .transient(
                GerbangError(
                    .agencyUnavailable,
                    "HTTP \(response.status): the server knows no such path; if this lasts, check the base URL"
                )
            )
        case 409 where !call.operation.effect.isRepeatable:
            .inDoubt(GerbangError(.outcomeUnknown, "HTTP 409: the platform may have this encounter already"))
        default:
            call.unexplained(response)
        }
    }

    /// An inquiry that did not work says nothing about the call that it asks about.
    private func unclear(_ verdict: Verdict, now: Timestamp) -> Finding {
        switch verdict {
        case .transient(let error, let retryAfter): .unclear(error, retryAfter: retryAfter)
        case .throttled(let error, let until): .unclear(error, retryAfter: until - now)
        case .rejected(let error), .invalid(let error), .unauthorized(let error), .inDoubt(let error): .unclear(error)
        case .succeeded, .pending: .unclear(GerbangError(.internalFault, "an inquiry has no such verdict"))
        }
    }
}
