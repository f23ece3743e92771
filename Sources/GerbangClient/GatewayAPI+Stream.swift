internal import GerbangCore
internal import GerbangHTTP
internal import HTTPTypes

extension GatewayAPI {
    /// A request's events after number `sequence` as a stream of server-sent events; `nil` when there will be none.
    func streamEvents(
        of id: RequestID,
        after sequence: Int,
        by transport: any StreamingHTTPTransport
    ) async throws(APIFailure) -> ResponsePieces? {
        var message = WireRequest(method: .get, path: ["v1", "requests", id.description, "events"])
        if sequence > 0, let name = HTTPField.Name("Last-Event-ID") { message.headerFields[name] = String(sequence) }
        // The gateway says every 15 seconds that it is there.
        let timeouts = CallTimeouts(firstByte: .seconds(30), total: .seconds(60))
        let request = outbound(message, accept: "text/event-stream", timeouts: timeouts, resend: .allowed)
        switch await transport.stream(request) {
        case .failed(let failure):
            throw APIFailure(cause: .unreachable(failure), base: base)
        case .answered(let answer) where answer.status == 204:
            return nil
        case .answered(let answer) where answer.status == 200:
            guard answer.headerFields[.contentType]?.hasPrefix("text/event-stream") == true else {
                throw stranger(answer.status)
            }
            return answer.body
        case .answered(let answer):
            let body = try await whole(answer.body)
            throw refusal(WireResponse(status: answer.status, headerFields: answer.headerFields, body: body))
        }
    }

    /// All of a body that is small.
    private func whole(_ pieces: ResponsePieces) async throws(APIFailure) -> [UInt8] {
        var (reader, body) = (pieces.makeAsyncIterator(), [UInt8]())
        do throws(WireFailure) {
            while let piece = try await reader.next() {
                body += piece
                guard body.count <= 1 << 20 else { throw WireFailure(.tooLarge, .maybeSent) }
            }
        } catch {
            throw APIFailure(cause: .unreachable(error), base: base)
        }
        return body
    }
}
