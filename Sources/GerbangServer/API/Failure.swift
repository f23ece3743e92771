internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import HTTPTypes

/// Why a call was not answered as asked, with the place in it that is at fault.
struct Failure: Error {
    /// The part of a call, other than its body, that is at fault.
    enum Place {
        case parameter(String)
        case header(String)
    }

    var error: GerbangError
    var place: Place?
    /// Everything that is wrong with the body, when it is more than ``error``.
    var issues: [GerbangError] = []
    /// Everything that is wrong with a configuration in the body.
    var configurationIssues: [ConfigurationIssue] = []
    /// Where the body stops being JSON.
    var position: (line: Int, column: Int)?
    /// Fields for the answer's header.
    var fields: HTTPFields = [:]

    init(_ error: GerbangError, at place: Place? = nil) {
        self.error = error
        self.place = place
    }

    init(_ code: GerbangError.Code, _ message: String, at place: Place? = nil) {
        self.init(GerbangError(code, message), at: place)
    }

    init(_ error: JSONError) {
        let what = error.code == .repeatedKey ? "the body is ambiguous" : "the body is not JSON"
        self.init(.malformedRequest, "\(what): \(error.message)")
        position = (error.line, error.column)
    }

    /// Whatever a call ended with.
    init(causedBy error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as GerbangError: self.init(error)
        default: self.init(.internalFault, "the gateway failed to answer; its log says when and where")
        }
    }

    static func unknownRoute() -> Failure {
        Failure(.notFound, "there is nothing at this path; GET /openapi.json lists what there is")
    }

    static func noSuchRequest() -> Failure {
        Failure(.notFound, "there is no request with this identifier")
    }
}

extension Failure {
    /// The media type of ``problem`` (RFC 9457, section 6.1).
    static let mediaType = "application/problem+json"

    /// The problem document (RFC 9457, section 3).
    var problem: JSONValue {
        let code = error.code
        var problem: JSONObject = [
            "type": .string("urn:gerbang:problem:\(code.rawValue)"),
            "title": .string(code.title),
            "status": .number(JSONNumber(code.status)),
            "detail": .string(error.message),
            "code": .string(code.rawValue),
            "blame": .string(code.blame.rawValue),
            "retryable": .bool(code.isRetryable),
        ]
        problem["field"] = error.field.map { .string($0.description) }
        switch place {
        case .parameter(let name): problem["parameter"] = .string(name)
        case .header(let name): problem["header"] = .string(name)
        case nil: break
        }
        if let position {
            problem["line"] = .number(JSONNumber(position.line))
            problem["column"] = .number(JSONNumber(position.column))
        }
        let errors = issues.map(\.issue) + configurationIssues.map(\.json)
        if !errors.isEmpty { problem["errors"] = .array(errors) }
        problem["agencyCode"] = error.agencyCode.map { .string($0) }
        problem["texts"] = error.citizenText.json
        return .object(problem)
    }

    /// The answer that tells of the failure.
    var answer: Answer {
        var answer = Answer(status: error.code.status, json: problem, mediaType: Self.mediaType)
        answer.fields = fields
        if error.code.status == 503 { answer.fields[.retryAfter] = "2" }
        return answer
    }
}

extension GerbangError {
    fileprivate var issue: JSONValue {
        var issue: JSONObject = ["code": .string(code.rawValue), "detail": .string(message)]
        issue["field"] = field.map { .string($0.description) }
        return .object(issue)
    }
}
