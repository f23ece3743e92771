internal import Dispatch
internal import FoundationEssentials
public import GerbangCore
internal import Synchronization

extension Manifest {
    /// Reads the manifest at `path`.
    ///
    /// - Parameter catalogue: The services that there are besides its own, for warnings about what they do not have.
    /// - Throws: ``ManifestError`` with everything that is wrong.
    public static func load(path: String, catalogue: ServiceCatalogue? = nil) throws(ManifestError) -> Manifest {
        guard let data = FileManager.default.contents(atPath: path) else {
            let issue = ManifestIssue(file: path, message: "cannot be read; check the path and its rights")
            throw ManifestError(issues: [issue])
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ManifestError(issues: [ManifestIssue(file: path, message: "is not UTF-8 text")])
        }
        return try parse(text, file: path, catalogue: catalogue)
    }
}

extension Manifest {
    /// Reads several manifests, on all processors.
    ///
    /// - Parameters:
    ///   - sources: Where they come from.
    ///   - read: Reads one of them.
    /// - Returns: What became of each, in the order of the sources.
    package static func all<Source: Sendable>(
        _ sources: [Source],
        _ read: @Sendable (Source) throws(ManifestError) -> Manifest
    ) -> [Result<Manifest, ManifestError>] {
        let results = Mutex([Result<Manifest, ManifestError>?](repeating: nil, count: sources.count))
        DispatchQueue.concurrentPerform(iterations: sources.count) { index in
            let result = Result { () throws(ManifestError) in try read(sources[index]) }
            results.withLock { $0[index] = result }
        }
        return results.withLock { $0.compactMap(\.self) }
    }
}

extension AdapterRegistry {
    /// Adds the adapters that manifests describe. One with the name of an adapter that is here already takes its place:
    /// so an agency's manifest is used instead of the Swift module that came with the program.
    ///
    /// - Returns: What is allowed in them but probably not meant.
    /// - Throws: ``ManifestError`` with everything that is wrong with all of them, a name that two of them have included.
    @discardableResult
    public mutating func register(manifests paths: [String]) throws(ManifestError) -> [ManifestIssue] {
        var issues: [ManifestIssue] = []
        var isBroken = false
        var names: Set<AdapterID> = []
        let results = Manifest.all(paths) { path throws(ManifestError) in try Manifest.load(path: path) }
        for (path, result) in zip(paths, results) {
            do throws(ManifestError) {
                let manifest = try result.get()
                issues += manifest.warnings
                do throws(GerbangError) {
                    if names.insert(manifest.definition.descriptor.id).inserted {
                        try put(manifest.definition)
                    } else {
                        try register(manifest.definition)
                    }
                } catch {
                    isBroken = true
                    issues.append(ManifestIssue(file: path, line: 1, column: 1, field: "id", message: error.message))
                }
            } catch {
                isBroken = true
                issues += error.issues
            }
        }
        guard !isBroken else { throw ManifestError(issues: issues) }
        return issues
    }
}
