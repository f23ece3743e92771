package import GerbangCore

/// Why a call of a gateway's API did not end as asked.
package struct APIFailure: Error, Sendable, Hashable {
    /// What happened.
    package enum Cause: Sendable, Hashable {
        /// The gateway refused.
        case problem(Problem)
        /// No answer came.
        case unreachable(WireFailure)
        /// Something answered that is not a gateway of this version; with its HTTP status, where that is at fault.
        case stranger(status: Int?)
    }

    /// What happened.
    package var cause: Cause
    /// Where the gateway was looked for.
    package var base: BaseURL

    /// Whether the gateway may have acted all the same: the call left, and no answer came back.
    package var mayHaveArrived: Bool {
        if case .unreachable(let failure) = cause { failure.sendState == .maybeSent } else { false }
    }

    /// Whether the gateway is away or about to be, as it is while it restarts.
    package var isAbsence: Bool {
        switch cause {
        case .problem(let problem): (502...504).contains(problem.status)
        case .unreachable, .stranger: true
        }
    }

    /// Whether the same call may succeed in a moment without anybody changing anything.
    package var isPassing: Bool {
        switch cause {
        case .problem(let problem): problem.isRetryable
        case .unreachable(let failure): !Self.lasting.contains(failure.kind)
        case .stranger: false
        }
    }

    /// What waiting does not heal.
    private static let lasting: Set<WireFailure.Kind> = [.certificate, .unsendable, .cancelled, .tooLarge]

    /// The failure as the one error of the libraries.
    package var error: GerbangError {
        switch cause {
        case .problem(let problem):
            return problem.error
        case .unreachable(let failure):
            let code: GerbangError.Code =
                switch failure.kind {
                case .certificate: .untrustedPeer
                case .timeout: .timeout
                case .cancelled: .cancelled
                default: failure.sendState == .notSent ? .unreachable : .connectionLost
                }
            // The texts that belong to these codes speak of an agency, which is not at fault here.
            return GerbangError(
                code,
                "cannot reach the gateway at \(base): \(failure)",
                texts: GerbangError.Code.storageUnavailable.citizenText
            )
        case .stranger(let status):
            let answer = status.map { " (HTTP status \($0))" } ?? ""
            return GerbangError(.internalFault, "what answers at \(base) is not a gateway of this version\(answer)")
        }
    }
}
