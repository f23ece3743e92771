internal import GerbangCore
internal import GerbangJSON
internal import GerbangSOAP

/// An operation of a description with everything that a manifest says of it.
struct DescribedOperation {
    /// An example: what is sent or answered, as JSON by the contract.
    struct Example {
        let body: JSONValue
        let header: JSONValue
    }

    /// An answer that is a declared fault.
    struct Fault {
        let name: String
        let detail: JSONValue
        /// The name under which the answer is understood: faults with one element cannot be told apart.
        let understood: String?
    }

    let operation: SOAPOperation
    let name: String
    /// Which of the port's operations of its name.
    let overload: Int
    let service: String
    let isQuery: Bool
    let input: Example?
    let output: Example?
    let faults: [Fault]
    private let inputSchema: JSONValue
    private let outputSchema: JSONValue

    init(
        _ operation: SOAPOperation,
        name: String,
        overload: Int,
        service: String,
        isQuery: Bool,
        _ remarks: inout [String]
    ) {
        self.operation = operation
        self.name = name
        self.overload = overload
        self.service = service
        self.isQuery = isQuery
        inputSchema = operation.inputSchema
        outputSchema = operation.isOneWay ? ["type": "object"] : operation.outputSchema
        input = Self.example(.input, of: operation, &remarks)
        output =
            operation.isOneWay ? Example(body: [:], header: [:]) : Self.example(.output, of: operation, &remarks)
        faults = operation.faults.compactMap { fault in
            guard let detail = try? operation.sample(.fault(fault.name)),
                let bytes = try? operation.encodeFault(
                    fault.name,
                    detail: detail,
                    blamesSender: true,
                    reason: "Example"
                ),
                case .fault(let answer) = try? operation.decodeResponse(bytes)
            else { return nil }
            return Fault(name: fault.name, detail: detail, understood: answer.name)
        }
    }

    /// A sample that has been to XML and back.
    private static func example(
        _ kind: SOAPOperation.MessageKind,
        of operation: SOAPOperation,
        _ remarks: inout [String]
    ) -> Example? {
        do throws(SOAPError) {
            let body = try operation.sample(kind)
            let header = try operation.sampleHeaders(kind)
            let bytes = try operation.envelope(kind, body, headers: header)
            guard kind != .input else {
                let content = try operation.decodeRequest(bytes)
                return Example(body: content.body, header: content.headers)
            }
            guard case .output(let body, let header) = try operation.decodeResponse(bytes) else { return nil }
            return Example(body: body, header: header)
        } catch {
            remarks.append("\(operation.name) has no example of its \(kind): \(error.place): \(error.message)")
            return nil
        }
    }

    /// What people read about the operation.
    var summary: String? {
        guard let text = operation.documentation else { return nil }
        let words = text.split { $0.isWhitespace }.joined(separator: " ")
        return words.isEmpty ? nil : String(words.prefix(400))
    }

    // MARK: The service

    /// The service's file in the adapter's folder.
    var servicePath: String { "services/\(service).json" }

    /// The service in the form of the catalogue.
    var serviceText: String {
        let place = operation.service.isEmpty ? operation.port : operation.service
        let description: JSONObject = [
            "id": .string(service),
            "title": ["id": .string(operation.name), "en": .string(operation.name)],
            "summary": [
                "id": .string(summary ?? "Memanggil \(operation.name) pada layanan \(place)."),
                "en": .string(summary ?? "Calls \(operation.name) of the service \(place)."),
            ],
            "requirements": [],
            "standardTime": "1m",
            "legalBasis": "to be named by the agency",
            "input": inputSchema,
            "output": outputSchema,
        ]
        return JSONValue.object(description).text(.pretty) + "\n"
    }
}
