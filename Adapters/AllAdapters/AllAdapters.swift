internal import DukcapilAdapter
public import GerbangCore
internal import OSSAdapter
internal import SATUSEHATAdapter
internal import TransportAdapter

/// The one list of the adapters that are compiled in.
public enum AllAdapters {
    /// A registry with every adapter of this build.
    ///
    /// - Throws: ``GerbangCore/GerbangError/Code/invalidConfiguration`` if a description contradicts itself.
    public static func registry() throws(GerbangError) -> AdapterRegistry {
        try AdapterRegistry([
            DukcapilAdapter.definition, OSSAdapter.definition, SATUSEHATAdapter.definition,
            TransportAdapter.definition,
        ])
    }

    /// The manifests of those that exist in this form too, by the adapter's name.
    public static var manifests: [String: String] {
        ["dukcapil": DukcapilAdapter.manifest, "transport": TransportAdapter.manifest]
    }
}
