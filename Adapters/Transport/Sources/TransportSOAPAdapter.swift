internal import GerbangCore
internal import GerbangJSON
internal import GerbangXML

/// The adapter for one connection.
struct TransportSOAPAdapter: Adapter {
    let binding: TransportBinding
    let descriptor: AdapterDescriptor

    init(settings: TransportSettings) {
        binding = settings.binding
        descriptor = TransportAdapter.descriptor(conclusiveAfter: settings.conclusiveAfter)
    }

    func prepare(_ call: AdapterCall) throws(GerbangError) -> WireRequest {
        guard let operation = TransportOperation(call.operation.id) else { throw Self.unknown(call.operation.id) }
        let content = try MessageContent(operation, of: call)
        return try MessageWriter(binding: binding).write(content, for: call)
    }

    func classify(_ exchange: Exchange, for call: AdapterCall) -> Verdict {
        guard let operation = TransportOperation(call.operation.id) else {
            return call.unreadable(Self.unknown(call.operation.id).message)
        }
        let answer = AnswerReader(binding: binding, operation: operation, call: call).read(exchange)
        guard case .content(let wrapper) = answer else { return verdict(on: answer, exchange.response, for: call) }
        let output = OutputReader(binding: binding, payload: call.payload, reference: call.key)
        do {
            switch operation {
            case .getVehicle:
                return .succeeded(output: try output.vehicle(in: wrapper))
            case .bookInspection:
                return try succeeded(output.booking(in: wrapper))
            case .findBooking:
                guard let booking = try output.foundBooking(in: wrapper) else {
                    return BusinessMeaning.verdict(on: .bookingUnknown, code: nil, for: call)
                }
                return succeeded(booking)
            }
        } catch {
            return call.unreadable(error.reason)
        }
    }

    func assess(_ exchange: Exchange, for call: AdapterCall) -> Finding {
        let answer = AnswerReader(binding: binding, operation: .findBooking, call: call).read(exchange)
        switch answer {
        case .content(let wrapper):
            do {
                let output = OutputReader(binding: binding, payload: call.payload, reference: call.key)
                guard let booking = try output.foundBooking(in: wrapper) else { return .notDone }
                return .done(output: booking.output, agencyReference: booking.number)
            } catch {
                return .unclear(GerbangError(.agencyUnreadable, error.reason))
            }
        case .decision(.bookingUnknown, _):
            return .notDone
        default:
            return unclear(verdict(on: answer, exchange.response, for: call), now: call.now)
        }
    }

    private func succeeded(_ booking: Booking) -> Verdict {
        .succeeded(output: booking.output, agencyReference: booking.number)
    }

    private func verdict(on answer: Answer, _ response: WireResponse, for call: AdapterCall) -> Verdict {
        switch answer {
        case .noEnvelope(let reason):
            // A success status contradicts an answer without content; any other may explain it.
            (200...299).contains(response.status) ? call.unreadable(reason) : call.unexplained(response)
        case .unreadable(let reason): call.unreadable(reason)
        case .fault(let meaning, let code): meaning.verdict(code: code, for: call)
        case .decision(let meaning, let code): BusinessMeaning.verdict(on: meaning, code: code, for: call)
        case .content: call.unreadable("the answer has no content")
        }
    }

    /// An inquiry that did not work says nothing about the call it asks about.
    private func unclear(_ verdict: Verdict, now: Timestamp) -> Finding {
        switch verdict {
        case .transient(let error, let retryAfter): .unclear(error, retryAfter: retryAfter)
        case .throttled(let error, let until): .unclear(error, retryAfter: until - now)
        case .rejected(let error), .invalid(let error), .unauthorized(let error), .inDoubt(let error): .unclear(error)
        case .succeeded, .pending: .unclear(GerbangError(.internalFault, "an inquiry has no such verdict"))
        }
    }

    private static func unknown(_ operation: OperationID) -> GerbangError {
        GerbangError(.internalFault, "the adapter transport has no operation \(operation)")
    }
}
