internal import GerbangJSON
internal import GerbangSchemas

extension ServiceCatalogue {
    /// The catalogue that ships with Gerbang, from `Schemas/services/`.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` if a shipped description is broken.
    public static func builtin() throws(GerbangError) -> ServiceCatalogue {
        var services: [Service] = []
        for bytes in GerbangSchemas.services {
            let description: JSONValue
            do throws(JSONError) {
                description = try JSONValue(parsing: bytes)
            } catch {
                throw GerbangError(.invalidConfiguration, "a shipped service description is not JSON: \(error)")
            }
            services.append(try Service(json: description))
        }
        return try ServiceCatalogue(services)
    }
}
