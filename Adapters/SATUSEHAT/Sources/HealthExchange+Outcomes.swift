internal import GerbangCore
internal import GerbangJSON

/// What the platform's and its gateway's words mean for a request.
extension HealthExchange {
    /// The verdict on an OperationOutcome. It says more than the HTTP status, except for 401 and 429.
    func verdict(on outcome: OperationOutcome, _ response: WireResponse, for call: AdapterCall) -> Verdict {
        guard let issue = outcome.errors.first else { return unexplained(response, for: call) }
        func error(_ kind: GerbangError.Code, _ message: String, _ texts: LocalizedText? = nil) -> GerbangError {
            GerbangError(kind, message, agencyCode: issue.code, texts: texts)
        }
        let isRefusal = (400..<500).contains(response.status)
        if response.status == 401 { return .unauthorized(error(.agencyUnauthorized, Self.refusedCredentials)) }
        if response.status == 429 { return throttled(response, issue.code, for: call) }
        switch issue.meaning {
        case .duplicate where !call.operation.effect.isRepeatable:
            // Not a doubt but a statement: it has the encounter. So the search asks which one it is, and however
            // often the search finds nothing, the encounter is never sent again.
            return .pending(agencyReference: nil, checkAfter: .seconds(1))
        case .credentials:
            return .unauthorized(error(.agencyUnauthorized, Self.refusedCredentials))
        case .organization:
            return .unauthorized(
                error(
                    .agencyUnauthorized,
                    "the credentials belong to another organisation than what the message names; check organizationId"
                )
            )
        case .tooMany:
            return throttled(response, issue.code, for: call)
        case .open, .conflict, .duplicate:
            let error = error(.agencyUnavailable, "the platform reports trouble of its own (HTTP \(response.status))")
            let retryAfter = RetryAfter.delay(from: response.headerFields, now: call.now)
            return call.operation.effect.isRepeatable ? .transient(error, retryAfter: retryAfter) : .inDoubt(error)
        case .invalid:
            var error = error(.agencyInvalidInput, "the platform finds the message wrong", OutcomeTexts.wrongData)
            error.field = field(of: issue, in: call)
            return .invalid(error)
        case .unknownReference where !call.operation.effect.isRepeatable:
            var error = error(
                .agencyInvalidInput,
                "the platform does not know the patient, the practitioner or the location",
                OutcomeTexts.unknownReference
            )
            error.field = field(of: issue, in: call)
            return .invalid(error)
        case .unknownReference:
            return unexplained(response, for: call)
        case .refused where isRefusal:
            return .rejected(error(.agencyRejected, "the platform refuses this (HTTP \(response.status))"))
        case .unknown where isRefusal:
            return .rejected(
                error(.agencyRejected, "the platform refuses this with a code that this adapter does not know")
            )
        case .refused, .unknown:
            return call.unreadable("an OperationOutcome that contradicts HTTP \(response.status), or tells nothing")
        }
    }

    /// The verdict on what the gateway in front of the platform says; the platform got nothing if the gateway refuses.
    func verdict(on fault: GatewayFault, _ response: WireResponse, for call: AdapterCall) -> Verdict {
        if response.status == 429 { return throttled(response, fault.code, for: call) }
        switch fault.meaning {
        case .credentials:
            return .unauthorized(
                GerbangError(.agencyUnauthorized, Self.refusedCredentials, agencyCode: fault.code)
            )
        case .tooMany:
            return throttled(response, fault.code, for: call)
        case .other:
            return unexplained(response, for: call).changingError { error in
                var error = error
                error.agencyCode = fault.code
                return error
            }
        }
    }

    private static let refusedCredentials =
        "the token, our address or our rights are refused; check the connection's authentication"

    private func throttled(_ response: WireResponse, _ code: String?, for call: AdapterCall) -> Verdict {
        let delay = RetryAfter.delay(from: response.headerFields, now: call.now) ?? .seconds(30)
        let error = GerbangError(
            .agencyThrottled,
            "the platform wants fewer calls (HTTP \(response.status))",
            agencyCode: code
        )
        return .throttled(error, until: call.now + delay)
    }

    /// Where in the request's input the element stands that an issue is about.
    private func field(of issue: OperationOutcome.Issue, in call: AdapterCall) -> JSONPointer? {
        let key: String? =
            switch issue.element {
            case "subject": "patientId"
            case "participant": "practitionerId"
            case "location": "locationId"
            case "class": "class"
            case "period", "statusHistory": "start"
            case "identifier": call.givenRegistrationNumber == nil ? nil : EncounterInput.registrationNumberField
            default: nil
            }
        guard let key, !call.operation.effect.isRepeatable else { return nil }
        return JSONPointer.root.appending(key)
    }
}
