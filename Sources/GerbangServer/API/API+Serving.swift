internal import GerbangCore
internal import GerbangJSON
internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import NIOCore

// The way of a call: matched, let in, read, handled, answered, counted.
extension API {
    /// What is learnt of a call on its way, for its line in the log.
    private struct Trace {
        var route: RouteTable.Route?
        var principal: Principal?
    }

    /// The client went away, or sent something that is not HTTP, while its body was read: there is nobody to answer.
    private struct BrokenConnection: Error {
        var cause: any Error
    }

    /// Answers one request of a connection.
    func serve(_ request: Request, _ writer: consuming ResponseWriter, on channel: any NIOCore.Channel) async throws {
        let began = NIODeadline.now()
        var trace = Trace()
        let answer: Answer
        do {
            answer = try await self.answer(request, writer, &trace)
        } catch let broken as BrokenConnection {
            throw broken.cause
        } catch {
            answer = failed(error)
        }
        let isHead = request.method == .head
        if let stream = answer.stream {
            defer { streams.giveBack() }
            // Counted when it begins: how long it lasts says nothing of how the gateway does.
            record(answer, trace, method: request.method, took: NIODeadline.now() - began)
            guard !isHead else {
                return try await writer.write(response: responseHead(answer), body: ResponseBody())
            }
            var body: any ResponseBodyWriter = try await writer.writeHead(responseHead(answer))
            try await write(stream, to: &body, on: channel)
            return try await body.finish(nil)
        }
        try await writer.write(
            response: responseHead(answer),
            body: isHead ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
        )
        record(answer, trace, method: request.method, took: NIODeadline.now() - began)
    }

    private func answer(
        _ request: Request,
        _ writer: borrowing ResponseWriter,
        _ trace: inout Trace
    ) async throws -> Answer {
        let head = CallHead(request.head)
        switch routes.match(request.method, request.uri.path) {
        case .route(let route, let parameter):
            trace.route = route
            if let name = head.repeated {
                throw Failure(.malformedRequest, "the header field comes twice", at: .header(name))
            }
            let principal = try await admit(head, to: route.endpoint.access)
            trace.principal = principal
            var call = Call(
                head: head,
                principal: principal,
                parameter: parameter,
                query: request.uri.query,
                path: request.uri.path
            )
            if route.endpoint.takesBody {
                try announceBody(head, isXML: route.endpoint.takesXML)
                if head.expectsContinue { try await writer.writeInformationalHead(HTTPResponse(status: .continue)) }
                let body = try await readBody(request.body, announced: head.contentLength)
                if route.endpoint.takesXML || route.endpoint.access == .agency {
                    call.bytes = Array(body.readableBytesView)
                }
                if !route.endpoint.takesXML { call.body = try Self.json(body) }
            }
            return try await handle(call, at: route.endpoint)
        case .otherMethod(let allowed):
            var failure = Failure(.methodNotAllowed, "this path takes \(allowed)")
            failure.fields[.allow] = allowed
            throw failure
        case .nothing:
            throw Failure.unknownRoute()
        }
    }

    /// Refuses a body by what the header says of it.
    private func announceBody(_ head: CallHead, isXML: Bool) throws(Failure) {
        guard isXML ? head.isXML : head.isJSON else {
            throw Failure(
                .unsupportedMediaType,
                isXML
                    ? "the body must be a SOAP message: send 'Content-Type: text/xml' or 'application/soap+xml'"
                    : "the body must be JSON: send 'Content-Type: application/json'",
                at: .header("Content-Type")
            )
        }
        if let length = head.contentLength, length > configuration.maximumBodyBytes { throw tooLarge() }
    }

    private func tooLarge() -> Failure {
        Failure(.tooLarge, "the body is larger than the \(configuration.maximumBodyBytes) bytes allowed")
    }

    private func readBody(_ body: RequestBody, announced: Int?) async throws -> ByteBuffer {
        var whole = ByteBuffer()
        do {
            for try await part in body {
                guard whole.readableBytes + part.readableBytes <= configuration.maximumBodyBytes else {
                    throw tooLarge()
                }
                if whole.readableBytes == 0 { whole = part } else { whole.writeImmutableBuffer(part) }
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw BrokenConnection(cause: error)
        }
        return whole
    }

    /// Of a key that comes twice, other systems may read the other value: then nobody knows what was asked for.
    private static let limits = JSONLimits(allowsRepeatedKeys: false)

    private static func json(_ whole: ByteBuffer) throws(Failure) -> JSONValue {
        do {
            return try whole.withUnsafeReadableBytes { try JSONValue(parsing: $0, limits: limits) }
        } catch {
            throw (error as? JSONError).map { Failure($0) } ?? Failure(causedBy: error)
        }
    }

    private func failed(_ error: any Error) -> Answer {
        if !(error is Failure), !(error is GerbangError) {
            logger.error("a call failed", metadata: ["error": "\(type(of: error))"])
        }
        return Failure(causedBy: error).answer
    }

    private func responseHead(_ answer: Answer) -> HTTPResponse {
        var fields = HTTPFields()
        fields.reserveCapacity(8)
        if answer.status != 204 {
            fields.append(HTTPField(name: .contentType, value: answer.mediaType))
            if answer.stream == nil {
                fields.append(HTTPField(name: .contentLength, value: String(answer.body.count)))
            }
        }
        fields.append(HTTPField(name: .cacheControl, value: "no-store"))
        fields.append(HTTPField(name: .date, value: dates.text(at: clock.now())))
        fields.append(contentsOf: answer.fields)
        return HTTPResponse(status: .init(code: answer.status), headerFields: fields)
    }

    private func record(_ answer: Answer, _ trace: Trace, method: HTTPRequest.Method, took time: TimeAmount) {
        let meter = trace.route?.meter ?? unmatched
        meter.answered(answer.status, nanoseconds: time.nanoseconds)
        logger.debug(
            "answered",
            metadata: [
                "route": "\(trace.route?.endpoint.template ?? "unmatched")",
                "method": "\(trace.route == nil ? "any" : method.rawValue)",
                "status": "\(answer.status)",
                "milliseconds": "\(time.nanoseconds / 1_000_000)",
                "client": "\(trace.principal?.client.text ?? "none")",
                "request": "\(answer.request?.description ?? "none")",
            ]
        )
    }
}
