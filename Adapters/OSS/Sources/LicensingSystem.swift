internal import GerbangCore
internal import GerbangJSON

/// Translates between Gerbang's calls and the interface of OSS.
struct LicensingSystem: Adapter {
    let settings: OSSSettings
    let descriptor: AdapterDescriptor

    init(settings: OSSSettings) {
        self.settings = settings
        descriptor = OSSAdapter.descriptor(conclusiveAfter: settings.conclusiveAfter)
    }

    func prepare(_ call: AdapterCall) throws(GerbangError) -> WireRequest {
        guard let operation = OSSOperation(call.operation.id) else { throw Self.unknown(call.operation.id) }
        switch operation {
        case .inqueryNIB:
            return message(try BusinessQuery(call.payload), for: call)
        case .receiveLicenseStatus:
            return message(try StatusReport(call.payload, now: call.now), for: call)
        case .receiveLicense:
            return message(try IssuedPermit(call.payload, region: call.request.submission.region), for: call)
        case .checkLicenseStatus:
            return message(try StatusQuery(call.payload, isInquiry: Self.isInquiry(call)), for: call)
        }
    }

    func classify(_ exchange: Exchange, for call: AdapterCall) -> Verdict {
        guard let operation = OSSOperation(call.operation.id), let method = method(of: operation, call) else {
            return call.unreadable(Self.unknown(call.operation.id).message)
        }
        let response = exchange.response
        switch OSSReply(response.body, to: method) {
        case .unreadable(let reason):
            return Self.isSuccess(response) ? call.unreadable(reason) : unexplained(response, for: call)
        case .answer(let answer):
            guard answer.meaning == .success else { return verdict(on: answer, for: call) }
            guard Self.isSuccess(response) else {
                return call.unreadable("HTTP \(response.status) with the code of a success")
            }
            return success(answer.record, operation, for: call)
        }
    }

    func assess(_ exchange: Exchange, for call: AdapterCall) -> Finding {
        let response = exchange.response
        guard case .answer(let answer) = OSSReply(response.body, to: .checkLicenseStatus) else {
            return unclear(classify(exchange, for: call), now: call.now)
        }
        if answer.saysUnknownRecord { return .notDone }
        guard answer.meaning == .success, Self.isSuccess(response) else {
            return unclear(classify(exchange, for: call), now: call.now)
        }
        return finding(in: answer.record, for: call)
    }

    /// Whether a call asks what became of another operation's request.
    static func isInquiry(_ call: AdapterCall) -> Bool { call.request.operation != call.operation.id }

    private static func isSuccess(_ response: WireResponse) -> Bool { (200...299).contains(response.status) }

    private static func unknown(_ operation: OperationID) -> GerbangError {
        GerbangError(.internalFault, "the adapter oss has no operation \(operation)")
    }

    private func method(of operation: OSSOperation, _ call: AdapterCall) -> OSSMethod? {
        switch operation {
        case .inqueryNIB: (try? BusinessQuery(call.payload))?.method
        case .receiveLicenseStatus: .receiveLicenseStatus
        case .receiveLicense: .receiveLicense
        case .checkLicenseStatus: .checkLicenseStatus
        }
    }

    private func success(_ record: OSSRecord, _ operation: OSSOperation, for call: AdapterCall) -> Verdict {
        switch operation {
        case .inqueryNIB:
            return business(in: record, for: call)
        case .receiveLicenseStatus:
            return reportedOutput(for: call).map { .succeeded(output: $0) } ?? call.unreadable("no such report")
        case .receiveLicense:
            let number = record.text("nomor_izin")
            let output = issuedOutput(number: number, attachment: record.text("file_lampiran"), for: call)
            return output.map { .succeeded(output: $0, agencyReference: number) } ?? call.unreadable("no such permit")
        case .checkLicenseStatus:
            return permitStatus(in: record, for: call)
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
