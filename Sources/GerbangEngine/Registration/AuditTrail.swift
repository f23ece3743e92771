internal import Crypto
public import GerbangCore
internal import GerbangJSON

/// Something that a person, or a key that stands for one, did to the gateway. It holds no personal data of citizens.
public struct AuditNote: Sendable, Hashable {
    /// When.
    public var at: Timestamp
    /// Who, such as `operator:ani` or `agency:3f9a0c51d2e7`.
    public var actor: String
    /// What, such as `connections.pause`.
    public var action: String
    /// To what, such as the name of a connection.
    public var subject: String
    /// `done`, or the code of the error that it was refused with.
    public var outcome: String
    /// What else is worth knowing, such as a version and its hash.
    public var detail: String?

    /// Creates a note.
    public init(
        at: Timestamp,
        actor: String,
        action: String,
        subject: String,
        outcome: String = "done",
        detail: String? = nil
    ) {
        self.at = at
        self.actor = actor
        self.action = action
        self.subject = subject
        self.outcome = outcome
        self.detail = detail
    }
}

/// A note in the trail, chained to the one before it.
public struct AuditEntry: Sendable, Hashable {
    /// Its place, from 1.
    public var sequence: Int
    /// What happened.
    public var note: AuditNote
    /// SHA-256 over the hash of the entry before and everything in this one, in hexadecimal.
    public var hash: String

    /// The hash of the entry before the first.
    public static let start = String(repeating: "0", count: 64)

    /// Creates an entry as it was stored.
    public init(sequence: Int, note: AuditNote, hash: String) {
        self.sequence = sequence
        self.note = note
        self.hash = hash
    }

    /// Creates the entry that follows one whose hash is `previous`.
    public init(sequence: Int, note: AuditNote, after previous: String) {
        self.init(sequence: sequence, note: note, hash: Self.hash(of: note, sequence, after: previous))
    }

    private static func hash(of note: AuditNote, _ sequence: Int, after previous: String) -> String {
        // As JSON, so that no text can look like the end of one field and the beginning of the next.
        let parts: JSONValue = [
            .string(previous), .number(JSONNumber(sequence)), .number(JSONNumber(Int(note.at.milliseconds))),
            .string(note.actor), .string(note.action), .string(note.subject), .string(note.outcome),
            note.detail.map { .string($0) } ?? nil,
        ]
        return Hexadecimal.lower(SHA256.hash(data: parts.encoded()))
    }

    /// Finds the first entry that is not the one that was written: changed, left out or put in.
    ///
    /// That the last entries were cut off shows only to who kept a later hash somewhere else.
    ///
    /// - Parameters:
    ///   - entries: Entries in order, without gaps.
    ///   - previous: The hash of the entry before them.
    /// - Returns: Its place; `nil` when all are right.
    public static func firstBroken(of entries: [AuditEntry], after previous: String = start) -> Int? {
        var previous = previous
        var expected = entries.first?.sequence ?? 1
        for entry in entries {
            guard entry.sequence == expected, entry.hash == hash(of: entry.note, entry.sequence, after: previous) else {
                return expected
            }
            previous = entry.hash
            expected += 1
        }
        return nil
    }
}

/// Who did what, when: only ever appended to.
public protocol AuditTrail: Sendable {
    /// Writes a note down.
    @discardableResult
    func append(_ note: AuditNote) async throws(GerbangError) -> AuditEntry

    /// At most `limit` entries after number `sequence`, in order.
    func auditEntries(after sequence: Int, limit: Int) async throws(GerbangError) -> [AuditEntry]

    /// The last entry.
    func lastAuditEntry() async throws(GerbangError) -> AuditEntry?
}

/// Where registered adapters, the keys that speak for them and the audit trail are kept.
///
/// What a method has returned from survives a crash of the process and a power cut. Implementations are held to
/// `AdapterStoreConformance`.
public protocol AdapterStore: AuditTrail {
    /// Makes a key known.
    ///
    /// - Throws: ``GerbangError/Code/conflict`` when there is one with its name.
    func save(_ key: AdapterKey) async throws(GerbangError)

    /// All keys, revoked ones too, oldest first.
    func adapterKeys() async throws(GerbangError) -> [AdapterKey]

    /// Revokes a key; `false` when there is no valid one with this name.
    func revokeAdapterKey(_ id: String, at moment: Timestamp) async throws(GerbangError) -> Bool

    /// All adapters that were ever registered, by name.
    func adapterDossiers() async throws(GerbangError) -> [AdapterDossier]

    /// Changes the dossier of `id` and writes the note down, both or neither; an adapter without one gets an empty one
    /// to change.
    ///
    /// - Throws: What `change` throws, with nothing changed.
    func updateDossier(
        of id: AdapterID,
        noting note: AuditNote?,
        _ change: @escaping @Sendable (inout AdapterDossier) throws(GerbangError) -> Void
    ) async throws(GerbangError) -> AdapterDossier
}
