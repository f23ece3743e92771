internal import DukcapilAdapter
internal import FoundationEssentials
internal import GerbangCore
internal import GerbangManifest
internal import Testing

/// The forms in which the adapter ships.
enum Packaging: CaseIterable {
    /// The Swift module.
    case module
    /// `adapter.yaml`.
    case manifest

    var definition: AdapterDefinition {
        switch self {
        case .module: DukcapilAdapter.definition
        case .manifest: Self.manifestDefinition
        }
    }

    private static let manifestDefinition: AdapterDefinition = {
        let path = "\(Support.folder)/../adapter.yaml"
        let text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
        do throws(ManifestError) {
            return try Manifest.parse(text, file: "adapter.yaml").definition
        } catch {
            Issue.record("\(error)")
            return DukcapilAdapter.definition
        }
    }()
}

/// Runs every test twice: against the Swift module and against the manifest.
struct BothPackagings: SuiteTrait, TestTrait, TestScoping {
    @TaskLocal static var packaging = Packaging.module

    var isRecursive: Bool { true }

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        for packaging in Packaging.allCases {
            try await Self.$packaging.withValue(packaging) { try await function() }
        }
    }
}

extension Trait where Self == BothPackagings {
    /// Runs every test against the Swift module and against the manifest.
    static var bothPackagings: Self { Self() }
}
