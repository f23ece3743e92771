public import GerbangCore
internal import GerbangManifest

/// Puts a recorded fixture into the text of a manifest, and leaves everything else as it is.
public enum FixtureInsertion {
    /// The text with the fixture behind those that are there.
    ///
    /// - Throws: ``GerbangCore/GerbangError`` when the text would not be a manifest any more, or the fixture does not pass.
    public static func insert(
        _ recording: FixtureRecording,
        into text: String,
        file: String,
        catalogue: ServiceCatalogue
    ) throws(GerbangError) -> String {
        let new = lines(of: text, with: recording).joined(separator: "\n")
        let manifest: Manifest
        do throws(ManifestError) {
            manifest = try Manifest.parse(new, file: file)
        } catch {
            let issues = error.issues.map(\.description).joined(separator: "; ")
            throw GerbangError(.invalidConfiguration, "with the fixture it is no manifest: \(issues)")
        }
        guard let result = manifest.runFixtures(catalogue: catalogue).last(where: { $0.name == recording.name }) else {
            throw GerbangError(
                .invalidConfiguration,
                "the list 'fixtures' is written so that nothing can be put into it"
            )
        }
        guard result.isPassed else {
            throw GerbangError(
                .invalidConfiguration,
                "the recorded fixture does not pass: \(result.differences.joined(separator: "; "))"
            )
        }
        return new
    }

    private static func lines(of text: String, with recording: FixtureRecording) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while lines.last?.isEmpty == true { lines.removeLast() }
        var item = recording.yaml.split(separator: "\n").map(String.init)
        guard let start = lines.firstIndex(where: { $0.hasPrefix("fixtures:") }) else {
            return lines + ["fixtures:"] + item + [""]
        }
        if lines[start].hasPrefix("fixtures: []") { lines[start] = "fixtures:" }
        var end =
            lines[(start + 1)...].firstIndex { line in
                !line.isEmpty && !line.hasPrefix(" ") && !line.hasPrefix("-") && !line.hasPrefix("#")
            } ?? lines.endIndex
        // What stands above the next field belongs to it.
        while end > start + 1, lines[end - 1].isEmpty || lines[end - 1].hasPrefix("#") { end -= 1 }
        if lines[(start + 1)..<end].contains(where: { $0.hasPrefix("- ") }) {
            item = item.map { String($0.dropFirst(2)) }
        }
        lines.insert(contentsOf: item, at: end)
        return lines + [""]
    }
}
