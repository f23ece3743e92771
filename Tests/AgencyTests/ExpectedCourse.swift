internal import GerbangCore
internal import GerbangTesting

/// How a request must end, whatever its agency does at the first call.
struct ExpectedCourse: Sendable {
    /// Its events after `accepted`.
    var kinds: [RequestEvent.Kind]
    /// From the first outcome to the next call: a fixed time, or the first delay of the retry schedule (5 s, of which
    /// half is random) for `nil`.
    var wait: Duration?
    var effects: Int

    static func of(_ subject: Subject, _ trouble: Trouble) -> ExpectedCourse {
        let way = exceptions[Exception(subject.agency, subject.inquiry != nil, trouble)] ?? usual(subject, trouble)
        return ExpectedCourse(kinds: way.kinds, wait: way.wait, effects: effects(subject, trouble))
    }

    // MARK: The ways that a request can go

    private struct Way: Sendable {
        var kinds: [RequestEvent.Kind]
        var wait: Duration?
    }

    private static let atOnce = Way(kinds: [.sending, .succeeded], wait: .zero)
    private static let again = Way(kinds: [.sending, .retryScheduled, .sending, .succeeded])
    private static let askedAndDone = Way(kinds: [.sending, .doubted, .inquiring, .succeeded])
    /// The inquiry knows nothing; only one that is late enough proves that nothing was done.
    private static let askedAndNotDone = Way(
        kinds: [.sending, .doubted, .inquiring, .stillInDoubt, .inquiring, .foundNotDone, .sending, .succeeded]
    )
    private static let askedTwice = Way(
        kinds: [.sending, .doubted, .inquiring, .stillInDoubt, .inquiring, .succeeded]
    )

    private static func told(toWait wait: Duration) -> Way {
        Way(kinds: [.sending, .throttled, .sending, .succeeded], wait: wait)
    }

    private static func usual(_ subject: Subject, _ trouble: Trouble) -> Way {
        let isQuery = subject.inquiry == nil
        switch trouble {
        case .refused: return again
        case .atInquiry(let fault): return fault == .slow ? askedAndDone : askedTwice
        case .fault(let fault):
            switch fault {
            case .slow: return atOnce
            case .unauthorized: return again
            case .hang, .resetAfter, .html, .truncated, .garbage: return isQuery ? again : askedAndDone
            case .resetBefore, .status500: return isQuery ? again : askedAndNotDone
            case .unavailable: return isQuery ? told(toWait: .seconds(2)) : askedAndNotDone
            // A query has nothing to duplicate; a refusal as sent before is believed only after asking.
            case .duplicate: return isQuery ? atOnce : askedAndNotDone
            // At nine in the morning: until midnight.
            case .quota: return told(toWait: .seconds(15 * 3600))
            case .outsideHours: return told(toWait: .seconds(900))
            }
        }
    }

    /// What differs, by agency, whether it has an inquiry, and trouble.
    private struct Exception: Hashable {
        var agency: String
        var hasInquiry: Bool
        var trouble: Trouble

        init(_ agency: String, _ hasInquiry: Bool, _ trouble: Trouble) {
            (self.agency, self.hasInquiry, self.trouble) = (agency, hasInquiry, trouble)
        }
    }

    private static let exceptions: [Exception: Way] = [
        // The registry opens at six.
        Exception("dukcapil", false, .fault(.outsideHours)): told(toWait: .seconds(21 * 3600)),

        // A 429 of the server in front and a maintenance page, which is a 503 without a time.
        Exception("oss", false, .fault(.quota)): told(toWait: .seconds(60)),
        Exception("oss", true, .fault(.quota)): told(toWait: .seconds(60)),
        Exception("oss", false, .fault(.outsideHours)): again,
        Exception("oss", true, .fault(.outsideHours)): askedAndNotDone,
        Exception("oss", true, .atInquiry(.duplicate)): askedAndDone,

        Exception("satusehat", false, .fault(.quota)): told(toWait: .seconds(30)),
        Exception("satusehat", true, .fault(.quota)): told(toWait: .seconds(30)),
        Exception("satusehat", false, .fault(.outsideHours)): again,
        Exception("satusehat", true, .fault(.outsideHours)): askedAndNotDone,
        // A refused token is renewed, and the message sent once more, within the same call.
        Exception("satusehat", false, .fault(.unauthorized)): atOnce,
        Exception("satusehat", true, .fault(.unauthorized)): atOnce,
        Exception("satusehat", true, .atInquiry(.unauthorized)): askedAndDone,
        // The platform says that it has it: that is no doubt.
        Exception("satusehat", true, .fault(.duplicate)): Way(
            kinds: [.sending, .pending, .inquiring, .succeeded],
            wait: .seconds(1)
        ),
        Exception("satusehat", true, .atInquiry(.duplicate)): askedAndDone,
        // The connection was used for the token before; libcurl itself repeats a query on a new one.
        Exception("satusehat", false, .fault(.resetBefore)): atOnce,
        Exception("satusehat", false, .fault(.resetAfter)): atOnce,

        Exception("transport", false, .fault(.duplicate)): again,
    ]

    /// What the agency's ledger must show: an operation with an effect has it once, whatever happened. The registry
    /// also counts queries, since they use up its quota.
    private static func effects(_ subject: Subject, _ trouble: Trouble) -> Int {
        guard subject.inquiry == nil else { return 1 }
        guard subject.agency == "dukcapil" else { return 0 }
        let isAnsweredTwice: [Trouble] = [.hang, .resetAfter, .html, .truncated, .garbage].map(Trouble.fault)
        return isAnsweredTwice.contains(trouble) ? 2 : 1
    }
}
