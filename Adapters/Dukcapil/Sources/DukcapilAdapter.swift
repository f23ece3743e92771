public import GerbangCore

/// The adapter for Dukcapil, the civil registry of the Ministry of Home Affairs (Kemendagri).
public enum DukcapilAdapter {
    /// What the adapter is and how it is made from a connection's settings.
    public static let definition = AdapterDefinition(descriptor: descriptor) { reader in
        DukcapilSettings(from: &reader).map(CivilRegistry.init)
    }

    package static let verifyByElement = OperationID(checked: "call-verify-by-element")
    package static let callNIK = OperationID(checked: "call-nik")

    /// Clients of the registry give up after 5 to 15 seconds; a slower answer is not worth waiting for.
    private static let timeouts = CallTimeouts(connect: .seconds(5), firstByte: .seconds(15), total: .seconds(20))

    static let descriptor = AdapterDescriptor(
        id: AdapterID(checked: "dukcapil"),
        version: "1.0.0",
        agency: LocalizedText(
            id: "Direktorat Jenderal Kependudukan dan Pencatatan Sipil (Dukcapil)",
            en: "Directorate General of Population and Civil Registration (Dukcapil)"
        ),
        operations: [
            OperationDescriptor(
                id: verifyByElement,
                service: ServiceID(checked: "population.identity.verify"),
                effect: .query,
                timeouts: timeouts
            ),
            OperationDescriptor(
                id: callNIK,
                service: ServiceID(checked: "population.person.lookup"),
                effect: .query,
                timeouts: timeouts
            ),
        ]
    )
}
