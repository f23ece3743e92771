internal import GerbangCore
internal import GerbangJSON

/// What the codes of answers mean for a request.
extension LicensingSystem {
    /// The verdict on an answer that is no success.
    func verdict(on answer: OSSAnswer, for call: AdapterCall) -> Verdict {
        if answer.saysDuplicate, !call.operation.effect.isRepeatable {
            // Whether the record that it has came from this request, only an inquiry can tell.
            return .inDoubt(error(.outcomeUnknown, answer, "OSS says that it already has this"))
        }
        if answer.saysUnknownRecord { return unknownRecord(answer, for: call) }
        switch answer.meaning {
        case .invalid:
            return .invalid(error(.agencyInvalidInput, answer, "OSS finds a parameter wrong"))
        case .unknownUser:
            return .unauthorized(error(.agencyUnauthorized, answer, "OSS does not know the user key"))
        case .illegalAccess:
            return .unauthorized(error(.agencyUnauthorized, answer, "OSS calls the access illegal"))
        case .accessDenied:
            return .unauthorized(error(.agencyUnauthorized, answer, "OSS denies access to the service"))
        case .notFound:
            return .transient(error(.agencyUnavailable, answer, "OSS has no such service; check the base URL"))
        case .processingFailed:
            return unsettled(answer, "OSS failed while it processed the message", for: call)
        case .timeout:
            return unsettled(answer, "OSS ran out of time while it processed the message", for: call)
        case .success, nil:
            return unknownCode(answer, for: call)
        }
    }

    /// The verdict on a status without an answer in the body. The guide uses the codes as statuses, too.
    func unexplained(_ response: WireResponse, for call: AdapterCall) -> Verdict {
        switch response.status {
        case 404:
            return .transient(
                GerbangError(.agencyUnavailable, "HTTP 404: the server has no such service; check the base URL")
            )
        case 405:
            return .unauthorized(GerbangError(.agencyUnauthorized, "HTTP 405: access to the service is denied"))
        default:
            return call.unexplained(response)
        }
    }

    private func unknownRecord(_ answer: OSSAnswer, for call: AdapterCall) -> Verdict {
        let isLookup = call.operation.id == OSSOperation.inqueryNIB.id
        var error = error(
            .agencyNotFound,
            answer,
            isLookup ? "OSS has no such business" : "OSS has no such permit",
            isLookup ? CitizenWords.unknownBusiness : CitizenWords.unknownPermit
        )
        error.field =
            isLookup ? (try? BusinessQuery(call.payload))?.field : JSONPointer.root.appending("permitId")
        return .rejected(error)
    }

    /// The system began to work on the message: only a query may simply be repeated.
    private func unsettled(_ answer: OSSAnswer, _ message: String, for call: AdapterCall) -> Verdict {
        call.operation.effect.isRepeatable
            ? .transient(error(.agencyUnavailable, answer, message)) : .inDoubt(error(.outcomeUnknown, answer, message))
    }

    /// A code that is not in the table decides about a query, which is easily submitted again; of a message that
    /// changes something it does not tell what became of it.
    private func unknownCode(_ answer: OSSAnswer, for call: AdapterCall) -> Verdict {
        let message = "OSS answers with a code that this adapter does not know"
        guard call.operation.effect.isRepeatable, answer.code.first != "5" else {
            return unsettled(answer, message, for: call)
        }
        return .rejected(error(.agencyRejected, answer, message, CitizenWords.unknownCode))
    }

    private func error(
        _ kind: GerbangError.Code,
        _ answer: OSSAnswer,
        _ message: String,
        _ texts: LocalizedText? = nil
    ) -> GerbangError {
        GerbangError(kind, message, agencyCode: answer.code, texts: texts)
    }
}
