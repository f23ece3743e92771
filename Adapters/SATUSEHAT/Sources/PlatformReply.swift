internal import GerbangJSON

/// What stands in the body of an answer, before it is judged.
enum PlatformReply {
    /// A FHIR resource other than an OperationOutcome.
    case resource(JSONObject)
    /// What the platform says about an operation instead of, or beside, a resource.
    case outcome(OperationOutcome)
    /// What the API gateway in front of the platform says.
    case fault(GatewayFault)
    /// None of these; the platform has endpoints that answer with JSON of their own, and plain text with a 5xx.
    case unreadable(String)

    init(_ body: [UInt8]) {
        guard !body.isEmpty else {
            self = .unreadable("the body is empty")
            return
        }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: body)
        } catch {
            let isMarkup = body.first { $0 > 0x20 } == UInt8(ascii: "<")
            self = .unreadable(isMarkup ? "markup instead of JSON" : "not JSON (\(error.code) at byte \(error.offset))")
            return
        }
        if let fault = value["fault"]?.objectValue {
            self = .fault(GatewayFault(fault))
            return
        }
        switch (value["resourceType"]?.stringValue, value.objectValue) {
        case ("OperationOutcome", let object?): self = .outcome(OperationOutcome(object))
        case (nil, let object?) where object["issue"]?.arrayValue != nil: self = .outcome(OperationOutcome(object))
        case (_?, let object?): self = .resource(object)
        default: self = .unreadable("JSON that is not a FHIR resource")
        }
    }
}

/// What the API gateway (Apigee) answers instead of the platform: `{"fault":{"faultstring":…,"detail":{"errorcode":…}}}`.
struct GatewayFault {
    /// What a fault means for a call.
    enum Meaning {
        /// The token or our address is refused.
        case credentials
        /// The calls are too many.
        case tooMany
        /// Anything else; the HTTP status says more.
        case other
    }

    /// The gateway's code, if it is one.
    let code: String?

    init(_ fault: JSONObject) {
        code = FHIRText.safeCode(fault["detail"]?["errorcode"])
    }

    /// Codes are dotted: the families in front tell what went wrong.
    var meaning: Meaning {
        guard let code = code?.lowercased() else { return .other }
        let credentials = ["oauth.", "steps.oauth.", "keymanagement.", "accesscontrol."]
        if credentials.contains(where: { code.hasPrefix($0) }) { return .credentials }
        return code.hasPrefix("policies.ratelimit.") ? .tooMany : .other
    }
}

/// The result of a search: a Bundle.
struct SearchResult {
    /// How many matches there are, where the Bundle says so.
    let total: Int?
    /// The resources in it; an entry without one is `nil`.
    let resources: [JSONObject?]

    /// `nil` when the resource is not a Bundle of a search.
    init?(_ resource: JSONObject) {
        guard resource["resourceType"] == "Bundle" else { return nil }
        if let type = FHIRText.text(resource["type"]), type != "searchset" { return nil }
        total = FHIRText.count(resource["total"])
        switch resource["entry"] {
        case nil, .null?: resources = []
        case .array(let entries)?: resources = entries.map { $0["resource"]?.objectValue }
        default: return nil
        }
    }

    /// Whether the Bundle states that nothing matches.
    var isEmpty: Bool { total == 0 && resources.isEmpty }

    /// The resources of a type.
    func resources(of type: String) -> [JSONObject] {
        resources.compactMap { $0 }.filter { $0["resourceType"]?.stringValue == type }
    }
}

extension JSONObject {
    /// The values of a resource's identifiers under `system`.
    func identifiers(of system: String) -> [String] {
        (self["identifier"]?.arrayValue ?? []).filter { FHIRText.text($0["system"]) == system }
            .compactMap { FHIRText.text($0["value"]) }
    }
}
