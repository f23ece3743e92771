extension GerbangSchemas {
    /// The files of `wsdl/` by name: interface descriptions and the XML Schemas that they import, relative to each other.
    package static var wsdl: [String: [UInt8]] {
        [
            "transport.wsdl": PackageResources.transport_wsdl,
            "transport-plain.wsdl": PackageResources.transport_plain_wsdl,
            "transport.xsd": PackageResources.transport_xsd,
            "xroad.xsd": PackageResources.xroad_xsd,
            "xroad-identifiers.xsd": PackageResources.xroad_identifiers_xsd,
        ]
    }
}
