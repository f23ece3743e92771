internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON

// The checks of the description and of how an adapter is made.
extension ConformanceRun {
    mutating func checkDescriptor() {
        record(.descriptorValid, difference(ofDescription: descriptor))
        let services = descriptor.operations.compactMap(\.service)
        let strangers = services.filter { catalogue[$0] == nil }.map(\.text)
        if services.isEmpty {
            record(.descriptorServices, Difference("an operation that provides a service", "none"))
        } else {
            let names = strangers.joined(separator: ", ")
            record(
                .descriptorServices,
                strangers.isEmpty
                    ? nil
                    : Difference(
                        "services of the catalogue",
                        "\(names), of which it has none; describe them in 'services'"
                    )
            )
        }
        for operation in descriptor.operations where !operation.effect.isRepeatable {
            let scene = Scene(operation)
            if operation.inquiry == nil {
                skip(.descriptorInquiry, scene, "it names no inquiry, so that every doubt waits for an operator")
            } else {
                record(.descriptorInquiry, scene, difference(ofInquiry: operation))
            }
        }
    }

    private func difference(ofDescription descriptor: AdapterDescriptor) -> Difference? {
        do throws(GerbangError) {
            try descriptor.validate()
        } catch {
            return Difference("a description without contradictions", error.message)
        }
        let numbers = descriptor.version.prefix { $0 != "-" && $0 != "+" }.split(
            separator: ".",
            omittingEmptySubsequences: false
        )
        guard numbers.count == 3, numbers.allSatisfy({ Int($0).map { $0 >= 0 } ?? false }) else {
            return Difference("a semantic version such as 1.0.0", "'\(descriptor.version)'")
        }
        for operation in descriptor.operations {
            let limits = operation.timeouts
            guard limits.connect > .zero, limits.firstByte > .zero, limits.total >= limits.connect else {
                return Difference(
                    "time limits above zero, and a total that leaves time to connect",
                    "those of \(operation.id)"
                )
            }
            if case .idempotent(let key) = operation.effect, key.isEmpty {
                return Difference("the name of the element that carries the key", "none for \(operation.id)")
            }
        }
        return nil
    }

    private func difference(ofInquiry operation: OperationDescriptor) -> Difference? {
        guard let inquiry = operation.inquiry else { return nil }
        guard descriptor.operation(inquiry.operation)?.effect == .query else {
            return Difference("a query of this adapter", "\(inquiry.operation), which is none")
        }
        guard inquiry.conclusiveAfter >= .zero else {
            return Difference("a time after which 'no such record' is reliable", "a negative one")
        }
        return nil
    }

    /// Makes the adapter, and tries what settings can do to it.
    mutating func checkConstruction() {
        switch AdapterUnderTest.make(subject, settings: subject.settings, secrets: [], bench) {
        case .refused(let issues):
            let list =
                issues.isEmpty
                ? "no adapter, and no reason" : issues.map { "\($0.pointer): \($0.message)" }.joined(separator: "; ")
            return record(.constructionRefuses, Difference("settings for the test that are accepted", list))
        case .made(let adapter): self.adapter = adapter
        }
        marked = markedAdapter() ?? adapter
        record(.constructionRefuses, differenceOfRefusals())
        guard let adapter else { return }
        record(.descriptorMatches, difference(of: adapter.adapter.descriptor))
        checkPurity(of: adapter)
        checkPrinting()
    }

    /// The adapter with secrets of ours where it takes them; with given ones where they have a form, as keys do.
    private func markedAdapter() -> AdapterUnderTest? {
        var settings = subject.settings
        var secrets: [String] = []
        for (number, place) in SecretSettings.places(in: settings, of: subject.definition).enumerated() {
            let old = JSONValue.object(settings)[place]?.stringValue ?? ""
            let new = Canary.secret(number)
            let changed = SecretSettings.replacing(place, by: .string(new), in: .object(settings)).objectValue ?? [:]
            if case .made = AdapterUnderTest.make(subject, settings: changed, secrets: [], bench) {
                settings = changed
                secrets.append(new)
            } else {
                secrets.append(old)
            }
        }
        guard case .made(let adapter) = AdapterUnderTest.make(subject, settings: settings, secrets: secrets, bench)
        else { return nil }
        return adapter
    }

    private static let wrongValues: [JSONValue] = [
        .number(JSONNumber(12.5) ?? 1), true, .array([]), ["a": ["b": 1]], "", "\u{0}\n", .null,
    ]

    private func differenceOfRefusals() -> Difference? {
        var attempts: [(String, JSONObject)] = [("no settings at all", [:])]
        for key in subject.settings.keys {
            var without = subject.settings
            without[key] = nil
            attempts.append(("no '\(key)'", without))
            for wrong in Self.wrongValues {
                var changed = subject.settings
                changed[key] = wrong
                attempts.append(("a '\(key)' of another kind", changed))
            }
        }
        for (what, settings) in attempts {
            var reader = SettingsReader(.object(settings))
            if subject.definition.make(&reader) == nil, reader.issues.isEmpty {
                return Difference("an issue with its place for \(what)", "no adapter, and no issue")
            }
            let finder = LeakFinder(secrets: marked?.secrets ?? [], sample: nil)
            for issue in reader.issues {
                if finder.leak(in: issue.message) != nil {
                    return Difference("an issue without secrets for \(what)", "a secret in it")
                }
            }
        }
        return nil
    }

    private func difference(of made: AdapterDescriptor) -> Difference? {
        guard made.id == descriptor.id, made.version == descriptor.version else {
            return Difference("\(descriptor.id) \(descriptor.version)", "\(made.id) \(made.version)")
        }
        for operation in descriptor.operations {
            guard let own = made.operation(operation.id) else {
                return Difference("the operation \(operation.id)", "none")
            }
            guard own.service == operation.service, own.effect == operation.effect else {
                return Difference(
                    "\(operation.id) with the effect \(operation.effect.name)",
                    "another service, or the effect \(own.effect.name)"
                )
            }
            guard own.inquiry?.operation == operation.inquiry?.operation else {
                return Difference("the inquiry of \(operation.id)", "another one")
            }
        }
        return made.operations.count == descriptor.operations.count
            ? nil
            : Difference(
                "as many operations as are declared: \(descriptor.operations.count)",
                "\(made.operations.count)"
            )
    }

    private mutating func checkPurity(of adapter: AdapterUnderTest) {
        let scenes = scenes(adapter.adapter.descriptor)
        let (definition, settings) = (subject.definition, subject.settings)
        func everything() {
            var reader = SettingsReader(.object(settings))
            guard let adapter = definition.make(&reader) else { return }
            for scene in scenes {
                let call = scene.call()
                guard let message = try? adapter.prepare(call) else { continue }
                let garbage = WireResponse(status: 200, body: Array("<html>".utf8))
                for response in [garbage] + [scene.sample.answer].compactMap(\.self) {
                    _ = Reaction(to: .answered(response), of: scene, call: call, message: message, by: adapter)
                }
            }
        }
        // What is set up once in a process is not the adapter's own doing.
        everything()
        switch InputOutputCount.changes(during: everything) {
        case nil: skip(.constructionPure, "this system does not count the input and output of a thread")
        case false?: record(.constructionPure, nil)
        case true?: record(.constructionPure, Difference("no input or output", "the adapter reads or writes"))
        }
    }

    private mutating func checkPrinting() {
        guard let marked, !marked.secrets.isEmpty else {
            return skip(.privacyPrinting, "the settings have no secret")
        }
        var dumped = ""
        dump(marked.adapter, to: &dumped)
        let finder = LeakFinder(secrets: marked.secrets, sample: nil)
        let isShown = ["\(marked.adapter)", String(reflecting: marked.adapter), dumped].contains {
            finder.leak(in: $0) != nil
        }
        record(.privacyPrinting, isShown ? Difference("no secret", "a secret; wrap it as Sensitive") : nil)
    }
}

extension Scene {
    /// An operation that is only looked at.
    fileprivate init(_ operation: OperationDescriptor) {
        self.init(
            operation: operation,
            origin: operation,
            step: .send,
            sample: ConformanceSample(operation: operation.id, input: [:]),
            isMadeUp: true
        )
    }
}
