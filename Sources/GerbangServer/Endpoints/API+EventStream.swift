internal import GerbangCore
internal import GerbangEngine
internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore

// A request's events as they happen.
extension API {
    /// Answers `GET /v1/requests/{id}/events` where a stream is asked for.
    func streamEvents(of status: RequestStatus, after sequence: Int, _ call: Call) async throws -> Answer {
        var stream = EventStream(request: status.id, after: sequence)
        if let text = call.head.lastEventID {
            guard let number = Int(text), (0...Int(Int32.max)).contains(number) else {
                throw Failure(.invalidInput, "must be the id of an event of this stream", at: .header("Last-Event-ID"))
            }
            stream.after = number
        }
        guard !isStopping else { throw Failure(.shuttingDown, "the gateway is stopping") }
        if status.state.isFinal, try await engine.events(of: status.id, after: stream.after).isEmpty {
            // Browsers take it as the word not to connect again (HTML standard, section 9.2.2).
            var answer = Answer(status: 204, body: [], mediaType: EventStream.mediaType)
            answer.request = status.id
            return answer
        }
        guard streams.take() else {
            throw Failure(.tooManyStreams, "as many streams of events are open as are allowed; ask again, or poll")
        }
        var answer = Answer(stream)
        // Proxies such as nginx would otherwise collect the events.
        if let name = HTTPField.Name("X-Accel-Buffering") { answer.fields[name] = "no" }
        return answer
    }

    /// Writes events until the request has ended, the client has left or the server is about to stop.
    func write(
        _ stream: EventStream,
        to writer: inout any ResponseBodyWriter,
        on channel: any NIOCore.Channel
    ) async throws {
        let departure = Departure()
        // No task of its own has to wait for the client to leave: whoever waits for events is woken.
        channel.closeFuture.whenComplete { [engine] _ in
            departure.note()
            engine.lookAgain(at: stream.request)
        }
        var sequence = stream.after
        while !isStopping, !departure.hasHappened {
            let news = try await engine.news(
                of: stream.request,
                after: sequence,
                until: clock.now() + configuration.heartbeatInterval,
                unless: { departure.hasHappened }
            )
            switch news {
            case .events(let events):
                try await writer.write(ByteBuffer(bytes: EventStream.text(events)))
                guard let last = events.last, !last.state.isFinal else { return }
                sequence = last.sequence
            case .nothing:
                try await writer.write(ByteBuffer(bytes: EventStream.heartbeat))
            case .over:
                return
            }
        }
    }
}
