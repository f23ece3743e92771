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
        let words = codePath.map { Self.normalized($0) }
        let (place, reason) = (words.first ?? "", words.dropFirst().first ?? "")
        switch (place, reason) {
        case ("server", "clientproxy"):
            // Our own security server checks request and answer by the same words; these may be about the answer.
            let cause = words.dropFirst(2).first ?? ""
            self = Self.saidOfAnswersToo.contains(cause) ? .open : Self.reasons[cause] ?? .open
        case ("server", "serverproxy"):
            // The service's security server checks all of the table before it passes the message on.
            self = Self.reasons[words.dropFirst(2).first ?? ""] ?? .open
        case _ where words.contains(where: Self.credentials.contains): self = .refused
        case ("client", _), ("sender", _): self = Self.reasons[reason] ?? .malformed
        case ("versionmismatch", _), ("mustunderstand", _), ("dataencodingunknown", _): self = .malformed
        default: self = .open
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

    /// Reasons that are decided before the service is called.
    ///
    /// Whatever is not here leaves the outcome open.
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
