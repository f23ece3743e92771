internal import GerbangCore
internal import GerbangEngine
internal import GerbangManifest
internal import GerbangRemote

/// A registered file that has been read: a manifest, or the descriptor of a remote adapter.
struct AdapterFile: Sendable {
    /// The largest file that is taken.
    static let maximumBytes = 512 << 10

    enum Content: Sendable {
        case manifest(Manifest)
        case remote(RemoteDescriptor)
    }

    var content: Content

    /// Reads and checks a file whole.
    ///
    /// - Throws: ``GerbangError/Code/invalidInput`` with everything that is wrong with it.
    init(_ text: String, kind: AdapterVersion.Kind, catalogue: ServiceCatalogue) throws(GerbangError) {
        guard text.utf8.count <= Self.maximumBytes else {
            throw GerbangError(.tooLarge, "a file of an adapter has at most \(Self.maximumBytes) bytes")
        }
        switch kind {
        case .manifest:
            do throws(ManifestError) {
                content = .manifest(
                    try Manifest.parse(text, file: "adapter.yaml", files: [:], catalogue: catalogue)
                )
            } catch {
                let errors = error.issues.filter { $0.severity == .error }
                let shown = errors.prefix(20).map(\.description).joined(separator: "; ")
                throw GerbangError(.invalidInput, "the manifest cannot be used: \(shown)")
            }
        case .remote:
            do throws(GerbangError) {
                content = .remote(try RemoteDescriptor(parsing: text))
            } catch {
                throw GerbangError(.invalidInput, error.message)
            }
        }
        var services = catalogue
        if case .manifest(let manifest) = content {
            do throws(GerbangError) {
                services = try catalogue.adding(manifest.services)
            } catch {
                throw GerbangError(.invalidInput, error.message)
            }
        }
        for service in descriptor.operations.compactMap(\.service) where services[service] == nil {
            throw GerbangError(
                .invalidInput,
                "it provides \(service), which the catalogue does not have; describe it in the manifest's 'services'"
            )
        }
    }

    /// What the adapter says of itself.
    var descriptor: AdapterDescriptor {
        switch content {
        case .manifest(let manifest): manifest.descriptor
        case .remote(let remote): remote.adapter
        }
    }

    /// What is allowed in it but probably not meant.
    var warnings: [String] {
        switch content {
        case .manifest(let manifest): manifest.warnings.map(\.description)
        case .remote: []
        }
    }

    /// What a registry needs.
    func definition(fleet: RemoteFleet, catalogue: ServiceCatalogue) throws(GerbangError) -> AdapterDefinition {
        switch content {
        case .manifest(let manifest): manifest.definition
        case .remote(let remote): try remote.definition(fleet: fleet, catalogue: catalogue)
        }
    }

    /// What an operator should look at before anything else, one fact a line.
    var facts: [String] {
        var facts = descriptor.operations.map { operation in
            let inquiry = operation.inquiry.map { ", settled by \($0.operation)" } ?? ""
            let service = operation.service.map { " provides \($0)" } ?? ""
            return "operation \(operation.id):\(service), \(operation.effect.name)\(inquiry), at most "
                + "\(operation.maximumAttempts) attempt\(operation.maximumAttempts == 1 ? "" : "s"), \(DurationText.readable(operation.timeouts.total))"
        }
        switch content {
        case .manifest(let manifest): facts += manifest.facts
        case .remote(let remote):
            facts.append("mode: \(remote.mode.rawValue)")
            facts += remote.hosts.sorted().map { "runs at: \($0)" }
            facts += remote.egress.map(\.description).sorted().map { "may also send to: \($0)" }
            facts += remote.settings.map {
                "setting \($0.name): \($0.kind.rawValue)\($0.isRequired ? "" : ", optional")"
            }
        }
        return facts
    }
}

/// What has changed from one file to another.
struct AdapterDiff: Sendable {
    /// Lines that are shown at most.
    private static let maximumLines = 400

    /// Facts that went and came, with `-` and `+`.
    var facts: [String]
    /// Lines of the files that went and came, with `-` and `+` and their numbers.
    var lines: [String]

    init(from old: (file: AdapterFile, text: String)?, to new: (file: AdapterFile, text: String)) {
        let before = old?.file.facts ?? []
        let after = new.file.facts
        facts = before.filter { !after.contains($0) }.map { "- \($0)" }
        facts += after.filter { !before.contains($0) }.map { "+ \($0)" }
        guard let old else {
            lines = []
            return
        }
        let changes = Self.lines(of: new.text).difference(from: Self.lines(of: old.text))
        var shown: [(Int, Int, String)] = []
        for change in changes {
            switch change {
            case .remove(let offset, let element, _): shown.append((offset, 0, "-\(offset + 1): \(element)"))
            case .insert(let offset, let element, _): shown.append((offset, 1, "+\(offset + 1): \(element)"))
            }
        }
        shown.sort { ($0.0, $0.1) < ($1.0, $1.1) }
        lines = shown.prefix(Self.maximumLines).map(\.2)
        if shown.count > Self.maximumLines { lines.append("… and \(shown.count - Self.maximumLines) more") }
    }

    private static func lines(of text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false) { $0.isNewline }
    }
}
