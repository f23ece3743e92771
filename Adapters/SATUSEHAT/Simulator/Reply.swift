internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes

/// The outer form of the platform's answers.
enum Reply {
    static func json(_ value: JSONValue, status: Int = 200, location: String? = nil) -> ServedReply {
        var fields: HTTPFields = [.contentType: "application/json"]
        fields[.location] = location
        return .respond(status: status, headerFields: fields, body: value.encoded())
    }

    /// An OperationOutcome with one issue.
    static func outcome(
        _ code: String,
        _ text: String,
        at expression: String? = nil,
        status: Int = 400,
        severity: String = "error"
    ) -> ServedReply {
        var issue: JSONObject = [
            "severity": .string(severity), "code": .string(code), "details": ["text": .string(text)],
        ]
        issue["expression"] = expression.map { [.string($0)] }
        return json(["resourceType": "OperationOutcome", "issue": [.object(issue)]], status: status)
    }

    /// An answer of the gateway in front of the platform.
    static func fault(_ code: String, _ text: String, status: Int) -> ServedReply {
        json(["fault": ["faultstring": .string(text), "detail": ["errorcode": .string(code)]]], status: status)
    }

    /// The result of a search; `server` is where the interface stands.
    static func searchResult(_ resources: [JSONObject], to request: ServedRequest, server: String) -> ServedReply {
        var bundle: JSONObject = [
            "resourceType": "Bundle", "type": "searchset", "total": .number(JSONNumber(resources.count)),
            "link": [["relation": "self", "url": .string("\(server)\(request.target)")]],
        ]
        let entries = resources.map { resource -> JSONValue in
            let type = resource["resourceType"]?.stringValue ?? ""
            let id = resource["id"]?.stringValue ?? ""
            return [
                "fullUrl": .string("\(server)/fhir-r4/v1/\(type)/\(id)"), "resource": .object(resource),
                "search": ["mode": "match"],
            ]
        }
        if !entries.isEmpty { bundle["entry"] = .array(entries) }
        return json(.object(bundle))
    }

    static let html = ServedReply.text(
        "<!doctype html><html><head><title>Pemeliharaan</title></head><body><h1>Sedang dalam perbaikan</h1></body></html>",
        contentType: "text/html;charset=utf-8"
    )

    static let garbage = ServedReply.respond(
        headerFields: [.contentType: "application/json"],
        body: [0x00, 0xff, 0x7b, 0x22, 0xc3, 0x28, 0x5d, 0x80]
    )
}
