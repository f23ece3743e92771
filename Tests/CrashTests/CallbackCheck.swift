internal import GerbangCore

extension Evidence {
    /// Every broken promise about calls back: what the client's server wrote down against what is stored.
    func violationsOfCallbacks() -> [Violation] {
        let wishes = Dictionary(journal.map { ($0.wish.key, $0.wish) }) { first, _ in first }
        let arrived = Dictionary(grouping: callbacks, by: \.request)
        var found: [Violation] = []
        for request in stored where wishes[request.key]?.callback != nil {
            found += violationsOfCallbacks(to: request, arrived[request.id.description] ?? [])
        }
        let asked = Set(stored.filter { wishes[$0.key]?.callback != nil }.map(\.id.description))
        for (request, _) in arrived where !asked.contains(request) {
            found.append(
                Violation(.callbackWasAskedFor, request, "was called back for, and is not stored with a callback")
            )
        }
        for arrival in callbacks where !arrival.isSigned {
            found.append(Violation(.callbackIsSigned, arrival.id, "came without a right signature"))
        }
        for (id, tries) in Dictionary(grouping: callbacks, by: \.id) where Set(tries.map(\.body)).count > 1 {
            found.append(Violation(.callbackStaysTheSame, id, "came \(tries.count) times with different bodies"))
        }
        return found
    }

    private func violationsOfCallbacks(to request: Stored, _ arrivals: [CallbackReceiver.Arrival]) -> [Violation] {
        var found: [Violation] = []
        func note(_ promise: Violation.Promise, _ detail: String) {
            found.append(Violation(promise, request.id, detail))
        }
        // What clients are told of is every change of the state.
        let changes = zip(request.history, request.history.dropFirst()).filter { $0.state != $1.state }.map(\.1)
        var taken: Set<Int> = []
        var known: Set<Int> = []
        for arrival in arrivals {
            let change = changes.first { $0.sequence == arrival.sequence }
            if arrival.id != "\(request.id)-\(arrival.sequence)" || change?.state.rawValue != arrival.state {
                note(.callbackTellsTheTruth, "\(arrival.id) tells of \(arrival.state) at number \(arrival.sequence)")
            }
            if known.insert(arrival.sequence).inserted,
                let open = changes.first(where: { $0.sequence < arrival.sequence && !taken.contains($0.sequence) })
            {
                note(.callbacksComeInOrder, "number \(arrival.sequence) came before \(open.sequence) was taken")
            }
            if arrival.isTaken { taken.insert(arrival.sequence) }
        }
        for change in changes where !taken.contains(change.sequence) {
            note(.everyCallbackArrives, "number \(change.sequence), \(change.state), never arrived")
        }
        let summary = request.callbacks
        if summary?.delivered ?? 0 != changes.count || summary?.pending ?? 0 != 0 || summary?.failed ?? 0 != 0 {
            note(.everyCallbackArrives, "\(changes.count) changes, counted are \(summary.map { "\($0)" } ?? "none")")
        }
        return found
    }
}
