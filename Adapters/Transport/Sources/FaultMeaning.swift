internal import GerbangCore
internal import GerbangXML

/// What a SOAP fault says about the message, read from its code alone: the texts are for people and change.
package enum FaultMeaning: Sendable, Hashable {
    /// We may not do this, or are not who we claim to be. The service was not reached.
    case refused
    /// Our settings name something that does not exist. The service was not reached.
    case misconfigured
    /// The message itself was refused. The service was not reached, or did not begin.
    case malformed
    /// Somebody on the way cannot work now. The service was not reached.
    case unavailable
    /// The service may have acted, or it cannot be told.
    case open

    /// Reads a fault's code.
    init(_ fault: SOAPFault) {
        self.init(codePath: fault.codePath)
    }

    /// Reads a code that was split at its dots, in the spelling of either generation of X-Road.
    ///
    /// Only the first word behind the place decides: `Server.ServerProxy.ServiceFailed.InvalidSoap` is about the
    /// service's answer, not about our message.
    package init(codePath: [String]) {
        var words = codePath.map { Self.normalized($0) }[...]
        let first = words.popFirst()
        if first == "server", words.first == "clientproxy" || words.first == "serverproxy" {
            let place = words.removeFirst()
            let reason = words.first ?? ""
            // The service's own security server checks all this before it passes the message on; the client's checks
            // the answer by the same words, but of these it can only say that they are about the request.
            if place == "clientproxy", Self.saidOfAnswersToo.contains(reason) {
                self = .open
            } else {
                self = Self.reasons[reason] ?? .open
            }
            return
        }
        switch first {
        case "client", "sender":
            self = words.contains { Self.credentials.contains($0) } ? .refused : Self.reasons[words.first ?? ""] ?? .malformed
        case "versionmismatch", "mustunderstand", "dataencodingunknown": self = .malformed
        default: self = words.contains { Self.credentials.contains($0) } ? .refused : .open
        }
    }

    /// The verdict on a fault with this meaning.
    func verdict(code: String?, for call: AdapterCall) -> Verdict {
        switch self {
        case .refused:
            let message = "the agency or its security server refuses us"
            return .unauthorized(GerbangError(.agencyUnauthorized, message, agencyCode: code))
        case .misconfigured:
            let message = "the security server does not know the member or service; check 'client' and 'provider'"
            return .unauthorized(GerbangError(.invalidConfiguration, message, agencyCode: code))
        case .malformed:
            return .invalid(GerbangError(.agencyInvalidInput, "the agency refused the message", agencyCode: code))
        case .unavailable:
            let message = "the service could not be reached behind its security server"
            return .transient(GerbangError(.agencyUnavailable, message, agencyCode: code))
        case .open:
            guard !call.operation.effect.isRepeatable else {
                return .transient(GerbangError(.agencyUnavailable, "the agency reports a fault", agencyCode: code))
            }
            let message = "the agency reports a fault and may have acted before"
            return .inDoubt(GerbangError(.outcomeUnknown, message, agencyCode: code))
        }
    }

    /// Lower case without underscores, so that `AccessDenied` and `access_denied` are one word; renamed words get
    /// their newer name.
    private static func normalized(_ word: String) -> String {
        let plain = word.lowercased().filter { $0 != "_" }
        return plain == "outdatedglobalconf" ? "globalconfoutdated" : plain
    }

    /// Reasons that are decided before the service is called. Whatever is not here leaves the outcome open.
    private static let reasons: [String: FaultMeaning] = {
        let table: [(FaultMeaning, [String])] = [
            (.refused, ["accessdenied", "sslauthenticationfailed"]),
            (
                .misconfigured,
                [
                    "unknownmember", "unknownservice", "servicenotfound", "clientnotfound", "invalidclientidentifier",
                    "invalidsecurityserver", "servicetype", "servicemissingurl", "servicemalformedurl",
                    "clientproxyversionnotsupported",
                ]
            ),
            (
                .malformed,
                [
                    "badrequest", "invalidrequest", "invalidmessage", "invalidsoap", "malformedsoap", "missingsoap",
                    "invalidxml", "invalidbody", "missingbody", "missingheader", "missingheaderfield",
                    "duplicateheaderfield", "inconsistentheaders", "invalidcontenttype", "invalidsoapaction",
                    "invalidhttpmethod", "invalidprotocolversion", "mimeparsingfailed",
                ]
            ),
            (
                .unavailable,
                [
                    "servicedisabled", "maintenancemode", "globalconfoutdated", "cannotcreatesignature", "unknownhost",
                    "keynotavailable", "tokennotactive", "tokennotavailable", "missingsignature",
                    "signatureverification", "invalidsignaturevalue", "certvalidation",
                ]
            ),
        ]
        return Dictionary(uniqueKeysWithValues: table.flatMap { meaning, words in words.map { ($0, meaning) } })
    }()

    /// Words that our own security server also uses for what the service's side answered.
    private static let saidOfAnswersToo: Set<String> = [
        "invalidsoap", "malformedsoap", "missingsoap", "invalidxml", "invalidbody", "missingbody", "missingheader",
        "missingheaderfield", "duplicateheaderfield", "inconsistentheaders", "invalidcontenttype", "mimeparsingfailed",
        "invalidmessage", "missingsignature", "signatureverification", "invalidsignaturevalue", "certvalidation",
        "globalconfoutdated",
    ]

    /// Subcodes of plain SOAP services: SOAP 1.1's own example, and WS-Security's.
    private static let credentials: Set<String> = [
        "authentication", "authenticationfailed", "failedauthentication", "invalidsecurity", "invalidsecuritytoken",
        "failedcheck",
    ]
}
