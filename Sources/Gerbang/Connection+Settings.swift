internal import AllAdapters
public import GerbangCore
public import GerbangEngine
public import GerbangJSON

extension Connection {
    /// Creates a connection to an agency from what its adapter needs to know.
    ///
    /// - Parameters:
    ///   - id: The connection's name.
    ///   - adapter: The adapter's name, such as `dukcapil`.
    ///   - baseURL: Where the agency's interface is.
    ///   - regions: The codes of the regions that it serves; the whole nation when there are none.
    ///   - settings: What the adapter wants to know, as under `settings` in a configuration file.
    ///   - adapters: The adapters to choose from; by default all of this build.
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` with everything that is wrong with the settings.
    public init(
        _ id: String,
        adapter: String,
        baseURL: String,
        regions: [String] = [],
        settings: JSONValue,
        adapters: AdapterRegistry? = nil
    ) throws(GerbangError) {
        let adapters = if let adapters { adapters } else { try AllAdapters.registry() }
        guard let definition = adapters[try AdapterID(adapter)] else {
            let known = adapters.descriptors.map(\.id.text).joined(separator: ", ")
            throw GerbangError(.invalidConfiguration, "there is no such adapter; known are: \(known)")
        }
        var reader = SettingsReader(settings)
        let made = definition.make(&reader)
        try reader.finish(describing: "the settings of connection \(id)")
        guard let made else {
            throw GerbangError(.invalidConfiguration, "the adapter refuses the settings of connection \(id)")
        }
        var places: [Region] = []
        for code in regions { places.append(try Region(code)) }
        self.init(
            id: try ConnectionID(id),
            adapter: made,
            baseURL: try BaseURL(baseURL),
            regions: places.isEmpty ? [.nation] : places
        )
    }
}
