internal import GerbangCore
public import GerbangEngine
internal import GerbangJSON

/// What every ``GerbangEngine/AdapterStore`` has to keep to, whatever it is built on.
public enum AdapterStoreConformance {
    /// One thing that a store has to get right.
    public struct Case: Sendable, CustomStringConvertible {
        /// What the store has to do, as a sentence.
        public let name: String
        let body: @Sendable (any AdapterStore) async throws -> Void

        init(_ name: String, _ body: @escaping @Sendable (any AdapterStore) async throws -> Void) {
            self.name = name
            self.body = body
        }

        /// The name.
        public var description: String { name }

        /// Checks an empty store.
        ///
        /// - Throws: ``RequestStoreConformance/Failure`` that says what the store did wrong, or what the store threw.
        public func run(makeStore: () async throws -> any AdapterStore) async throws {
            do {
                try await body(try await makeStore())
            } catch let failure as Wrong {
                throw RequestStoreConformance.Failure(caseName: name, message: failure.message)
            }
        }
    }

    private struct Wrong: Error {
        var message: String
    }

    private static func expect<Value: Equatable>(_ value: Value, _ expected: Value, _ what: String) throws {
        guard value == expected else { throw Wrong(message: "\(what): \(value) instead of \(expected)") }
    }

    private static let id = AdapterID(checked: "example")
    private static let moment = Timestamp(milliseconds: 1_767_578_400_000)

    private static func key(_ number: Int) -> AdapterKey {
        AdapterKey(
            id: "key-\(number)",
            adapter: id,
            publicKey: [UInt8](repeating: UInt8(number), count: 32),
            createdAt: moment + .seconds(number)
        )
    }

    private static func note(_ number: Int) -> AuditNote {
        AuditNote(
            at: moment + .seconds(number),
            actor: "operator:ani",
            action: "adapters.approve",
            subject: "example",
            detail: number % 2 == 0 ? nil : "version 1.0.\(number)"
        )
    }

    private static func version(_ version: String, content: String = "{}") -> AdapterVersion {
        AdapterVersion(
            version: version,
            kind: .remote,
            hash: "hash of \(content)",
            content: content,
            key: "key-1",
            submittedAt: moment,
            report: ["passed": 12]
        )
    }

    /// All cases.
    public static let cases: [Case] = [
        Case("an empty store has nothing") { store in
            try expect(try await store.adapterKeys(), [], "keys")
            try expect(try await store.adapterDossiers(), [], "dossiers")
            try expect(try await store.auditEntries(after: 0, limit: 10), [], "trail")
            try expect(try await store.lastAuditEntry(), nil, "last entry")
        },
        Case("keys are listed oldest first, revoked once, and never replaced") { store in
            try await store.save(key(2))
            try await store.save(key(1))
            do {
                try await store.save(key(1))
                throw Wrong(message: "a key took the place of another")
            } catch let error as GerbangError {
                try expect(error.code, .conflict, "code")
            }
            try expect(try await store.revokeAdapterKey("key-1", at: moment), true, "revoked")
            try expect(try await store.revokeAdapterKey("key-1", at: moment), false, "revoked again")
            try expect(try await store.revokeAdapterKey("key-9", at: moment), false, "revoked nothing")
            var revoked = key(1)
            revoked.revokedAt = moment
            try expect(try await store.adapterKeys(), [revoked, key(2)], "keys")
        },
        Case("a dossier comes back as it was left") { store in
            let made = try await store.updateDossier(of: id, noting: nil) { dossier throws(GerbangError) in
                _ = try dossier.submit(version("1.0.0"))
                try dossier.approve("1.0.0", by: "operator:ani", at: moment)
                _ = try dossier.submit(version("1.1.0", content: "é\u{0}\u{1F600}"))
                try dossier.reject("1.1.0", because: "unreadable", by: "operator:ani", at: moment)
                dossier.mode = .disabled
            }
            try expect(made.servedVersion, "1.0.0", "served")
            try expect(try await store.adapterDossiers(), [made], "dossiers")
            let next = try await store.updateDossier(of: id, noting: nil) { dossier in dossier.mode = .enabled }
            try expect(next.versions, made.versions, "versions")
        },
        Case("a change that throws changes nothing and notes nothing") { store in
            do {
                _ = try await store.updateDossier(of: id, noting: note(1)) { dossier throws(GerbangError) in
                    _ = try dossier.submit(version("1.0.0"))
                    throw GerbangError(.conflict, "no")
                }
                throw Wrong(message: "the change did not throw")
            } catch let error as GerbangError {
                try expect(error.code, .conflict, "code")
            }
            try expect(try await store.adapterDossiers(), [], "dossiers")
            try expect(try await store.lastAuditEntry(), nil, "trail")
        },
        Case("a change and its note are written together") { store in
            _ = try await store.updateDossier(of: id, noting: note(1)) { $0.mode = .draining }
            try expect(try await store.lastAuditEntry()?.note, note(1), "note")
            try expect(try await store.adapterDossiers().map(\.mode), [.draining], "mode")
        },
        Case("changes at the same time each see what the others left") { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        _ = try await store.updateDossier(of: id, noting: note(number)) {
                            dossier throws(GerbangError) in
                            _ = try dossier.submit(version("1.0.\(number)"))
                        }
                    }
                }
                try await group.waitForAll()
            }
            try expect(try await store.adapterDossiers().first?.versions.count, 20, "versions")
            let trail = try await store.auditEntries(after: 0, limit: 100)
            try expect(trail.map(\.sequence), Array(1...20), "places")
            try expect(AuditEntry.firstBroken(of: trail), nil, "broken entry")
        },
        Case("the trail is a chain in which nothing can be changed, left out or put in") { store in
            for number in 1...5 { try await store.append(note(number)) }
            let trail = try await store.auditEntries(after: 0, limit: 100)
            try expect(trail.map(\.note), (1...5).map(note), "notes")
            try expect(AuditEntry.firstBroken(of: trail), nil, "broken entry")
            var changed = trail
            changed[2].note.actor = "operator:budi"
            try expect(AuditEntry.firstBroken(of: changed), 3, "changed entry")
            try expect(AuditEntry.firstBroken(of: trail.filter { $0.sequence != 3 }), 3, "missing entry")
            let rest = try await store.auditEntries(after: 3, limit: 1)
            try expect(rest.map(\.sequence), [4], "page")
            try expect(AuditEntry.firstBroken(of: rest, after: trail[2].hash), nil, "broken entry of a page")
            try expect(try await store.lastAuditEntry(), trail.last, "last entry")
        },
    ]
}
