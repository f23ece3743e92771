internal import Foundation
internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import HTTPTypes

/// An adapter that keeps its settings, so that a test can look at what arrived.
struct FakeAdapter: Adapter {
    var office = ""
    var password = Sensitive("")
    var raw: JSONValue?
    let descriptor: AdapterDescriptor

    func prepare(_ call: AdapterCall) throws(GerbangError) -> WireRequest { WireRequest(method: .get) }

    func classify(_ exchange: Exchange, for call: AdapterCall) -> Verdict { call.unexplained(exchange.response) }

    /// `semu` needs settings, `polos` has none.
    static func registry() throws -> AdapterRegistry {
        let operations = [OperationDescriptor(id: OperationID(checked: "ask"), effect: .query)]
        func descriptor(_ id: String) -> AdapterDescriptor {
            AdapterDescriptor(
                id: AdapterID(checked: id),
                version: "1.0.0",
                agency: LocalizedText(id: "Semu", en: "Fake"),
                operations: operations
            )
        }
        let (semu, polos) = (descriptor("semu"), descriptor("polos"))
        return try AdapterRegistry([
            AdapterDefinition(descriptor: semu) { reader in
                let office = reader.string("office")
                let password = reader.secret("password")
                let raw = reader.optionalJSON("raw")
                guard let office, let password else { return nil }
                return FakeAdapter(office: office, password: password, raw: raw, descriptor: semu)
            },
            AdapterDefinition(descriptor: polos) { _ in FakeAdapter(descriptor: polos) },
        ])
    }
}

/// The configuration in `text`, called `c.yaml`.
func parse(_ text: String) throws -> GatewayConfiguration {
    try ConfigurationFile.parse(text, file: "c.yaml", adapters: FakeAdapter.registry())
}

/// The issues of a text, one a line; empty when there are none.
func issues(of text: String) throws -> [String] {
    do {
        _ = try parse(text)
        return []
    } catch let error as ConfigurationFile.Invalid {
        return error.issues.map(\.description)
    }
}

/// Runs `body` with a file of these bytes in a folder of its own, and removes both.
func withFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "gerbang-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "file")
    try Data(bytes).write(to: file)
    return try body(file.path)
}

/// A small generator, so that every run of a test makes the same choices.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var result = state
        result = (result ^ (result >> 30)) &* 0xBF58_476D_1CE4_E5B9
        result = (result ^ (result >> 27)) &* 0x94D0_49BB_1331_11EB
        return result ^ (result >> 31)
    }
}
