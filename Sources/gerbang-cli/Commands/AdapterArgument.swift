internal import AdapterConformance
internal import AdapterTestData
internal import AllAdapters
internal import GerbangCore
internal import GerbangManifest

/// An adapter named on the command line: a manifest's file, or a Swift module of this build.
struct AdapterArgument {
    /// As it was named.
    let name: String
    /// The manifest, if it is one.
    let manifest: Manifest?
    /// What is driven by the conformance suite.
    let subject: ConformanceSubject

    /// Finds an adapter.
    ///
    /// - Parameters:
    ///   - name: A file, or a module's name. A file goes first.
    ///   - testData: The file with a module's test data; its own are taken when there is none.
    /// - Throws: ``CommandError`` with status `usage`.
    init(_ name: String, testData: String? = nil) throws(CommandError) {
        self.name = name
        let registry: AdapterRegistry
        do throws(GerbangError) {
            registry = try AllAdapters.registry()
        } catch {
            throw CommandError(.refused, "the adapters of this build cannot be read", details: [error.message])
        }
        guard let definition = (try? AdapterID(name)).flatMap({ registry[$0] }), !InputFile.exists(name) else {
            guard InputFile.exists(name) else {
                let known = registry.descriptors.map(\.id.text).joined(separator: ", ")
                throw CommandError(
                    .usage,
                    "there is no file and no module called \(name)",
                    advice: "give a manifest's path, or one of the modules \(known)"
                )
            }
            guard testData == nil else {
                throw CommandError(.usage, "test data are for modules", advice: "a manifest has its fixtures")
            }
            let manifest = try ManifestFile.load(name)
            self.manifest = manifest
            subject = ConformanceSubject(manifest, bytes: try InputFile.bytes(of: name, called: "the manifest"))
            return
        }
        manifest = nil
        let text: String
        if let testData {
            text = String(decoding: try InputFile.bytes(of: testData, called: "the test data"), as: UTF8.self)
        } else {
            text = AdapterTestData.text(for: definition.descriptor.id) ?? "{}"
        }
        do throws(GerbangError) {
            subject = try ConformanceSubject(definition, testData: text, file: testData ?? name)
        } catch {
            throw CommandError(.usage, "the test data of \(name) are not usable", details: [error.message])
        }
    }
}
