internal import GerbangCore
internal import GerbangJSON
internal import GerbangSOAP

/// The text of a manifest that speaks by a description.
struct ManifestText {
    let file: String
    let id: AdapterID
    let agency: LocalizedText
    let operations: [DescribedOperation]

    private var hasHeader: Bool { operations.contains { $0.operation.input?.headers.isEmpty == false } }

    var text: String {
        var lines: [String] = []
        lines += head
        lines += settings
        lines += rules
        lines += ["", "operations:"]
        for operation in operations { lines += Self.indented(self.lines(of: operation)) }
        lines += [
            "", "# Examples made from the schemas: what is asked, what is sent, what is answered, what comes of it.",
        ]
        let fixtures = operations.flatMap { self.fixtures(of: $0) }
        lines += fixtures.isEmpty ? [] : ["fixtures:"] + Self.indented(fixtures)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func indented(_ lines: [String], _ count: Int = 2) -> [String] {
        lines.map { $0.isEmpty ? $0 : String(repeating: " ", count: count) + $0 }
    }

    // MARK: Head

    private var head: [String] {
        [
            "# Written by 'gerbang adapter from-wsdl'. It works as it is; Docs/Manifest.md says what can be changed.",
            "manifest: 1",
            "id: \(id)",
            "version: 0.1.0",
            "agency: {id: \(BlockYAML.text(agency.indonesian)), en: \(BlockYAML.text(agency.english))}",
            "support: experimental",
            "",
            "# The description, beside this file. Messages are written, validated and read by it.",
            "wsdl: {file: \(BlockYAML.text(file))}",
            "",
            "# What can be asked for, in the form of the service catalogue. Give the services names, texts and a legal basis.",
            "services:",
        ] + operations.map { "  - \(BlockYAML.text($0.servicePath))" }
    }

    private var settings: [String] {
        guard hasHeader else { return [] }
        return [
            "",
            "settings:",
            "  properties:",
            "    header:",
            "      type: object",
            "      description: The header blocks that every message carries, by their names, as JSON.",
        ]
    }

    private var rules: [String] {
        [
            "",
            "# The same for all operations, tried in this order. Decide for each declared fault what it means; an agency that",
            "# answers its failures as output needs a rule before the last one.",
            "response:",
            "  verdict:",
            "    - when: has(body.fault) && has(body.fault.name)",
            "      rejected:",
            "        message: the agency refused with a fault that its contract declares",
            "        agencyCode: ${body.fault.name}",
            "    - when: has(body.fault) && body.fault.blamesSender",
            "      invalid: {message: the agency finds the message wrong, agencyCode: \"${body.fault.code}\"}",
            "    - when: has(body.fault) && repeatable",
            "      transient: {message: the agency reports a fault, agencyCode: \"${body.fault.code}\"}",
            "    - when: has(body.fault)",
            "      inDoubt: {message: the agency reports a fault and may have acted before, agencyCode: \"${body.fault.code}\"}",
            "    - when: status < 200 || status > 299",
            "      unreadable: a message that is no fault came with a status that tells of trouble",
            "    - succeeded: {output: \"${body.output}\"}",
        ]
    }

    // MARK: Operations

    private func lines(of described: DescribedOperation) -> [String] {
        let operation = described.operation
        var lines = ["\(BlockYAML.key(described.name)):"]
        if let summary = described.summary { lines += Self.comment(summary) }
        if !described.isQuery {
            lines += Self.comment(
                "Not to be repeated: when a call's fate is unknown, an operator has to settle it. Declare an operation that asks"
                    + " the agency about it ('inquiry: {operation: …}'), or 'effect: query' if it changes nothing there."
            )
        }
        lines.append("  provides: \(BlockYAML.text(described.service))")
        lines.append("  effect: \(described.isQuery ? "query" : "nonIdempotent")")
        var place: JSONObject = [:]
        if !operation.service.isEmpty { place["service"] = .string(operation.service) }
        place["port"] = .string(operation.port)
        place["operation"] = .string(operation.name)
        if described.overload > 1 { place["overload"] = .number(JSONNumber(described.overload)) }
        lines += BlockYAML.entry("wsdl:", .object(place)).map { "  \($0)" }
        let headers = operation.input?.headers ?? []
        lines += ["  request:", "    body:", "      contract:"]
        if !headers.isEmpty {
            lines.append("        header:")
            for header in headers {
                let expression = "${config.header[?\(BlockYAML.text(header.key))]}"
                lines.append("          \(BlockYAML.key(header.key)): \(BlockYAML.text(expression))")
            }
        }
        lines.append("        body: ${input}")
        return lines
    }

    private static func comment(_ text: String) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            if lines[lines.count - 1].count + word.count > 100 { lines.append("") }
            lines[lines.count - 1] += lines[lines.count - 1].isEmpty ? "\(word)" : " \(word)"
        }
        return lines.map { "  # \($0)" }
    }

    // MARK: Fixtures

    private func fixtures(of described: DescribedOperation) -> [String] {
        guard let input = described.input else { return [] }
        var lines: [String] = []
        if let output = described.output {
            var answer: JSONObject = [:]
            if described.operation.isOneWay { answer["status"] = 202 }
            var content: JSONObject = ["body": output.body]
            if output.header.objectValue?.isEmpty == false { content["header"] = output.header }
            answer["contract"] = .object(content)
            lines += BlockYAML.lines([
                .object(
                    fixture("\(described.operation.name) is answered", described, input, .object(answer)).merging([
                        "verdict": "succeeded", "output": output.body,
                    ])
                )
            ])
        }
        for fault in described.faults {
            let answer: JSONValue = ["fault": ["name": .string(fault.name), "detail": fault.detail]]
            var fixture = fixture("the fault \(fault.name)", described, input, answer)
            fixture["verdict"] = .string(fault.understood == nil ? "invalid" : "rejected")
            if let name = fault.understood, AgencyCode.keepable(name) != nil { fixture["agencyCode"] = .string(name) }
            lines += BlockYAML.lines([.object(fixture)])
        }
        return lines
    }

    private func fixture(
        _ name: String,
        _ described: DescribedOperation,
        _ input: DescribedOperation.Example,
        _ answer: JSONValue
    ) -> JSONObject {
        var fixture: JSONObject = ["name": .string(name), "operation": .string(described.name)]
        var sent: JSONObject = ["body": input.body]
        if input.header.objectValue?.isEmpty == false {
            fixture["settings"] = ["header": input.header]
            sent["header"] = input.header
        }
        fixture["input"] = input.body
        fixture["sends"] = ["contract": .object(sent)]
        fixture["answer"] = answer
        return fixture
    }
}

extension JSONObject {
    /// The same with more members.
    fileprivate func merging(_ more: JSONObject) -> JSONObject {
        var object = self
        for (name, value) in more { object[name] = value }
        return object
    }
}
