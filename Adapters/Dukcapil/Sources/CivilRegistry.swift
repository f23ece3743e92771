internal import GerbangCore
internal import GerbangJSON

/// Translates between Gerbang's calls and the registry's `get_json` interface.
struct CivilRegistry: Adapter {
    /// Where the NIK stands in the payload.
    static let nikField = JSONPointer.root.appending("nik")

    let settings: DukcapilSettings

    var descriptor: AdapterDescriptor { DukcapilAdapter.descriptor }

    func prepare(_ call: AdapterCall) throws(GerbangError) -> WireRequest {
        let today = call.now.date(in: settings.zone)
        if call.operation.id == DukcapilAdapter.verifyByElement {
            return message(try VerifyInput(call.payload, today: today), for: call)
        }
        return message(try LookupInput(call.payload, today: today), for: call)
    }

    func classify(_ exchange: Exchange, for call: AdapterCall) -> Verdict {
        let response = exchange.response
        let isSuccess = (200..<300).contains(response.status)
        switch RegistryReply(response.body) {
        case .records(let first, let others):
            // An explanation in the body says more than the status, whatever the status is.
            if case .code(let code) = first.statement, !code.isFound { return verdict(on: code, for: call) }
            return isSuccess ? reading(of: first, others, for: call) : unexplained(response, for: call)
        case .emptyPage:
            return isSuccess ? verdict(on: .notFound, for: call) : unexplained(response, for: call)
        case .unreadable(let reason):
            return isSuccess ? call.unreadable(reason) : unexplained(response, for: call)
        }
    }

    private func reading(of first: RegistryRecord, _ others: [RegistryRecord], for call: AdapterCall) -> Verdict {
        if case .unknownCode(let code) = first.statement { return verdict(onUnknown: code) }
        return call.operation.id == DukcapilAdapter.verifyByElement
            ? comparison(in: first, for: call) : person(in: [first] + others, for: call)
    }

    /// A 404 or 405 comes from the server in front of the registry, as when the application restarts or when the path
    /// of the institution is wrong: the registry itself never judged the citizen's input.
    private func unexplained(_ response: WireResponse, for call: AdapterCall) -> Verdict {
        guard response.status == 404 || response.status == 405 else { return call.unexplained(response) }
        return .transient(
            GerbangError(
                .agencyUnavailable,
                "HTTP \(response.status): the server knows no such path or method; if this lasts, check the base URL,"
                    + " the institution and the method names of the connection"
            )
        )
    }
}
