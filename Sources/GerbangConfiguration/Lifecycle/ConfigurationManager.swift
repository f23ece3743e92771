internal import Foundation
public import GerbangCore
public import GerbangEngine
internal import GerbangJSON
public import Logging
internal import Synchronization

/// Changes the configuration of a running gateway: the one way for the API, for signals, for changed files, and for adapters
/// that come and go.
///
/// Changes go through one after the other. Each is read, checked and compiled before the engine's snapshot is replaced; one
/// that is refused changes nothing.
public final class ConfigurationManager: ConfigurationControl {
    private struct State: Sendable {
        /// What holds.
        var document: ConfigurationDocument?
        var isWatched: Bool
        var lines: [ConfigurationArchive.Line]
        /// The last refusal of what the files say, if they have not been applied since.
        var lastFailure: ConfigurationReport.Failure?
    }

    private let engine: Engine
    /// What the process was started with: what holds until the next start.
    private let running: GatewayConfiguration
    private let loader: ConfigurationLoader
    private let archive: ConfigurationArchive
    private let clock: any WallClock
    private let logger: Logger
    private let turnstile = Turnstile()
    private let state: Mutex<State>

    /// Takes over an engine that was made with what `start` found, and keeps that in the archive.
    public init(
        _ start: ConfigurationStart,
        engine: Engine,
        clock: any WallClock = SystemClock(),
        logger: Logger = Logger(label: "gerbang.configuration")
    ) {
        self.engine = engine
        running = start.configuration
        loader = start.loader
        archive = start.archive
        self.clock = clock
        self.logger = logger
        state = Mutex(
            State(document: start.configuration.origin, isWatched: start.configuration.isWatched, lines: start.lines)
        )
        if let failure = start.failure {
            noteFailure(failure, by: "start")
            logger.critical(
                "THE CONFIGURATION FILE IS NOT USABLE; running on what last held",
                metadata: ["generation": "\(start.entry.generation)", "file": "\(loader.file)"]
            )
        } else if start.lines.last?.entry != start.entry {
            keep(start.entry, start.configuration.origin)
        }
        SpareMemory.handBack()
    }

    // MARK: Asking

    /// The number of what holds, and whether it is what the files say as far as they have been read.
    public var standing: (generation: Int, isCurrent: Bool) {
        state.withLock { ($0.lines.last?.entry.generation ?? 0, $0.lastFailure == nil) }
    }

    /// See ``ConfigurationControl/report()``.
    public func report() async throws(ConfigurationRefusal) -> ConfigurationReport {
        let state = state.withLock { $0 }
        guard let entry = state.lines.last?.entry, let document = state.document else {
            throw ConfigurationRefusal(GerbangError(.notFound, "this gateway was set up in code"))
        }
        return ConfigurationReport(
            entry: entry,
            file: document.main.path,
            content: ConfigurationContent(of: document).shown,
            lastFailure: state.lastFailure
        )
    }

    /// See ``ConfigurationControl/history(limit:)``.
    public func history(limit: Int) async -> [ConfigurationEntry] {
        state.withLock { $0.lines.suffix(limit).reversed().map(\.entry) }
    }

    /// See ``ConfigurationControl/preview(_:)``.
    public func preview(_ text: String) async throws(ConfigurationRefusal) -> ConfigurationPreview {
        let configuration = try judged(loader.parse(text))
        return ConfigurationPreview(
            changes: ConfigurationContent.changes(from: state.withLock { $0.document }, to: configuration.origin),
            atNextStart: configuration.atNextStart(from: running)
        )
    }

    // MARK: Changing

    /// See ``ConfigurationControl/apply(_:replacing:by:)``.
    public func apply(
        _ text: String,
        replacing generation: Int? = nil,
        by actor: String
    ) async throws(ConfigurationRefusal) -> ConfigurationEntry {
        await turnstile.enter()
        defer { turnstile.leave() }
        let present = standing.generation
        guard generation.map({ $0 == present }) ?? true else {
            throw ConfigurationRefusal(
                GerbangError(
                    .conflict,
                    "the present generation is \(present); look at what has changed, then apply again"
                )
            )
        }
        return try await use(judged(loader.parse(text)), from: .elsewhere, by: actor)
    }

    /// See ``ConfigurationControl/reload(by:)``.
    public func reload(by actor: String) async throws(ConfigurationRefusal) -> ConfigurationEntry {
        await turnstile.enter()
        defer { turnstile.leave() }
        do throws(ConfigurationRefusal) {
            return try await use(judged(loader.load()), by: actor)
        } catch {
            noteFailure(error, by: actor)
            throw error
        }
    }

    /// Puts other adapters to work with the configuration that holds. Its files are not read: what stands in them, and was
    /// not applied, is another change.
    ///
    /// - Parameters:
    ///   - note: What has changed, for the history.
    ///   - keep: Makes the change of the adapters durable, once it is known that everything holds together with them.
    ///   - adapters: The adapters from now on.
    /// - Throws: A refusal, with nothing kept and nothing changed, when it does not hold together; what `keep` throws.
    @discardableResult
    public func reapply(
        noting note: String,
        by actor: String,
        keeping keep: @escaping () async throws(GerbangError) -> Void,
        adapters: @escaping () throws(GerbangError) -> AdapterRegistry
    ) async throws(ConfigurationRefusal) -> ConfigurationEntry {
        await turnstile.enter()
        defer { turnstile.leave() }
        guard let document = state.withLock({ $0.document }) else {
            throw ConfigurationRefusal(GerbangError(.notFound, "this gateway was set up in code"))
        }
        let configuration = try loader.parse(document, adapters: adapters)
        return try await use(configuration, from: .whatHolds(note, keep), by: actor)
    }

    /// See ``ConfigurationControl/rollBack(to:by:)``.
    public func rollBack(
        to generation: Int? = nil,
        by actor: String
    ) async throws(ConfigurationRefusal) -> ConfigurationEntry {
        await turnstile.enter()
        defer { turnstile.leave() }
        let lines = state.withLock { $0.lines }
        guard let wanted = generation ?? lines.dropLast().last?.entry.generation,
            lines.contains(where: { $0.entry.generation == wanted }),
            let document = archive.document(of: wanted)
        else {
            throw ConfigurationRefusal(
                GerbangError(.notFound, "the texts of this generation are not kept; the history lists what there was")
            )
        }
        return try await use(judged(loader.parse(document)), from: .elsewhere, by: actor)
    }

    /// Applies the files when they have changed and the configuration wants that, until the task is cancelled.
    ///
    /// A file that is being written is left alone until it has been the same twice.
    public func watch(every interval: Duration = .seconds(2)) async {
        var (applied, last) = (signature, signature)
        while !Task.isCancelled {
            try? await clock.sleep(until: clock.now() + interval)
            let present = signature
            defer { last = present }
            guard state.withLock({ $0.isWatched }) else {
                applied = present
                continue
            }
            guard present == last, present != applied, !Task.isCancelled else { continue }
            applied = present
            let isSame = (try? loader.load())?.origin?.hash == state.withLock { $0.document?.hash }
            if !isSame || state.withLock({ $0.lastFailure != nil }) { _ = try? await reload(by: "file") }
        }
    }

    // MARK: Shared parts

    private func judged(_ configuration: GatewayConfiguration) throws(ConfigurationRefusal) -> GatewayConfiguration {
        guard let document = configuration.origin else { return configuration }
        guard configuration.storagePath == running.storagePath else {
            let message =
                "cannot change while the gateway runs, since its requests are there; stop it, move the database, start"
            throw ConfigurationLoader.refusal([
                ConfigurationLoader.issue(message, at: ["storage", "path"], of: document.main)
            ])
        }
        try ConfigurationLoader.check(document, against: ConfigurationStart.known(state.withLock { $0.lines }))
        return configuration
    }

    /// Where what is to be used comes from.
    private enum Source {
        /// The files as they are.
        case files
        /// Somewhere else: the files are written, so that it also holds after the next start.
        case elsewhere
        /// What holds already, with other adapters, which are to be kept.
        case whatHolds(String, () async throws(GerbangError) -> Void)
    }

    private func use(
        _ configuration: GatewayConfiguration,
        from source: Source = .files,
        by actor: String
    ) async throws(ConfigurationRefusal) -> ConfigurationEntry {
        let (before, generation) = state.withLock { ($0.document, $0.lines.last?.entry.generation ?? 0) }
        var changes = ConfigurationContent.changes(from: before, to: configuration.origin)
        do throws(GerbangError) {
            let plan = try configuration.plan()
            var replaced: [ConfigurationDocument.File] = []
            switch source {
            case .files: break
            case .elsewhere: replaced = try replaceFiles(configuration.origin)
            case .whatHolds(let note, let keep):
                changes.insert(note, at: 0)
                try plan.validate()
                try await keep()
            }
            do throws(GerbangError) {
                try await engine.apply(plan, generation: max(generation, engine.snapshot.generation) + 1)
            } catch {
                // What does not hold must not hold after the next start either.
                try putBack(replaced)
                throw error
            }
        } catch {
            throw ConfigurationRefusal(error)
        }
        if changes.isEmpty { changes = ["nothing but what is named: secrets and certificates were read again"] }
        let entry = ConfigurationEntry(
            generation: engine.snapshot.generation,
            hash: configuration.origin?.hash ?? "",
            at: clock.now(),
            actor: actor,
            changes: changes,
            atNextStart: configuration.atNextStart(from: running)
        )
        keep(entry, configuration.origin)
        state.withLock { state in
            state.document = configuration.origin
            state.isWatched = configuration.isWatched
            // What the files say is as unusable as before where they were not read.
            if case .whatHolds = source { return }
            state.lastFailure = nil
        }
        logger.notice(
            "configuration changed",
            metadata: [
                "generation": "\(entry.generation)", "actor": "\(actor)", "changes": "\(entry.changes.count)",
                "atNextStart": "\(entry.atNextStart.joined(separator: ", "))",
            ]
        )
        SpareMemory.handBack()
        return entry
    }

    /// Writes those files that differ: all of them or, when one cannot be written, none.
    ///
    /// - Returns: What the files had before.
    private func replaceFiles(
        _ document: ConfigurationDocument?
    ) throws(GerbangError) -> [ConfigurationDocument.File] {
        guard let document else { return [] }
        let texts = (document.manifests + [document.main]).map { part in
            ConfigurationDocument.File(path: part.path, bytes: Array(part.text.utf8))
        }
        var replaced: [ConfigurationDocument.File] = []
        do throws(GerbangError) {
            for file in (document.files ?? []) + texts {
                let before = FileManager.default.contents(atPath: file.path).map { Array($0) }
                guard before != file.bytes else { continue }
                try ConfigurationWriter.write(file.bytes, to: file.path)
                if let before { replaced.append(ConfigurationDocument.File(path: file.path, bytes: before)) }
            }
        } catch {
            try putBack(replaced)
            throw error
        }
        return replaced
    }

    private func putBack(_ files: [ConfigurationDocument.File]) throws(GerbangError) {
        for file in files { try ConfigurationWriter.write(file.bytes, to: file.path) }
    }

    private func keep(_ entry: ConfigurationEntry, _ document: ConfigurationDocument?) {
        let adapters = Dictionary((document?.adapters ?? []).map { ($0.name, $0.hash) }) { first, _ in first }
        let lines = state.withLock { state in
            state.lines.append(ConfigurationArchive.Line(entry: entry, adapters: adapters))
            state.lines = state.lines.suffix(ConfigurationArchive.mostEntries)
            return state.lines
        }
        guard let document else { return }
        do throws(GerbangError) {
            try archive.keep(lines, document)
        } catch {
            // What holds does not depend on it; only the way back does.
            logger.error(
                "cannot keep the configuration for a rollback or a start without a usable file",
                metadata: ["reason": "\(error.message)"]
            )
        }
    }

    private func noteFailure(_ refusal: ConfigurationRefusal, by actor: String) {
        let failure = ConfigurationReport.Failure(at: clock.now(), actor: actor, refusal: refusal)
        state.withLock { $0.lastFailure = failure }
        logger.error(
            "configuration refused; what held before goes on",
            metadata: ["actor": "\(actor)", "reason": "\(refusal.error.message)"]
        )
        for issue in refusal.issues.prefix(20) {
            logger.error("configuration issue", metadata: ["issue": "\(issue)"])
        }
    }

    /// What tells whether a file has changed, for all files that hold.
    private var signature: [FileSignature?] {
        let paths = state.withLock { state in
            let document = state.document
            return [loader.file] + (document?.manifests.map(\.path) ?? []) + (document?.files?.map(\.path) ?? [])
        }
        return paths.map { FileSignature(path: $0) }
    }
}
