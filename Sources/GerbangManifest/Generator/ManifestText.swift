internal import GerbangCore
internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangYAML

/// The text of a manifest that speaks by a description.
struct ManifestText {
    let file: String
    let id: AdapterID
    let agency: LocalizedText
    let usesMTOM: Bool
    let operations: [DescribedOperation]

    var text: String {
        var manifest: JSONObject = [
            "manifest": 1, "id": .string(id.text), "version": "0.1.0",
            "agency": ["id": .string(agency.indonesian), "en": .string(agency.english)],
            "support": "experimental",
            "wsdl": usesMTOM ? ["file": .string(file), "attachments": "mtom"] : ["file": .string(file)],
            "services": .array(operations.map { .string($0.servicePath) }),
        ]
        if operations.contains(where: { $0.operation.input?.headers.isEmpty == false }) {
            manifest["settings"] = Self.settings
        }
        manifest["response"] = ["verdict": Self.rules]
        manifest["operations"] = .object(
            JSONObject(uniqueKeysWithValues: operations.map { ($0.name, .object(Self.members(of: $0))) })
        )
        let headers = exampleHeaders
        if !headers.isEmpty { manifest["fixtureSettings"] = ["header": .object(headers)] }
        let fixtures = operations.flatMap { self.fixtures(of: $0, headers) }
        if !fixtures.isEmpty { manifest["fixtures"] = .array(fixtures.map { .object($0) }) }
        let deviations = operations.filter(\.operation.isOneWay).map { Self.deviation(of: $0) }
        if !deviations.isEmpty { manifest["deviations"] = .array(deviations) }
        return YAMLText.write(.object(manifest), comments: comments)
    }

    private var comments: [JSONPointer: String] {
        func place(_ tokens: String...) -> JSONPointer { JSONPointer(tokens: tokens) }
        var comments = [
            place("manifest"): """
            Written by 'gerbang adapter from-wsdl'. It works as it is; Docs/Manifest.md says what can be changed.
            """,
            place("wsdl"): "The description, beside this file. Messages are written, validated and read by it.",
            place("services"): """
            What can be asked for, in the form of the service catalogue. Give the services names, texts and a legal basis.
            """,
            place("response"): """
            The same for all operations, tried in this order. Decide for each declared fault what it means; an agency that
            answers its failures as output needs a rule before the last one. An answer that is no SOAP message is judged by
            its status, as for every adapter.
            """,
            place("fixtures"): """
            Examples made from the schemas: what is asked, what is sent, what is answered, what comes of it.
            """,
        ]
        for operation in operations {
            var remark = operation.summary ?? ""
            if !operation.isQuery {
                remark += remark.isEmpty ? "" : "\n"
                remark += """
                    Not to be repeated: when a call's fate is unknown, an operator has to settle it. Declare an operation that
                    asks the agency about it, 'inquiry: {operation: …}', or 'effect: query' if it changes nothing there.
                    """
            }
            if !remark.isEmpty { comments[place("operations", operation.name)] = remark }
        }
        return comments
    }

    private static let settings: JSONValue = [
        "properties": [
            "header": [
                "type": "object",
                "description": "The header blocks that every message carries, by their names, as JSON.",
            ]
        ]
    ]

    private static let rules: JSONValue = [
        [
            "when": "has(body.fault) && has(body.fault.name)",
            "rejected": [
                "message": "the agency refused with a fault that its contract declares",
                "agencyCode": "${body.fault.name}",
            ],
        ],
        // These mean the same for every adapter, also where a fault comes with them.
        ["when": "status == 401 || status == 403 || status == 429", "unexplained": true],
        [
            "when": "has(body.fault) && body.fault.blamesSender",
            "invalid": [
                "message": "the agency finds the message wrong", "agencyCode": "${body.fault.path.join(\".\")}",
            ],
        ],
        [
            "when": "has(body.fault) && repeatable",
            "transient": ["message": "the agency reports a fault", "agencyCode": "${body.fault.path.join(\".\")}"],
        ],
        [
            "when": "has(body.fault)",
            "inDoubt": [
                "message": "the agency reports a fault and may have acted before",
                "agencyCode": "${body.fault.path.join(\".\")}",
            ],
        ],
        [
            "when": "has(body.output) && (status < 200 || status > 299)",
            "unreadable": "a message that is no fault came with a status that tells of trouble",
        ],
        ["succeeded": ["output": "${body.output}"]],
    ]

    // MARK: Operations

    private static func members(of described: DescribedOperation) -> JSONObject {
        let operation = described.operation
        var contract: JSONObject = [:]
        if !operation.service.isEmpty { contract["service"] = .string(operation.service) }
        contract["port"] = .string(operation.port)
        contract["operation"] = .string(operation.name)
        if described.overload > 1 { contract["overload"] = .number(JSONNumber(described.overload)) }
        var message: JSONObject = [:]
        let headers = operation.input?.headers ?? []
        if !headers.isEmpty {
            message["header"] = .object(
                JSONObject(
                    uniqueKeysWithValues: headers.map { header in
                        (header.key, .string("${config.header[?\(JSONValue.string(header.key).text())]}"))
                    }
                )
            )
        }
        message["body"] = "${input}"
        return [
            "provides": .string(described.service),
            "effect": .string(described.isQuery ? "query" : "nonIdempotent"),
            "wsdl": .object(contract),
            "request": ["body": ["contract": .object(message)]],
        ]
    }

    // MARK: Fixtures

    /// The header blocks of all examples, for the settings that the examples share: the suite drives an adapter with these.
    ///
    /// Of blocks with one name that differ, the first counts; the other operation's examples have settings of their own.
    private var exampleHeaders: JSONObject {
        var headers = JSONObject()
        for operation in operations {
            for (name, block) in operation.input?.header.objectValue ?? [:] where headers[name] == nil {
                headers[name] = block
            }
        }
        return headers
    }

    private static func deviation(of described: DescribedOperation) -> JSONValue {
        [
            "check": "fault.empty", "operation": .string(described.name),
            "reason": "The operation is one-way: an answer without a body is all that its contract provides for.",
        ]
    }

    private func fixtures(of described: DescribedOperation, _ headers: JSONObject) -> [JSONObject] {
        guard let input = described.input else { return [] }
        var fixtures: [JSONObject] = []
        if let output = described.output {
            var answer: JSONObject = [:]
            if described.operation.isOneWay { answer["status"] = 202 }
            var content: JSONObject = ["body": output.body]
            if output.header.objectValue?.isEmpty == false { content["header"] = output.header }
            answer["contract"] = .object(content)
            var fixture = fixture("\(described.operation.name) is answered", described, input, .object(answer), headers)
            fixture["verdict"] = "succeeded"
            fixture["output"] = output.body
            fixtures.append(fixture)
        }
        for fault in described.faults {
            let answer: JSONValue = ["fault": ["name": .string(fault.name), "detail": fault.detail]]
            var fixture = fixture("the fault \(fault.name)", described, input, answer, headers)
            fixture["verdict"] = .string(fault.understood == nil ? "invalid" : "rejected")
            if let name = fault.understood, AgencyCode.keepable(name) != nil { fixture["agencyCode"] = .string(name) }
            fixtures.append(fixture)
        }
        return fixtures
    }

    private func fixture(
        _ name: String,
        _ described: DescribedOperation,
        _ input: DescribedOperation.Example,
        _ answer: JSONValue,
        _ headers: JSONObject
    ) -> JSONObject {
        var fixture: JSONObject = ["name": .string(name), "operation": .string(described.name)]
        var sent: JSONObject = ["body": input.body]
        if let own = input.header.objectValue, !own.isEmpty {
            if own.contains(where: { headers[$0.key] != $0.value }) { fixture["settings"] = ["header": input.header] }
            sent["header"] = input.header
        }
        fixture["input"] = input.body
        fixture["sends"] = ["contract": .object(sent)]
        fixture["answer"] = answer
        return fixture
    }
}
