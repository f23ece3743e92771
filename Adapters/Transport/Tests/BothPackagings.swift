internal import FoundationEssentials
internal import GerbangCore
internal import GerbangManifest
internal import Testing

@testable internal import TransportAdapter

/// The forms in which the adapter ships.
enum Packaging: CaseIterable {
    /// The Swift module.
    case module
    /// `adapter.yaml`.
    case manifest
    /// `Contract/adapter.yaml`, which speaks by the description of the services and knows X-Road only.
    case contract

    /// Those that speak every binding.
    static let allCases: [Packaging] = [.module, .manifest]

    var definition: AdapterDefinition {
        switch self {
        case .module: TransportAdapter.definition
        case .manifest: Self.manifestDefinition
        case .contract: Self.contractDefinition
        }
    }

    private static let contractDefinition: AdapterDefinition = {
        do throws(ManifestError) {
            return try Manifest.load(
                path: Files.package.appending(path: "Adapters/Transport/Contract/adapter.yaml").path
            )
            .definition
        } catch {
            Issue.record("\(error)")
            return TransportAdapter.definition
        }
    }()

    private static let manifestDefinition: AdapterDefinition = {
        let path = Files.package.appending(path: "Adapters/Transport/adapter.yaml").path
        let text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
        do throws(ManifestError) {
            return try Manifest.parse(text, file: "adapter.yaml").definition
        } catch {
            Issue.record("\(error)")
            return TransportAdapter.definition
        }
    }()
}

/// Runs every test twice: against the Swift module and against the manifest.
///
/// Tests of what only the module has, such as settings that rename elements, do without.
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
