internal import GerbangCore
internal import GerbangJSON

/// What a request says, still without any spelling.
struct MessageContent: Sendable {
    /// The service that is asked.
    let operation: TransportOperation
    /// The content in the order in which it is written.
    let fields: [(field: TransportBinding.Field, text: String)]

    /// Takes the content from a call.
    ///
    /// - Throws: ``GerbangError/Code/invalidInput`` naming the part of the input that cannot be sent.
    init(_ operation: TransportOperation, of call: AdapterCall) throws(GerbangError) {
        self.operation = operation
        switch operation {
        case .getVehicle:
            fields = [(.plate, try Self.text("plate", in: call.payload))]
        case .bookInspection:
            fields = [
                (.clientReference, call.key),
                (.plate, try Self.text("plate", in: call.payload)),
                (.station, try Self.text("station", in: call.payload)),
                (.date, try Self.date("date", in: call.payload)),
            ]
        case .findBooking:
            fields = [(.clientReference, call.key)]
        }
    }

    private static func text(_ key: String, in payload: JSONValue) throws(GerbangError) -> String {
        guard let text = payload[key]?.stringValue, (1...32).contains(text.unicodeScalars.count) else {
            throw refuse(key, "must be a text of 1 to 32 characters")
        }
        // XML can neither express most control characters nor keep the others as they are.
        guard text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw refuse(key, "must not have control characters")
        }
        return text
    }

    private static func date(_ key: String, in payload: JSONValue) throws(GerbangError) -> String {
        guard let date = payload[key]?.stringValue.flatMap({ CivilDate($0) }) else {
            throw refuse(key, "must be a day of the calendar, written as yyyy-MM-dd")
        }
        return date.description
    }

    private static func refuse(_ key: String, _ message: String) -> GerbangError {
        GerbangError(.invalidInput, message, field: JSONPointer.root.appending(key))
    }
}
