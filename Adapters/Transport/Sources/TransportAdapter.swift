public import GerbangCore

/// The adapter for a transport agency's SOAP services, behind an X-Road security server or plain.
public enum TransportAdapter {
    /// What a registry needs to make the adapter from the settings of a connection.
    public static let definition = AdapterDefinition(
        descriptor: descriptor(conclusiveAfter: TransportSettings.defaultConclusiveAfter),
        make: { reader in
            TransportSettings(reading: &reader).map { TransportSOAPAdapter(settings: $0) }
        }
    )

    static func descriptor(conclusiveAfter: Duration) -> AdapterDescriptor {
        let inquiry = Inquiry(operation: TransportOperation.findBooking.id, conclusiveAfter: conclusiveAfter)
        return AdapterDescriptor(
            id: AdapterID(checked: "transport"),
            version: "1.0.0",
            agency: LocalizedText(id: "Dinas Perhubungan", en: "Transport agency"),
            operations: [
                OperationDescriptor(
                    id: TransportOperation.getVehicle.id,
                    service: ServiceID(checked: "transport.vehicle.lookup"),
                    effect: .query
                ),
                OperationDescriptor(
                    id: TransportOperation.bookInspection.id,
                    service: ServiceID(checked: "transport.inspection.book"),
                    effect: .nonIdempotent,
                    inquiry: inquiry
                ),
                OperationDescriptor(id: TransportOperation.findBooking.id, effect: .query),
            ]
        )
    }
}

/// The operations of the adapter.
package enum TransportOperation: String, Sendable, Hashable, CaseIterable {
    /// Looks a vehicle up by its plate.
    case getVehicle = "get-vehicle"
    /// Books an inspection; a second call books a second time.
    case bookInspection = "book-inspection"
    /// Finds bookings by the reference that the booking was sent with.
    case findBooking = "find-booking"

    /// The operation's name.
    package var id: OperationID { OperationID(checked: rawValue) }

    /// The operation called `id`.
    package init?(_ id: OperationID) {
        self.init(rawValue: id.text)
    }
}
