internal import Crypto
internal import GerbangCore
internal import GerbangJSON

/// Names what was tested, so that a report cannot be taken for one about something else.
enum ContentHash {
    /// The SHA-256 of bytes in hexadecimal digits.
    static func hash(of bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// The SHA-256 of everything that a description says.
    static func hash(of descriptor: AdapterDescriptor) -> String {
        let operations = descriptor.operations.map { operation -> JSONValue in
            var item: JSONObject = ["id": .string(operation.id.text), "effect": .string(operation.effect.name)]
            item["service"] = operation.service.map { .string($0.text) }
            if case .idempotent(let key) = operation.effect { item["key"] = .string(key) }
            item["inquiry"] = operation.inquiry.map { .string($0.operation.text) }
            item["conclusiveAfter"] = operation.inquiry.map { .string(DurationText.readable($0.conclusiveAfter)) }
            item["timeouts"] = .array(
                [operation.timeouts.connect, operation.timeouts.firstByte, operation.timeouts.total]
                    .map { .string(DurationText.readable($0)) }
            )
            item["maximumAttempts"] = .number(JSONNumber(operation.maximumAttempts))
            return .object(item)
        }
        let description: JSONValue = [
            "id": .string(descriptor.id.text), "version": .string(descriptor.version),
            "agency": descriptor.agency.json, "operations": .array(operations),
        ]
        return hash(of: description.encoded())
    }
}
