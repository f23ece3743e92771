internal import GerbangCore
internal import HTTPTypes

/// The number that the platform gave to a call, for which its support asks.
struct SupportReference {
    private static let field = HTTPField.Name("X-Request-Id")

    let text: String

    /// `nil` when the answer has none, or one that could be something else than a technical number.
    init?(in response: WireResponse) {
        guard let name = Self.field, let text = response.headerFields[name], (8...64).contains(text.utf8.count),
            text.utf8.allSatisfy({ FHIRText.isLetterOrDigit($0) || [0x2d, 0x2e, 0x3a, 0x5f].contains($0) }),
            // A NIK has sixteen digits, and so have bank cards and family cards.
            text.utf8.count != 16 || !text.utf8.allSatisfy(FHIRText.isDigit)
        else { return nil }
        self.text = text
    }
}

extension Verdict {
    /// The verdict with the platform's number of the call in its error.
    func mentioning(_ reference: SupportReference?) -> Verdict {
        guard let reference else { return self }
        return changingError { error in
            var error = error
            error.message += " (X-Request-Id \(reference.text))"
            return error
        }
    }

    /// The verdict with another error; one without an error stays as it is.
    func changingError(_ change: (GerbangError) -> GerbangError) -> Verdict {
        switch self {
        case .succeeded, .pending: self
        case .rejected(let error): .rejected(change(error))
        case .invalid(let error): .invalid(change(error))
        case .transient(let error, let retryAfter): .transient(change(error), retryAfter: retryAfter)
        case .throttled(let error, let until): .throttled(change(error), until: until)
        case .unauthorized(let error): .unauthorized(change(error))
        case .inDoubt(let error): .inDoubt(change(error))
        }
    }
}
