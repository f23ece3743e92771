internal import GerbangCore
internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangXML
internal import HTTPTypes

/// Examples whose messages are written as JSON by a contract.
enum ContractFixture {
    /// Reads an answer: `contract: {body, header}`, or `fault: {name, detail, reason}`.
    static func answer(_ reader: inout SettingsReader, _ contract: Contract?) -> WireResponse? {
        guard let operation = contract?.operation else {
            reader.report("is for operations with 'wsdl'", at: reader.has("fault") ? "fault" : "contract")
            return nil
        }
        let isFault = reader.has("fault")
        let status = reader.int("status", in: 100...599, default: isFault ? 500 : 200)
        let body: [UInt8]?
        if isFault {
            body = reader.object("fault") { fault(&$0, operation) }
        } else {
            body = reader.object("contract") { output(&$0, operation) }
        }
        guard let body, let fields = try? operation.httpFields() else { return nil }
        var headerFields = HTTPFields()
        if let type = fields.first?.value { headerFields[.contentType] = type }
        return WireResponse(status: status, headerFields: headerFields, body: body)
    }

    private static func output(_ reader: inout SettingsReader, _ operation: SOAPOperation) -> [UInt8]? {
        let body = reader.optionalJSON("body") ?? [:]
        let header = reader.optionalJSON("header") ?? [:]
        guard !operation.isOneWay else { return [] }
        do throws(SOAPError) {
            return try operation.encodeResponse(body, headers: header)
        } catch {
            reader.report("does not fit the contract: \(error.place): \(error.message)")
            return nil
        }
    }

    private static func fault(_ reader: inout SettingsReader, _ operation: SOAPOperation) -> [UInt8]? {
        let name = reader.optionalString("name")
        let detail = reader.optionalJSON("detail")
        let blamesSender = reader.bool("blamesSender", default: true)
        let reason = reader.optionalString("reason") ?? "Example"
        guard let name else { return plainFault(operation, blamesSender: blamesSender, reason: reason) }
        do throws(SOAPError) {
            return try operation.encodeFault(name, detail: detail ?? [:], blamesSender: blamesSender, reason: reason)
        } catch {
            reader.report("does not fit the contract: \(error.place): \(error.message)")
            return nil
        }
    }

    private static func plainFault(_ operation: SOAPOperation, blamesSender: Bool, reason: String) -> [UInt8]? {
        let words = operation.version == .v11 ? ["Client", "Server"] : ["Sender", "Receiver"]
        let fault = SOAPFault(
            version: operation.version,
            code: "soap:\(words[blamesSender ? 0 : 1])",
            reasons: [SOAPFault.Reason(reason, language: "en")]
        )
        return try? SOAPEnvelope.write(fault)
    }

    /// What a message has beside what was expected of it, both by the contract.
    static func differences(
        between expected: JSONValue,
        and message: WireRequest,
        by contract: Contract?
    ) -> [String] {
        guard let operation = contract?.operation else { return ["the operation has no 'wsdl'"] }
        do throws(SOAPError) {
            let content = try operation.decodeRequest(
                message.body,
                contentType: message.headerFields[.contentType] ?? ""
            )
            var found = JSONObject()
            for (name, value) in [("body", content.body), ("header", content.headers)] where expected[name] != nil {
                found[name] = value
            }
            return JSONDifference.between(expected, .object(found), at: .root).map { "sends \($0)" }
        } catch {
            return ["sends what the contract cannot read: \(error.place): \(error.message)"]
        }
    }
}
