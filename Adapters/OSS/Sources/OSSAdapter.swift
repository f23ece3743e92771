public import GerbangCore
internal import GerbangJSON

/// The adapter for OSS-RBA, the licensing system of the Ministry of Investment (BKPM).
public enum OSSAdapter {
    /// What the adapter is and how it is made from a connection's settings.
    public static let definition = AdapterDefinition(
        descriptor: descriptor(conclusiveAfter: OSSSettings.defaultConclusiveAfter)
    ) { reader in
        OSSSettings(from: &reader).map(LicensingSystem.init)
    }

    static func descriptor(conclusiveAfter: Duration) -> AdapterDescriptor {
        let inquiry = Inquiry(operation: OSSOperation.checkLicenseStatus.id, conclusiveAfter: conclusiveAfter)
        return AdapterDescriptor(
            id: AdapterID(checked: "oss"),
            version: "1.0.0",
            agency: LocalizedText(
                id: "Sistem OSS Berbasis Risiko (Kementerian Investasi/BKPM)",
                en: "OSS-RBA business licensing (Ministry of Investment/BKPM)"
            ),
            operations: [
                OperationDescriptor(
                    id: OSSOperation.inqueryNIB.id,
                    service: ServiceID(checked: "licensing.business.lookup"),
                    effect: .query,
                    timeouts: timeouts
                ),
                OperationDescriptor(
                    id: OSSOperation.receiveLicenseStatus.id,
                    service: ServiceID(checked: "licensing.permit.report-status"),
                    effect: .nonIdempotent,
                    inquiry: inquiry,
                    timeouts: timeouts,
                    orderingKey: permit
                ),
                OperationDescriptor(
                    id: OSSOperation.receiveLicense.id,
                    service: ServiceID(checked: "licensing.permit.issue"),
                    effect: .nonIdempotent,
                    inquiry: inquiry,
                    timeouts: timeouts,
                    orderingKey: permit
                ),
                OperationDescriptor(
                    id: OSSOperation.checkLicenseStatus.id,
                    service: ServiceID(checked: "licensing.permit.status"),
                    effect: .query,
                    timeouts: timeouts
                ),
            ]
        )
    }

    /// What is said of one permit is said in its order: the later status must not be sent while the earlier is in doubt, which
    /// the present status then could not settle.
    private static let permit = OrderingRule.field(JSONPointer(tokens: ["permitId"]))

    /// The system has a time limit of its own (code 504); it is given the chance to tell, since that beats a doubt.
    private static let timeouts = CallTimeouts(connect: .seconds(5), firstByte: .seconds(60), total: .seconds(75))
}

/// The operations of the adapter.
package enum OSSOperation: String, Sendable, Hashable, CaseIterable {
    /// Looks a business up, with the method `inqueryNIB` or `checkNIB`.
    case inqueryNIB = "inquery-nib"
    /// Reports the status of a permit; every report counts.
    case receiveLicenseStatus = "receive-license-status"
    /// Hands in the permit itself.
    case receiveLicense = "receive-license"
    /// Asks for the present status of a permit.
    case checkLicenseStatus = "check-license-status"

    /// The operation's name.
    package var id: OperationID { OperationID(checked: rawValue) }

    /// The operation called `id`.
    package init?(_ id: OperationID) {
        self.init(rawValue: id.text)
    }
}

/// A method of the interface; the raw value is the last segment of its path.
enum OSSMethod: String {
    case inqueryNIB
    case checkNIB
    case receiveLicenseStatus
    case receiveLicense
    case checkLicenseStatus

    /// The names that the object around an answer may have, in lower case, the most telling first.
    ///
    /// The guide itself spells the answer to `checkLicenseStatus` in three ways, and a client has seen a bare `respon`.
    var wrapperNames: [String] {
        let names =
            switch self {
            case .checkLicenseStatus: ["checklicensestatus", "checkstatuslicense"]
            default: [rawValue.lowercased()]
            }
        return names.flatMap { ["respon\($0)", "response\($0)"] } + ["respon"]
    }
}
