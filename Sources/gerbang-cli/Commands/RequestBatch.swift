internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore

/// Asks the same of several requests, one after the other.
struct RequestBatch<Clock: WallClock>: Sendable {
    let client: GatewayAPI
    let clock: Clock
    let terminal: Terminal
    /// Whether the gateway's documents are written as they are.
    let json: Bool
    /// The least time from one request to the next.
    var pace = Duration.zero

    /// Sends the command for every request.
    ///
    /// A refusal does not stop the others; a gateway that is away or does not let us in does.
    ///
    /// - Throws: The error, for a single request; `ExitCode` with the first failure's code for several.
    func send(_ command: GatewayAPI.Command, to ids: [RequestID]) async throws {
        var failure: ExitStatus?
        for (index, id) in ids.enumerated() {
            let begin = clock.now()
            do throws(APIFailure) {
                let found = try await client.send(command, to: id)
                if json { terminal.print(found.json) } else { terminal.print(line(for: found.request)) }
            } catch {
                let error = CommandError(error)
                let isHopeless = error.status == .unreachable || error.status == .unauthorized
                guard ids.count > 1, !isHopeless else { throw error }
                terminal.note("\(id)\n\(error.text(terminal.errorStyle))")
                failure = failure ?? error.status
            }
            if index < ids.count - 1 { try await clock.sleep(until: begin + pace) }
        }
        try failure?.throwUnlessDone()
    }

    private func line(for request: RequestStatus) -> String {
        let style = terminal.style
        let state = style.ink(EventText.state(request.state, request.reason), style.ink(of: request.state))
        let wish = request.isCancelRequested && !request.state.isFinal ? "  cancelling was asked for" : ""
        return "\(request.id)  \(state)\(wish)"
    }
}
