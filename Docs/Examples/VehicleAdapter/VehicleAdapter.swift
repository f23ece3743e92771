public import GerbangCore
internal import GerbangJSON
internal import HTTPTypes

/// An adapter for a vehicle register with a small REST interface: `GET {base}/vehicles/{plate}` with a key in a header.
public enum VehicleAdapter {
    /// What is registered: the description, and how an adapter is made from a connection's settings.
    public static let definition = AdapterDefinition(descriptor: VehicleRegister.descriptor) { reader in
        guard let key = reader.secret("apiKey") else { return nil }
        return VehicleRegister(apiKey: key)
    }
}

struct VehicleRegister: Adapter {
    static let lookup = OperationDescriptor(
        id: OperationID(checked: "lookup"),
        service: ServiceID(checked: "transport.vehicle.lookup"),
        effect: .query,
        timeouts: CallTimeouts(total: .seconds(10)),
        maximumAttempts: 8
    )

    static let descriptor = AdapterDescriptor(
        id: AdapterID(checked: "vehicle-register"),
        version: "1.0.0",
        agency: LocalizedText(id: "Register Kendaraan Contoh", en: "Example Vehicle Register"),
        operations: [lookup]
    )

    let apiKey: Sensitive<String>

    var descriptor: AdapterDescriptor { Self.descriptor }

    func prepare(_ call: AdapterCall) throws(GerbangError) -> WireRequest {
        guard let plate = call.payload["plate"]?.stringValue else {
            throw GerbangError(.invalidInput, "a plate is needed", field: JSONPointer.root.appending("plate"))
        }
        var message = WireRequest(method: .get, path: ["vehicles", plate])
        message.headerFields[.accept] = "application/json"
        if let name = HTTPField.Name("X-API-Key") { message.headerFields[name] = apiKey.revealed }
        return message
    }

    func classify(_ exchange: Exchange, for call: AdapterCall) -> Verdict {
        let response = exchange.response
        guard response.status == 200 else {
            guard response.status == 404 else { return call.unexplained(response) }
            return .rejected(GerbangError(.agencyNotFound, "the register has no such plate"))
        }
        guard let body = try? JSONValue(parsing: response.body), let plate = body["registrationNumber"],
            let make = body["make"], let model = body["model"], let year = body["yearOfManufacture"]
        else { return call.unreadable("the answer is not a vehicle") }
        return .succeeded(output: ["plate": plate, "make": make, "model": model, "year": year])
    }
}
