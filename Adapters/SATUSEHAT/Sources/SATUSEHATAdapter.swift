public import GerbangCore

/// The adapter for SATUSEHAT, the health data exchange of the Ministry of Health (Kemenkes): FHIR R4 over HTTPS.
public enum SATUSEHATAdapter {
    /// What the adapter is and how it is made from a connection's settings.
    public static let definition = AdapterDefinition(
        descriptor: descriptor(conclusiveAfter: SATUSEHATSettings.defaultConclusiveAfter)
    ) { reader in
        SATUSEHATSettings(from: &reader).map(HealthExchange.init)
    }

    package static let findPatient = OperationID(checked: "find-patient")
    package static let registerEncounter = OperationID(checked: "register-encounter")
    package static let findEncounter = OperationID(checked: "find-encounter")

    private static let timeouts = CallTimeouts(connect: .seconds(5), firstByte: .seconds(30), total: .seconds(40))

    static func descriptor(conclusiveAfter: Duration) -> AdapterDescriptor {
        AdapterDescriptor(
            id: AdapterID(checked: "satusehat"),
            version: "1.0.0",
            agency: LocalizedText(
                id: "SATUSEHAT, Kementerian Kesehatan",
                en: "SATUSEHAT, Ministry of Health"
            ),
            operations: [
                OperationDescriptor(
                    id: findPatient,
                    service: ServiceID(checked: "health.patient.find"),
                    effect: .query,
                    timeouts: timeouts
                ),
                OperationDescriptor(
                    id: registerEncounter,
                    service: ServiceID(checked: "health.encounter.register"),
                    // A repetition is recognised, but answered with an error that does not name the encounter. Only a
                    // search ends that in success, and only what is not idempotent is settled by an inquiry.
                    effect: .nonIdempotent,
                    inquiry: Inquiry(operation: findEncounter, conclusiveAfter: conclusiveAfter),
                    timeouts: timeouts
                ),
                OperationDescriptor(id: findEncounter, effect: .query, timeouts: timeouts),
            ]
        )
    }
}
