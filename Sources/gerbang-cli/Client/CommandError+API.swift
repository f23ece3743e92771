internal import GerbangClient
internal import GerbangCore

extension CommandError {
    /// The error of a command whose call of a gateway failed.
    init(_ failure: APIFailure) {
        switch failure.cause {
        case .problem(let problem):
            self.init(problem)
        case .unreachable(let wire):
            let advice: String
            switch wire.kind {
            case .certificate: advice = "trust the gateway's certificate with --ca-file if it is one of your own making"
            case .unsendable: advice = "check --url and the key"
            default: advice = "is 'gerbang serve' running there? name another place with --url or GERBANG_URL"
            }
            self.init(
                .unreachable,
                "cannot reach the gateway at \(failure.base)",
                details: [wire.description],
                advice: advice
            )
        case .stranger(let status):
            self.init(
                .unreachable,
                "what answers at \(failure.base) is not a gateway of this version",
                details: status.map { ["it answered with HTTP status \($0), and not as the API does"] } ?? [],
                advice: "check --url or GERBANG_URL"
            )
        }
    }

    /// The error of a command that a gateway refused.
    init(_ problem: Problem) {
        let code = problem.error.code
        self.init(
            ExitStatus(problem),
            "\(problem.title) (\(problem.status) \(code.rawValue))",
            details: problem.issues.map { issue in issue.place.map { "\($0): \(issue.detail)" } ?? issue.detail },
            advice: Self.advice(on: problem)
        )
    }

    private static func advice(on problem: Problem) -> String? {
        if let advice = advices[problem.error.code] { return advice }
        if problem.isRetryable { return "try again in a moment" }
        return problem.error.code.blame == .gateway ? "the gateway's log says more" : nil
    }

    private static let advices: [GerbangError.Code: String] = [
        .malformedRequest: "correct the input and try again",
        .invalidInput: "correct the fields named above; 'gerbang services show SERVICE' gives the form of the input",
        .unknownService: "'gerbang services' lists what there is",
        .unknownRegion: "write a Kemendagri code, such as 31.74",
        .noConnection: "'gerbang connections' shows which regions are served, to operators",
        .idempotencyKeyReused: "take a new --idempotency-key for a new request, or repeat the first one unchanged",
        .unauthorized: "name the key in --key-file or GERBANG_KEY; 'gerbang keys create' makes one",
        .forbidden: "this needs an operator's key; 'gerbang keys create --operator' makes one",
        .notFound: "check the name or identifier; a client sees only its own requests",
        .conflict: "'gerbang show ID' tells where the request stands",
        .tooLarge: "send less, or raise server.maximumBodyBytes in the gateway's configuration",
        .storageUnavailable: "nothing was changed; try again in a moment, with the same idempotency key",
        .shuttingDown: "the gateway is stopping; try again when it is back, with the same idempotency key",
    ]
}

extension ExitStatus {
    /// What a problem amounts to.
    init(_ problem: Problem) {
        self =
            switch problem.status {
            case 401, 403: .unauthorized
            case 404: .notFound
            case 502, 503, 504: .unreachable
            default: .refused
            }
    }
}
