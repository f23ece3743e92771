internal import GerbangCore
internal import GerbangJSON
internal import GerbangSchema

/// Holds a manifest against the services that it provides: what it reads of the input, what it says is personal, and
/// what its examples ask. All of this is a warning: a service may be another one tomorrow.
struct ServiceCheck {
    let compilation: Compilation
    let descriptor: AdapterDescriptor
    /// The services that are known; those that the manifest brings along among them.
    let services: [ServiceID: Service]
    /// Whether a service that is not among them is worth a word.
    let isComplete: Bool

    /// The services whose input an operation gets: its own, or those of the operations whose doubts it settles.
    private func inputs(of name: String) -> [Service] {
        guard let operation = descriptor.operations.first(where: { $0.id.text == name }) else { return [] }
        if let service = operation.service { return services[service].map { [$0] } ?? [] }
        return descriptor.operations.filter { $0.inquiry?.operation == operation.id }
            .compactMap { $0.service.flatMap { services[$0] } }
    }

    // MARK: Services

    func checkServices() {
        guard isComplete else { return }
        for operation in descriptor.operations {
            guard let service = operation.service, services[service] == nil else { continue }
            warn(
                "is no service of the catalogue; describe it in 'services', or name one of 'gerbang services'",
                at: place(of: operation.id).appending("provides")
            )
        }
    }

    // MARK: Expressions

    /// Reports members of the input that are read and that no service has which the expression is for.
    func check(_ uses: [Compilation.InputUse]) {
        var operations: [Compilation.InputUse.Place: [String]] = [:]
        for use in uses { operations[use.place, default: []].append(use.operation) }
        var seen: Set<Compilation.InputUse.Place> = []
        for use in uses where seen.insert(use.place).inserted {
            let services = (operations[use.place] ?? []).flatMap { inputs(of: $0) }
            guard let missing = missing(use.place.members, in: services) else { continue }
            let written = (["input"] + use.place.members).joined(separator: ".")
            warn("reads \(written): \(missing)", at: use.place.pointer, offset: use.place.offset)
        }
    }

    /// Reports places that are said to hold personal data and that no input has.
    func check(sensitive: [JSONPointer], of operation: OperationID) {
        for (index, pointer) in sensitive.enumerated() {
            guard let missing = missing(pointer.tokens, in: inputs(of: operation.text)) else { continue }
            warn(
                "\(pointer) points at nothing: \(missing)",
                at: place(of: operation).appending("sensitive").appending(index)
            )
        }
    }

    /// What there is instead of a member that none of the services has; nil where one has it, or may have it.
    private func missing(_ members: [String], in services: [Service]) -> String? {
        var answer: String?
        for service in services {
            switch SchemaSearch(service.input).find(members) {
            case .found: return nil
            case .missing(let name, let others):
                let known = others.isEmpty ? "it names none there" : "there are: \(others.joined(separator: ", "))"
                if answer == nil { answer = "the input of \(service.id) has no '\(name)'; \(known)" }
            }
        }
        return answer
    }

    // MARK: Examples

    /// Reports examples whose input would be refused before the adapter gets it.
    func check(_ fixtures: [Fixture], asWritten items: [JSONValue]) {
        for (index, fixture) in fixtures.enumerated() where fixture.refuses == nil {
            guard items.indices.contains(index), items[index]["input"] != nil else { continue }
            let services = inputs(of: fixture.operation.text)
            let issues = services.map { service in
                (service, (try? JSONSchema(service.input))?.validate(fixture.input).first)
            }
            // Of an inquiry's origins one that takes it is enough.
            guard !issues.contains(where: { $0.1 == nil }), let (service, issue) = issues.first, let issue else {
                continue
            }
            let place = JSONPointer.root.appending("fixtures").appending(index).appending("input")
            warn(
                "the input of \(service.id) refuses this: \(issue.message)",
                at: place.appending(contentsOf: issue.pointer)
            )
        }
    }

    // MARK: Inquiries

    /// Reports inquiries that count before the call they ask about must have ended at the agency.
    func checkInquiries() {
        for operation in descriptor.operations {
            guard let inquiry = operation.inquiry, inquiry.conclusiveAfter < operation.timeouts.total else { continue }
            let total = DurationText.readable(operation.timeouts.total)
            warn(
                "is \(DurationText.readable(inquiry.conclusiveAfter)), shorter than timeouts.total of \(total): a call that"
                    + " the agency still works at would pass for one that it never got; say at least \(total)",
                at: place(of: operation.id).appending("inquiry").appending("conclusiveAfter")
            )
        }
    }

    private func place(of operation: OperationID) -> JSONPointer {
        JSONPointer(tokens: ["operations", operation.text])
    }

    private func warn(_ message: String, at pointer: JSONPointer, offset: Int? = nil) {
        compilation.report(message, at: pointer, offset: offset, severity: .warning)
    }
}
