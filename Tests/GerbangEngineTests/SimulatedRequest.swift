internal import GerbangCore

@testable internal import GerbangEngine

/// A request, what the store knows of it and what the agency did about it.
struct SimulatedRequest {
    let number: Int
    let effect: Effect
    let inquiry: Inquiry?
    let maximumAttempts: Int
    /// Requests of one case go one after the other.
    let caseNumber: Int?

    var progress: RequestProgress
    var events: [RequestEvent]
    /// How often a crash was recovered since the last redrive: those sends do not count against the limit.
    var recoveries = 0
    var redrives = 0

    // The agency's side.
    var effects = 0
    var registrations = 0
    var isRejected = false
    /// Effects and decisions that are still to come.
    var unsettled = 0
    /// Messages of this request that may still reach the agency.
    var onTheWire = 0

    var name: String { "request \(number) (\(effect.name))" }

    /// Whether nothing can happen any more that would change what the agency knows.
    var isTruthKnown: Bool { unsettled == 0 && onTheWire == 0 }
}

extension Simulation {
    mutating func makeRequest(_ number: Int) -> SimulatedRequest {
        let effect: Effect =
            switch roll(1...10) {
            case 1: .query
            case 2...3: .idempotent(key: "id")
            default: .nonIdempotent
            }
        let conclusiveAfter = [Duration.seconds(1), .seconds(30), .seconds(60), .seconds(600)][roll(0...3)]
        let inquiry = Inquiry(operation: OperationID(checked: "ask"), conclusiveAfter: conclusiveAfter)
        let deadline = time + [Duration.seconds(45), .seconds(900), .seconds(259_200)][roll(0...2)]
        let progress = RequestProgress(acceptedAt: time, deadline: deadline)
        return SimulatedRequest(
            number: number,
            effect: effect,
            inquiry: roll(1...5) == 1 ? nil : inquiry,
            maximumAttempts: [1, 2, 4, 15][roll(0...3)],
            caseNumber: roll(1...2) == 1 ? 1 : nil,
            progress: progress,
            events: [progress.acceptedEvent]
        )
    }
}
